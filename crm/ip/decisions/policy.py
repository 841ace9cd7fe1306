"""Who sees the strategic decisions of a business, and who records them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, true

from crm.businesses.policy import HUB_ROLES, by_carers_and_founders, is_cared_for, is_theirs
from crm.businesses.policy import visible_to as businesses_visible_to
from crm.ip.decisions.workflow import Act
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role

SEE_ALL = (Role.ADMINISTRATOR, Role.AUDITOR, Role.TEST_BED_MANAGER)


POLICY = Policy(
    [
        rule(Act.LIST, *SEE_ALL, *HUB_ROLES),
        rule(Act.EXTRACT, *SEE_ALL, Role.HUB_MANAGER),
        rule(Act.VIEW, *SEE_ALL),
        rule(Act.VIEW, *HUB_ROLES, when=is_cared_for),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs),
        *by_carers_and_founders(Act.RECORD, Act.ADD),
    ],
    view=Act.VIEW,
)
"""The test-bed manager reads them: how decisions are taken is what the test-bed is for."""


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rules for VIEW again, as SQL over a decision joined with its business."""
    return true() if actor.is_system or actor.has(*SEE_ALL) else businesses_visible_to(actor)
