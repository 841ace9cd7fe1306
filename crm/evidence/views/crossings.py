"""Services that a business was shut out of and can use now: on its adviser's desk until they are followed up."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.directory.rules.labels import NEEDS
from crm.evidence import queries, rules
from crm.evidence.forms import FollowUpForm
from crm.evidence.models import Crossing
from crm.evidence.policy import POLICY
from crm.evidence.service import crossing as service
from crm.evidence.workflow import CROSSINGS, Act
from crm.kernel.clock import day_of
from crm.kernel.permissions import Actor, Audience
from crm.web.feature import Todo
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits

blueprint = Blueprint("crossings", __name__)
permit = permits(POLICY)
PAGE = "crossings.crossing"


@blueprint.get("/crossings/<uuid:crossing_id>")
@permit(Act.VIEW_CROSSING, audience=Audience.INTERNAL, load=queries.crossing)
def crossing(found: Crossing) -> ResponseReturnValue:
    """What shut the business out, what has changed, and what was done about it."""
    return _crossing_page(found)


def _crossing_page(found: Crossing, *, form: Form | None = None) -> str:
    acts = open_acts(found, machine=CROSSINGS, policy=POLICY)
    shown = {"form": form, "following": form or FollowUpForm(), "acts": acts, "Act": Act}
    return render_template("evidence/crossing.html", crossing=found, rules=rules, needs=NEEDS, **shown)


@blueprint.post("/crossings/<uuid:crossing_id>/follow-up")
@permit(Act.FOLLOW_UP_CROSSING, audience=Audience.INTERNAL, load=queries.crossing, machine=CROSSINGS)
def follow_up(found: Crossing) -> ResponseReturnValue:
    """Record what was done."""
    form = FollowUpForm.of_request()
    told = {"note": form.reason.data or "", "version": form.version.data, "by": current_actor()}
    return answer(
        form,
        page=lambda: _crossing_page(found, form=form),
        act=lambda: service.follow_up(found, **told),
        then=lambda _: saved("Followed up.", PAGE, crossing_id=found.id),
    )


def crossings_to_follow_up(actor: Actor) -> tuple[Todo, ...]:
    """Each service that a business of theirs was shut out of and can use now."""
    return tuple(
        Todo(
            f"{'Can' if each.is_certain else 'May be able to'} now use {each.service.name}",
            None,
            url_for(PAGE, crossing_id=each.id),
            about=each.business.name,
            since=day_of(each.found_at),
            things=(each.business_id,),
        )
        for each in queries.crossings_waiting(actor)
    )
