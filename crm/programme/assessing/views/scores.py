"""What the lead sees and does: every score of an application, what lies apart, and the ranking of a round."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Audience
from crm.programme.applications.forms.applying import ExtendForm
from crm.programme.applications.models import Application
from crm.programme.applications.queries.applications import application
from crm.programme.applications.rules import labels as application_labels
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.assessing.models import Assessment
from crm.programme.assessing.policy import POLICY
from crm.programme.assessing.queries import assessments as queries
from crm.programme.assessing.queries.reading import who_cannot
from crm.programme.assessing.queries.totals import parts_of, ranking
from crm.programme.assessing.queries.versions import past_of
from crm.programme.assessing.queries.waiting import to_score_again
from crm.programme.assessing.rules import labels
from crm.programme.assessing.service import moderating as service
from crm.programme.assessing.workflow import ASSESSMENTS, Act
from crm.programme.rounds.forms.composing import ReasonForm
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits

blueprint = Blueprint("scores", __name__)
permit = permits(POLICY)
POSSIBLE = {
    ApplicationStatus.SUBMITTED: (Act.MODERATE, Act.REVEAL, Act.RETURN, Act.FINALISE, Act.ALLOW_LATE),
    ApplicationStatus.ASSESSED: (Act.ASSESS_AGAIN,),
}
"""What can be done in assessing with an application that stands there."""


@blueprint.get("/applications/<uuid:application_id>/scores")
@permit(Act.VIEW_SCORES, audience=Audience.INTERNAL, load=application)
def scores(found: Application) -> ResponseReturnValue:
    """Every assessment of it, part by part, and how the total is made of them."""
    return _scores_page(found)


def _scores_page(found: Application, *, form: Form | None = None) -> str:
    rows, place = queries.of_application(found.id), _place(found)
    shown_: dict[str, Any] = {"labels": labels, "application_labels": application_labels, "rows": rows}
    shown_["reason"] = form or ReasonForm()
    shown_ |= {"criteria": _parts(found, rows), "place": place} | _possible(found, rows)
    shown_ |= {"past": past_of(found.id), "names": {each.id: each.assessor.name for each in rows}}
    shown_ |= {"again": to_score_again(Assessment.application_id == found.id)}
    shown_["why_not_closed"] = service.why_not_finalised(found, place)
    return render_template("programme/assessing/scores.html", application=found, form=form, **shown_)


def _parts(found: Application, rows: Any) -> Any:
    return parts_of(found.round, rows, moderations=queries.moderations_of(found.id))


def _place(found: Application) -> Any:
    """Where it stands; None where it is out of the ranking."""
    rows = ranking(found.round, only=found.id)
    return rows[0].place.standing if rows else None


def _possible(found: Application, rows: Any) -> dict[str, Any]:
    """What whoever asks can do with it, and with each assessment."""
    acts = open_acts(found, policy=POLICY, also=POSSIBLE.get(found.status, ()))
    can_rank = POLICY.allows(current_actor(), Act.VIEW_RANKING, found)
    may = {act: act in acts for act in (Act.MODERATE, Act.REVEAL, Act.RETURN, Act.ALLOW_LATE)}
    may[Act.REVEAL] = may[Act.REVEAL] and service.why_not_revealed(found) is None
    handed_in = [each for each in rows if Act.RETURN in ASSESSMENTS.possible(each.status)]
    returnable = {each.id for each in handed_in} - set(who_cannot(handed_in, found))
    shown_ = {"Act": Act, "acts": acts, "may": may, "can_rank": can_rank}
    return shown_ | {"returnable": returnable if may[Act.RETURN] else set()}


def to_scores(words: str, application_id: UUID) -> str:
    """The page of the scores, on which to say what was done."""
    return saved(words, "scores.scores", application_id=application_id)


@blueprint.post("/applications/<uuid:application_id>/scores/reveal")
@permit(Act.REVEAL, audience=Audience.INTERNAL, load=application, unless=service.why_not_revealed)
def reveal(found: Application) -> ResponseReturnValue:
    """Show the scores to those who submitted theirs."""
    service.reveal(found, by=current_actor())
    return done(to_scores("Its assessors can now see each other’s scores.", found.id))


@blueprint.post("/applications/<uuid:application_id>/scores/finalise")
@permit(Act.FINALISE, audience=Audience.INTERNAL, load=application)
def finalise(found: Application) -> ResponseReturnValue:
    """Close its assessment."""
    service.finalise(found, total=request.form.get("total", ""), by=current_actor())
    return done(to_scores("Assessment closed. The total is final.", found.id))


@blueprint.post("/applications/<uuid:application_id>/scores/assess-again")
@permit(Act.ASSESS_AGAIN, audience=Audience.INTERNAL, load=application, unless=service.why_not_reopened)
def assess_again(found: Application) -> ResponseReturnValue:
    """Open its assessment again."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: _scores_page(found, form=form),
        act=lambda: service.assess_again(found, **form.decision(), by=current_actor()),
        then=lambda _: to_scores("Assessment opened again.", found.id),
    )


@blueprint.route("/assessments/<uuid:assessment_id>/return", methods=["GET", "POST"])
@permit(
    Act.RETURN,
    audience=Audience.INTERNAL,
    load=queries.assessment,
    machine=ASSESSMENTS,
    unless=service.why_not_returned,
)
def return_assessment(found: Assessment) -> ResponseReturnValue:
    """Give an assessment back to its assessor."""
    form, name = ReasonForm.of_request(version=found.version), found.assessor.name
    return answer(
        form,
        page=lambda: _return_assessment_page(form, found),
        act=lambda: service.return_(found, **form.decision(), by=current_actor()),
        then=lambda _: to_scores(
            f"Assessment returned to {name}. We have written to them.", found.application_id
        ),
    )


def _return_assessment_page(form: Form, found: Assessment) -> str:
    until = service.due_if_returned(found)
    return render_template(
        "programme/assessing/return_assessment.html", form=form, assessment=found, until=until
    )


@blueprint.route("/assessments/<uuid:assessment_id>/allow-late", methods=["GET", "POST"])
@permit(Act.ALLOW_LATE, audience=Audience.INTERNAL, load=queries.assessment, unless=service.why_not_later)
def allow_late(found: Assessment) -> ResponseReturnValue:
    """Give an assessor more time."""
    form, name = ExtendForm.of_request(version=found.version), found.assessor.name
    return answer(
        form,
        page=lambda: render_template("programme/assessing/allow_late.html", form=form, assessment=found),
        act=lambda: service.allow_late(found, form.until(), **form.decision(), by=current_actor()),
        then=lambda _: to_scores(f"{name} has more time. We have written to them.", found.application_id),
    )
