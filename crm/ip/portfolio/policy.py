"""Who sees the portfolio of a business, and who changes it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, true

from crm.businesses.policy import HUB_ROLES, by_carers_and_founders, is_cared_for, is_theirs
from crm.businesses.policy import visible_to as businesses_visible_to
from crm.ip.portfolio.workflow import Act
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role

SEE_ALL = (Role.ADMINISTRATOR, Role.AUDITOR, Role.TEST_BED_MANAGER)
CHANGES = (Act.ADD_INCOME, Act.CORRECT_INCOME, Act.REMOVE_INCOME, Act.PROTECT, Act.REMOVE_PROTECTION)


POLICY = Policy(
    [
        rule(Act.LIST, *SEE_ALL, *HUB_ROLES),
        rule(Act.EXTRACT, *SEE_ALL, Role.HUB_MANAGER),
        rule(Act.VIEW, *SEE_ALL),
        rule(Act.VIEW, *HUB_ROLES, when=is_cared_for),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs),
        *by_carers_and_founders(*CHANGES),
    ],
    view=Act.VIEW,
)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rules for VIEW again, as SQL over `Business`."""
    return true() if actor.is_system or actor.has(*SEE_ALL) else businesses_visible_to(actor)
