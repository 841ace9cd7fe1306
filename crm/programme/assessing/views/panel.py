"""Who assesses for a round, how much each has, and which applications still need an assessor."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.kernel.clock import today
from crm.kernel.eligibility import DCMS_GROUPS
from crm.kernel.permissions import Audience
from crm.programme.applications.models import Application
from crm.programme.assessing.forms import PanelForm
from crm.programme.assessing.models import RoundAssessor
from crm.programme.assessing.policy import POLICY
from crm.programme.assessing.queries import assessments as queries
from crm.programme.assessing.queries.able import able_of
from crm.programme.assessing.queries.totals import drift_of
from crm.programme.assessing.queries.waiting import to_score_again
from crm.programme.assessing.rules import labels
from crm.programme.assessing.service import paneling, reminding
from crm.programme.assessing.workflow import Act
from crm.programme.rounds.models import Round
from crm.programme.rounds.queries import round_
from crm.web.forms import answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("panel", __name__)
permit = permits(POLICY)


@blueprint.get("/programme/rounds/<uuid:round_id>/assessors")
@permit(Act.VIEW_PANEL, audience=Audience.INTERNAL, load=round_)
def assessors(found: Round) -> ResponseReturnValue:
    """Who assesses, how much each has, and which applications still want somebody."""
    shown: dict[str, Any] = {"panel": queries.panel(found.id), "held": queries.held_by(found.id)}
    shown |= {"rows": queries.allocation(found.id), "groups": DCMS_GROUPS, "labels": labels}
    able = shown["able"] = able_of(found.id, on=today())
    lacking = [row for row in shown["rows"] if sum(one.counts(able) for one in row.holders) < found.assessors]
    shown["lacking"] = {each.id for each in lacking}
    shown["again"] = to_score_again(Application.round_id == found.id)
    return render_template("programme/assessing/assessors.html", round=found, **shown, **_possible(found))


def _possible(found: Round) -> dict[str, Any]:
    """What the current actor can do, and how the assessors lean, for those who may see scores."""
    ways = (
        ("can_rank", Act.VIEW_RANKING),
        ("can_add", Act.ADD_ASSESSOR),
        ("can_allocate", Act.ALLOCATE),
        ("can_remind", Act.REMIND),
    )
    may = {name: POLICY.allows(current_actor(), act, found) for name, act in ways}
    return may | {"drift": drift_of(found.id) if may["can_rank"] else {}}


@blueprint.route("/programme/rounds/<uuid:round_id>/assessors/add", methods=["GET", "POST"])
@permit(Act.ADD_ASSESSOR, audience=Audience.INTERNAL, load=round_)
def add_assessor(found: Round) -> ResponseReturnValue:
    """Add an assessor to the panel."""
    form = PanelForm.of_request(most=20).offer(queries.candidates(found.id, on=today()))
    return answer(
        form,
        page=lambda: render_template("programme/assessing/add_assessor.html", form=form, round=found),
        act=lambda: paneling.add_assessor(found, form.details(), by=current_actor()),
        then=lambda _: to_panel("Assessor added to the panel.", found.id),
    )


def to_panel(words: str, round_id: UUID) -> str:
    """The page of the panel, on which to say what was done."""
    return saved(words, "panel.assessors", round_id=round_id)


@blueprint.post("/programme/rounds/<uuid:round_id>/assessors/<uuid:member_id>/remove")
@permit(Act.REMOVE_ASSESSOR, audience=Audience.INTERNAL, load=queries.panel_member)
def remove_assessor(found: RoundAssessor) -> ResponseReturnValue:
    """Remove an assessor from the panel."""
    words, round_id = f"{found.account.name} is no longer an assessor for this round.", found.round_id
    paneling.remove_assessor(found, by=current_actor())
    return done(to_panel(words, round_id))


@blueprint.post("/programme/rounds/<uuid:round_id>/assessors/<uuid:member_id>/remind")
@permit(Act.REMIND, audience=Audience.INTERNAL, load=queries.panel_member, unless=reminding.why_not_reminded)
def remind(found: RoundAssessor) -> ResponseReturnValue:
    """Remind an assessor of what they have not submitted."""
    reminding.remind(found, by=current_actor())
    return done(to_panel(f"Reminder sent to {found.account.name}.", found.round_id))
