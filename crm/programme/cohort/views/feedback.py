"""Feedback on an application, by criterion: what is shared goes into the letter, the rest stays inside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.kernel.measures import counted
from crm.kernel.permissions import Audience
from crm.programme.applications.models import Application
from crm.programme.applications.queries.applications import application
from crm.programme.applications.views.applications import OfApplication
from crm.programme.assessing.queries.assessments import moderations_of, of_application
from crm.programme.assessing.queries.totals import PartMade, parts_of
from crm.programme.cohort.forms.confirming import FeedbackForm, feedback_form, written
from crm.programme.cohort.models import Cohort
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries import cohorts
from crm.programme.cohort.queries.decisions import decision_about, feedback_of
from crm.programme.cohort.queries.sending import lacking_in
from crm.programme.cohort.service import feedback as service
from crm.programme.cohort.service.feedback import FeedbackDetails
from crm.programme.cohort.views.decisions import why_undecided
from crm.programme.cohort.workflow import Act
from crm.programme.rounds.models import Criterion
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits

blueprint = Blueprint("feedback", __name__)
permit = permits(POLICY)
LEFT = counted("refusal still needs", "refusals still need")


@dataclass(frozen=True)
class OnCriterion(OfApplication):
    """A criterion of an application's round."""

    criterion: Criterion


def _on_criterion(application_id: UUID, criterion_id: UUID) -> OnCriterion | None:
    found = application(application_id)
    rows = found.round.criteria if found else []
    one = next((each for each in rows if each.id == criterion_id), None)
    return OnCriterion(found, one) if found and one else None


def _why_fixed(found: OnCriterion) -> str | None:
    return service.why_no_feedback(found.application)


@blueprint.get("/applications/<uuid:application_id>/feedback")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=application)
def feedback(found: Application) -> ResponseReturnValue:
    """What is said about each criterion, and what the applicant reads of it."""
    rows = {each.criterion_id: each for each in feedback_of([found.id]).get(found.id, [])}
    fixed = service.why_no_feedback(found)
    acts = open_acts(found, policy=POLICY, also=() if fixed else (Act.WRITE_FEEDBACK,))
    shown: dict[str, Any] = {"rows": rows, "fixed": fixed, "acts": acts, "Act": Act}
    return render_template("programme/cohort/feedback.html", application=found, **shown)


@blueprint.get("/cohorts/<uuid:cohort_id>/feedback")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=cohorts.cohort, unless=why_undecided)
def refusals(found: Cohort) -> ResponseReturnValue:
    """The refusals of a cohort that cannot be sent before their feedback is written and shared."""
    shown = {
        "rows": lacking_in(found.id),
        "may_write": POLICY.allows(current_actor(), Act.WRITE_FEEDBACK, found),
    }
    return render_template("programme/cohort/refusals.html", cohort=found, **shown)


@blueprint.route("/applications/<uuid:application_id>/feedback/write", methods=["GET", "POST"])
@permit(Act.WRITE_FEEDBACK, audience=Audience.INTERNAL, load=application, unless=service.why_no_feedback)
def write_all(found: Application) -> ResponseReturnValue:
    """Write the feedback on every criterion of one application, then go on to the next refusal without it."""
    criteria = found.round.criteria
    form = feedback_form(criteria).of_request(**_as_written(found))
    return answer(
        form,
        page=lambda: _write_all_page(form, found),
        act=lambda: service.write_all(found, written(form, criteria), by=current_actor()),
        then=lambda _: _to_next(found),
    )


def _as_written(found: Application) -> dict[str, Any]:
    """What was written before; and, where that was asked for, the assessors' reasons as a start for the rest. Not shared."""
    begun, reasons = "start" in request.args, _reasons(found)
    values: dict[str, Any] = {}
    for each in found.round.criteria:
        made = service.kept(found, each)
        values[service.field_of(each)] = made.words if made else reasons.get(each.id, "") if begun else ""
        values[f"shared_{each.id.hex}"] = made.is_shared if made else False
        values[f"version_{each.id.hex}"] = made.version if made else 0
    return values


def _parts(found: Application) -> dict[UUID, list[PartMade]]:
    made = parts_of(found.round, of_application(found.id), moderations=moderations_of(found.id))
    return {each.id: parts for each, parts in made}


def _reasons(found: Application) -> dict[UUID, str]:
    """What assessors wrote about each criterion, without their names."""
    return {
        key: "\n".join(
            dict.fromkeys(score.rationale for part in parts for _, score in part.given if score.rationale)
        )
        for key, parts in _parts(found).items()
    }


def _write_all_page(form: Form, found: Application) -> str:
    beside = _beside(found)
    shown: dict[str, Any] = {"parts": _parts(found), "field_of": service.field_of, "beside": beside}
    shown["begun"] = "start" in request.args
    shown["may_start"] = not all(form[service.field_of(each)].data for each in found.round.criteria)
    return render_template("programme/cohort/write_all.html", form=form, application=found, **shown)


@dataclass(frozen=True)
class Place:
    """Where an application is among the refusals of its cohort without feedback: what is before and after it, and how many."""

    cohort_id: UUID | None = None
    before: Application | None = None
    after: Application | None = None
    left: int = 0


def _beside(found: Application) -> Place:
    made = decision_about(found.id)
    if made is None:
        return Place()
    rows = [each.application for each, _ in lacking_in(made.cohort_id)]
    before = [each for each in rows if each.reference < found.reference]
    after = [each for each in rows if each.reference > found.reference]
    return Place(made.cohort_id, before[-1] if before else None, after[0] if after else None, len(rows))


def _to_next(found: Application) -> str:
    place = _beside(found)
    following = place.after or place.before
    if following is not None:
        words = f"Feedback for {found.business.name} saved. {LEFT(place.left)} feedback."
        return saved(words, "feedback.write_all", application_id=following.id)
    if place.cohort_id is None or place.left:
        return saved("Feedback saved.", "feedback.feedback", application_id=found.id)
    words = "Feedback saved. Every refusal has its feedback."
    return saved(words, "feedback.refusals", cohort_id=place.cohort_id)


@blueprint.route(
    "/applications/<uuid:application_id>/criteria/<uuid:criterion_id>/feedback", methods=["GET", "POST"]
)
@permit(Act.WRITE_FEEDBACK, audience=Audience.INTERNAL, load=_on_criterion, unless=_why_fixed)
def write_feedback(found: OnCriterion) -> ResponseReturnValue:
    """Write the feedback on a criterion."""
    form = FeedbackForm.of_request(**_kept_values(found))
    return answer(
        form,
        page=lambda: _write_feedback_page(form, found),
        act=lambda: _write(form, found),
        then=lambda _: saved("Feedback saved.", "feedback.feedback", application_id=found.application.id),
    )


def _kept_values(found: OnCriterion) -> dict[str, Any]:
    kept = service.kept(found.application, found.criterion)
    return (
        {name: getattr(kept, name) for name in ("words", "is_shared", "version")} if kept else {"version": 0}
    )


def _write(form: FeedbackForm, found: OnCriterion) -> object:
    words, is_shared = form.words.data or "", bool(form.is_shared.data)
    details = FeedbackDetails(found.criterion, words, is_shared, form.version.data)
    return service.write_feedback(found.application, details, by=current_actor())


def _write_feedback_page(form: FeedbackForm, found: OnCriterion) -> str:
    """The form beside what assessors wrote, which stays inside."""
    parts = _parts(found.application).get(found.criterion.id, [])
    return render_template("programme/cohort/write_feedback.html", form=form, found=found, parts=parts)
