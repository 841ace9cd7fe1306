"""What the lead sees and does: every score of an application, what lies apart, and the ranking of a round."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Audience
from crm.programme.applications.forms.applying import ExtendForm
from crm.programme.applications.models import Application
from crm.programme.applications.queries.applications import application
from crm.programme.applications.rules import labels as application_labels
from crm.programme.applications.workflow import APPLICATIONS, ApplicationStatus
from crm.programme.applications.workflow import Act as ApplicationAct
from crm.programme.assessing.models import Assessment
from crm.programme.assessing.policy import POLICY
from crm.programme.assessing.queries import assessments as queries
from crm.programme.assessing.queries.totals import parts_of, ranking
from crm.programme.assessing.rules import labels
from crm.programme.assessing.service import moderating as service
from crm.programme.assessing.workflow import ASSESSMENTS, Act
from crm.programme.rounds.forms import ReasonForm
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("scores", __name__)
permit = permits(POLICY)
POSSIBLE = {
    ApplicationStatus.SUBMITTED: (Act.MODERATE, Act.REVEAL, Act.RETURN, Act.FINALISE),
    ApplicationStatus.ASSESSED: (Act.ASSESS_AGAIN,),
}
"""What can be done in assessing with an application that stands there."""


@blueprint.get("/applications/<uuid:application_id>/scores")
@permit(Act.VIEW_SCORES, audience=Audience.INTERNAL, load=application)
def scores(found: Application) -> ResponseReturnValue:
    """Every assessment of it, part by part, and how the total is made of them."""
    return _scores_page(found)


def _scores_page(found: Application, *, form: Form | None = None) -> str:
    rows = queries.of_application(found.id)
    shown_: dict[str, Any] = {
        "labels": labels,
        "application_labels": application_labels,
        "rows": rows,
        "reason": form or ReasonForm(),
    }
    shown_ |= {"criteria": _parts(found, rows), "place": _place(found)} | _possible(found, rows)
    return render_template("programme/assessing/scores.html", application=found, form=form, **shown_)


def _parts(found: Application, rows: Any) -> Any:
    return parts_of(found.round, rows, moderations=queries.moderations_of(found.id))


def _place(found: Application) -> Any:
    """Where it stands; None where it is out of the ranking."""
    rows = ranking(found.round, only=found.id)
    return rows[0].place.standing if rows else None


def _possible(found: Application, rows: Any) -> dict[str, Any]:
    """What whoever asks can do with it, and with each assessment."""
    actor = current_actor()
    acts = {act for act in POSSIBLE.get(found.status, ()) if POLICY.allows(actor, act, found)}
    may = {act: act in acts for act in (Act.MODERATE, Act.REVEAL, Act.RETURN)}
    returnable = {each.id for each in rows if Act.RETURN in ASSESSMENTS.possible(each.status)}
    return {"Act": Act, "acts": acts, "may": may, "returnable": returnable if may[Act.RETURN] else set()}


def said(application_id: UUID, words: str) -> str:
    flash(words, "success")
    return url_for("scores.scores", application_id=application_id)


@blueprint.post("/applications/<uuid:application_id>/scores/reveal")
@permit(Act.REVEAL, audience=Audience.INTERNAL, load=application)
def reveal(found: Application) -> ResponseReturnValue:
    """Show the scores to those who handed theirs in."""
    service.reveal(found, by=current_actor())
    return redirect(said(found.id, "Whoever handed in sees the others’ scores now."), code=303)


@blueprint.post("/applications/<uuid:application_id>/scores/finalise")
@permit(Act.FINALISE, audience=Audience.INTERNAL, load=application)
def finalise(found: Application) -> ResponseReturnValue:
    """Close its assessment."""
    service.finalise(found, by=current_actor())
    return redirect(said(found.id, "Its assessment is closed. The total stands."), code=303)


@blueprint.post("/applications/<uuid:application_id>/scores/assess-again")
@permit(Act.ASSESS_AGAIN, audience=Audience.INTERNAL, load=application)
def assess_again(found: Application) -> ResponseReturnValue:
    """Open its assessment again."""
    APPLICATIONS.target(ApplicationAct.RESUME, found.status)
    return _with_reason(found, lambda why: service.assess_again(found, reason=why, by=current_actor()))


def _with_reason(found: Application, act: Callable[[str], None]) -> ResponseReturnValue:
    form = ReasonForm.of_request()
    return answer(
        form,
        lambda: act(form.reason.data or ""),
        then=lambda _: said(found.id, "It is kept."),
        again=lambda again: _scores_page(found, form=again),
    )


@blueprint.route("/assessments/<uuid:assessment_id>/return", methods=["GET", "POST"])
@permit(Act.RETURN, audience=Audience.INTERNAL, load=queries.assessment)
def return_assessment(found: Assessment) -> ResponseReturnValue:
    """Give an assessment back to be gone over."""
    form = ReasonForm.of_request()
    if not form.was_sent:
        return _return_assessment_page(form, found)
    return answer(
        form,
        lambda: service.return_(found, reason=form.reason.data or "", by=current_actor()),
        then=lambda _: said(found.application_id, f"{found.assessor.name} goes over it again."),
        again=lambda again: _return_assessment_page(again, found),
    )


def _return_assessment_page(form: Form, found: Assessment) -> str:
    return render_template("programme/assessing/return_assessment.html", form=form, assessment=found)


@blueprint.route("/assessments/<uuid:assessment_id>/allow-late", methods=["GET", "POST"])
@permit(Act.ALLOW_LATE, audience=Audience.INTERNAL, load=queries.assessment)
def allow_late(found: Assessment) -> ResponseReturnValue:
    """Let somebody hand in after the window."""
    form = ExtendForm.of_request()
    if not form.was_sent:
        return _allow_late_page(form, found)
    return answer(
        form,
        lambda: service.allow_late(found, form.until(), reason=form.reason.data or "", by=current_actor()),
        then=lambda _: said(found.application_id, f"{found.assessor.name} has more time."),
        again=lambda again: _allow_late_page(again, found),
    )


def _allow_late_page(form: Form, found: Assessment) -> str:
    return render_template("programme/assessing/allow_late.html", form=form, assessment=found)
