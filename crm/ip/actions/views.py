"""What the result of a readiness assessment leads to: the next actions and who can help with each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from crm.businesses.queries.seeing import person_to_name
from crm.diagnostics.models import ReadinessCheck
from crm.diagnostics.queries.opened import Opened
from crm.ip.actions import queries, service
from crm.ip.actions.policy import POLICY
from crm.ip.actions.workflow import Act
from crm.kernel.permissions import Actor, Audience
from crm.kernel.roles import Role
from crm.web.forms import done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("actions", __name__)
permit = permits(POLICY)


def load_actions(actor: Actor, check: ReadinessCheck) -> Mapping[str, Any] | None:
    """The next actions of a finished assessment, each with its services."""
    if not POLICY.allows(actor, Act.VIEW, check):
        return None
    can_refer = not check.business.is_archived and POLICY.allows(actor, Act.REFER, check)
    is_founder = actor.holds_for(check.business_id, Role.FOUNDER)
    shown = {"helps": queries.helps_for(check), "check": check}
    lacks_person = can_refer and person_to_name(check.business_id) is None
    return shown | {"can_refer": can_refer, "is_founder": is_founder, "lacks_person": lacks_person}


def load_open_actions(_actor: Actor, found: Opened) -> Mapping[str, Any] | None:
    """The next actions of a visitor, each with its services. There is no record yet from which to refer."""
    if not found.result.is_complete:
        return None
    return {"helps": queries.open_helps(found), "can_refer": False, "is_founder": True, "lacks_person": False}


@blueprint.post("/readiness/<uuid:readiness_id>/actions/<string:question_key>/<string:service_key>/refer")
@permit(Act.REFER, audience=Audience.INTERNAL, load=queries.offer)
def refer(offer: queries.Offer) -> ResponseReturnValue:
    """Draft a referral to the service of an action."""
    made = service.refer(offer, by=current_actor())
    words = "Referral drafted from the assessment. Check it, then tell the business."
    return done(saved(words, "referrals.referral", referral_id=made.id))
