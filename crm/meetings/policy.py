"""Who may see, arrange and hold what."""

from __future__ import annotations

from typing import Any

from crm.businesses.policy import HUB_ROLES, SEE_ALL, is_cared_for, is_theirs
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role
from crm.meetings.models import Workshop
from crm.meetings.workflow import Act, WorkshopStatus

STAFF = (Role.ADMINISTRATOR, *HUB_ROLES)


def is_public(_actor: Actor, thing: Any) -> bool:
    """if it is a workshop that was opened for sign-up"""
    return isinstance(thing, Workshop) and thing.status is not WorkshopStatus.DRAFT


def _kept(act: Act) -> tuple[Any, ...]:
    return (rule(act, Role.ADMINISTRATOR), rule(act, *HUB_ROLES, when=is_cared_for))


POLICY = Policy(
    [
        rule(Act.VIEW, *SEE_ALL),
        rule(Act.VIEW, *HUB_ROLES, when=is_cared_for),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs),
        rule(Act.SEE_WORKSHOP, *STAFF, Role.AUDITOR),
        rule(Act.SEE_WORKSHOP, Role.ANYONE, when=is_public),
        *_kept(Act.ARRANGE),
        *_kept(Act.CHANGE_APPOINTMENT),
        *_kept(Act.HOLD_APPOINTMENT),
        *_kept(Act.CANCEL_APPOINTMENT),
        rule(Act.LIST_WORKSHOPS, Role.ANYONE),
        rule(Act.PLAN_WORKSHOP, *STAFF),
        rule(Act.CHANGE_WORKSHOP, *STAFF),
        rule(Act.OPEN_WORKSHOP, *STAFF),
        rule(Act.HOLD_WORKSHOP, *STAFF),
        rule(Act.CANCEL_WORKSHOP, *STAFF),
        rule(Act.VIEW_PLACES, *STAFF, Role.AUDITOR),
        rule(Act.SIGN_UP, Role.ANYONE, when=is_public),
        rule(Act.SIGN_UP_OTHERS, *STAFF),
        rule(Act.OPEN_PLACE, Role.ANYONE),
        rule(Act.STAY, Role.ANYONE),
        rule(Act.GIVE_UP, *STAFF),
        rule(Act.MATCH, *STAFF),
        rule(Act.ATTEND, *STAFF),
    ],
    view=Act.VIEW,
)
