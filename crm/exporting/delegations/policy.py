"""Who leads delegations, who applies, and who sees what came of them."""

from __future__ import annotations

from typing import Any

from crm.businesses.policy import HUB_ROLES, SEE_ALL, is_cared_for, is_theirs
from crm.exporting.delegations.models import Delegation
from crm.exporting.delegations.workflow import Act, DelegationStatus
from crm.exporting.plans.policy import LEADERS
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role

LED = (
    Act.CHANGE,
    Act.OPEN,
    Act.CLOSE,
    Act.REOPEN,
    Act.INVITE,
    Act.SELECT,
    Act.HOLD,
    Act.CANCEL,
    Act.HAND,
    Act.CONFIRM_DATES,
    Act.ASSESS,
    Act.OFFER_AGAIN,
    Act.VIEW_PLACES,
    Act.VIEW,
    Act.RECORD,
    Act.ATTEND,
    Act.MISS,
    Act.ACCEPT,
    Act.DECLINE,
    Act.GIVE_UP,
    Act.WITHDRAW,
    Act.PREPARE_AGAIN,
    Act.SETTLE,
)
"""What its lead does: replies to its letters come to the lead, who records the answers of businesses of every hub."""
SHARED = (Act.APPLY, Act.ACCEPT, Act.DECLINE, Act.GIVE_UP, Act.WITHDRAW, Act.RECORD)
"""What the business does, or those who care for it when it telephones."""


def is_public(_actor: Actor, thing: Any) -> bool:
    """if it is a delegation that was opened for applications"""
    return isinstance(thing, Delegation) and thing.status is not DelegationStatus.DRAFT


def _delegation_of(thing: Any) -> Delegation | None:
    place = getattr(thing, "place", None) if not isinstance(thing, Delegation) else None
    return thing if isinstance(thing, Delegation) else getattr(place or thing, "delegation", None)


def is_led(actor: Actor, thing: Any) -> bool:
    """if they lead the delegation, or nobody does"""
    found = _delegation_of(thing)
    return found is not None and (found.lead_id is None or found.lead_id == actor.account_id)


def is_covered(actor: Actor, thing: Any) -> bool:
    """if who leads the delegation works, or worked, at their hub"""
    found = _delegation_of(thing)
    lead = found.lead if found is not None else None
    hubs = {each.scope_id for each in lead.grants if each.role in LEADERS and each.scope_id} if lead else ()
    return any(actor.holds_for(hub_id, Role.HUB_MANAGER) for hub_id in hubs)


def _led(act: Act) -> tuple[Any, ...]:
    led = tuple(each for each in LEADERS if each is not Role.ADMINISTRATOR)
    covered = rule(act, Role.HUB_MANAGER, when=is_covered)
    return (rule(act, Role.ADMINISTRATOR), rule(act, *led, when=is_led), covered)


def _shared(act: Act) -> tuple[Any, ...]:
    return (
        rule(act, Role.ADMINISTRATOR),
        rule(act, *HUB_ROLES, when=is_cared_for),
        rule(act, Role.FOUNDER, when=is_theirs),
    )


POLICY = Policy(
    [
        rule(Act.LIST, Role.ANYONE),
        rule(Act.SEE, *SEE_ALL, *HUB_ROLES),
        rule(Act.SEE, Role.ANYONE, when=is_public),
        rule(Act.PLAN, *LEADERS),
        *(each for act in LED for each in _led(act)),
        rule(Act.VIEW_PLACES, Role.AUDITOR),
        rule(Act.EXTRACT, *LEADERS, Role.AUDITOR),
        rule(Act.VIEW, Role.AUDITOR),
        rule(Act.APPLY_FOR, Role.ADMINISTRATOR, *HUB_ROLES),
        rule(Act.VIEW, *HUB_ROLES, when=is_cared_for),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs),
        *(each for act in SHARED for each in _shared(act)),
    ],
    view=Act.VIEW,
)
