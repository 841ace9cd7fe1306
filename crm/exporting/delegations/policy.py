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
    Act.PLAN,
    Act.CHANGE,
    Act.OPEN,
    Act.CLOSE,
    Act.SELECT,
    Act.HOLD,
    Act.CANCEL,
    Act.CONFIRM_DATES,
    Act.ASSESS,
)
SHARED = (Act.APPLY, Act.ACCEPT, Act.DECLINE, Act.GIVE_UP, Act.RECORD)
"""What the business does, or those who care for it when it telephones."""


def is_public(_actor: Actor, thing: Any) -> bool:
    """if it is a delegation that was opened for applications"""
    return isinstance(thing, Delegation) and thing.status is not DelegationStatus.DRAFT


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
        *(rule(act, *LEADERS) for act in LED),
        rule(Act.VIEW_PLACES, *LEADERS, Role.AUDITOR),
        rule(Act.EXTRACT, *LEADERS, Role.AUDITOR),
        rule(Act.VIEW, *LEADERS, Role.AUDITOR),
        rule(Act.VIEW, *HUB_ROLES, when=is_cared_for),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs),
        *(each for act in SHARED for each in _shared(act)),
    ],
    view=Act.VIEW,
)
