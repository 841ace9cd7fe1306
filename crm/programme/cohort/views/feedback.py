"""Feedback on an application, by criterion: what is shared goes into the letter, the rest stays inside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Audience
from crm.programme.applications.models import Application
from crm.programme.applications.queries.applications import application
from crm.programme.applications.views.applications import OfApplication
from crm.programme.assessing.queries.assessments import moderations_of, of_application
from crm.programme.assessing.queries.totals import parts_of
from crm.programme.cohort.forms.confirming import FeedbackForm
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries.decisions import feedback_of
from crm.programme.cohort.service import feedback as service
from crm.programme.cohort.service.feedback import FeedbackDetails
from crm.programme.cohort.workflow import Act
from crm.programme.rounds.models import Criterion
from crm.web.forms import answer, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits

blueprint = Blueprint("feedback", __name__)
permit = permits(POLICY)


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
    about = found.application
    made = parts_of(about.round, of_application(about.id), moderations=moderations_of(about.id))
    parts = next((parts for each, parts in made if each.id == found.criterion.id), [])
    return render_template("programme/cohort/write_feedback.html", form=form, found=found, parts=parts)
