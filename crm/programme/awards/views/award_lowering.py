"""Lowering an award before its offer is prepared."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Audience
from crm.programme.awards.forms import LowerForm
from crm.programme.awards.policy import POLICY
from crm.programme.awards.service import lowering
from crm.programme.awards.workflow import Act
from crm.programme.cohort.models import Decision
from crm.programme.cohort.queries.decisions import decision
from crm.programme.cohort.views.decisions import to_decision
from crm.web.forms import answer
from crm.web.identity import current_actor
from crm.web.permit import asked_by_actor, permits

blueprint = Blueprint("award_lowering", __name__)
permit = permits(POLICY)


@blueprint.route("/decisions/<uuid:decision_id>/lower", methods=["GET", "POST"])
@permit(
    Act.LOWER, audience=Audience.INTERNAL, load=decision, unless=asked_by_actor(lowering.why_not_lowered_by)
)
def lower(found: Decision) -> ResponseReturnValue:
    """Lower the award to a sum that fits."""
    form = LowerForm.of_request(version=found.version)
    return answer(
        form,
        page=lambda: _lower_page(form, found),
        act=lambda: lowering.lower(found, form.details(), by=current_actor()),
        then=lambda _: to_decision("Award lowered. The money taken off it is free.", found),
    )


def _lower_page(form: LowerForm, found: Decision) -> str:
    room = lowering.room_for(found)
    return render_template("programme/awards/lower.html", form=form, decision=found, room=room)
