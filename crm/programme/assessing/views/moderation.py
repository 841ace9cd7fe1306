"""Settling the score of a part that lies too far apart, or that the lead has another reason to settle."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Audience
from crm.programme.applications.queries.applications import application
from crm.programme.applications.views.applications import OfApplication
from crm.programme.assessing.forms import ModerateForm, moderation_values
from crm.programme.assessing.models import Moderation
from crm.programme.assessing.policy import POLICY
from crm.programme.assessing.queries import assessments as queries
from crm.programme.assessing.queries.totals import part_of
from crm.programme.assessing.service import moderating as service
from crm.programme.assessing.views.scores import to_scores
from crm.programme.assessing.workflow import Act, AssessmentStatus
from crm.programme.rounds.models import Criterion
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("moderation", __name__)
permit = permits(POLICY)


@dataclass(frozen=True)
class ToSettle(OfApplication):
    """A part of a criterion of an application's round, with what was settled of it before."""

    criterion: Criterion
    part: str
    kept: Moderation | None


def _to_settle(application_id: UUID, criterion_id: UUID, part_number: int) -> ToSettle | None:
    found = application(application_id)
    criteria = [each for each in found.round.criteria if each.id == criterion_id] if found else []
    if not found or not criteria or not 1 <= part_number <= len(criteria[0].parts):
        return None
    part, rows = criteria[0].parts[part_number - 1], queries.moderations_of(application_id)
    kept = next((each for each in rows if (each.criterion_id, each.part) == (criterion_id, part)), None)
    return ToSettle(found, criteria[0], part, kept)


@blueprint.route(
    "/applications/<uuid:application_id>/criteria/<uuid:criterion_id>/parts/<int:part_number>/moderate",
    methods=["GET", "POST"],
)
@permit(Act.MODERATE, audience=Audience.INTERNAL, load=_to_settle, unless=service.why_not_moderated)
def moderate(found: ToSettle) -> ResponseReturnValue:
    """Settle the score of a part."""
    form = ModerateForm.of_request(**moderation_values(found.kept))
    settled = partial(form.settled, found.criterion, found.part)
    form.also(lambda: service.require_fitting(found.application, settled()), "value")
    return answer(
        form,
        page=lambda: _moderate_page(form, found),
        act=lambda: service.moderate(found.application, settled(), by=current_actor()),
        then=lambda _: to_scores("Moderated score saved.", found.application.id),
    )


def _moderate_page(form: Form, found: ToSettle) -> str:
    rows = queries.of_application(found.application.id)
    told = part_of(
        found.criterion,
        found.part,
        handed_in=[each for each in rows if each.status is AssessmentStatus.SUBMITTED],
        settled=found.kept,
        spread=found.round.spread,
    )
    return render_template("programme/assessing/moderate.html", form=form, told=told, **vars(found))
