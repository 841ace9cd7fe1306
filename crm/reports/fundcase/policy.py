"""Who reads the fund case, who opens the asks behind its figures, and who takes them out."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from crm.businesses.policy import HUB_ROLES, SEE_ALL
from crm.businesses.policy import visible_to as businesses_visible_to
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role
from crm.reports.fundcase.workflow import Act

STAFF = (*SEE_ALL, *HUB_ROLES, Role.PROGRAMME_MANAGER, Role.NETWORK_MANAGER)
"""Those who read every figure: the case is the region's, whoever looks after a business."""

POLICY = Policy(
    [
        rule(Act.VIEW, *STAFF, Role.FUNDER),
        rule(Act.DOWNLOAD, *STAFF, Role.FUNDER),
        rule(Act.LIST, *SEE_ALL, *HUB_ROLES),
        rule(Act.EXTRACT, *SEE_ALL, *HUB_ROLES),
        # A row for each ask of the region, without names: for those who answer for it, and never to be passed on.
        rule(Act.CALCULATE, *SEE_ALL, Role.HUB_MANAGER, Role.PROGRAMME_MANAGER, Role.NETWORK_MANAGER),
    ],
    view=Act.VIEW,
)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The asks whose business an actor may see, as SQL over `Ask` joined with its business."""
    return businesses_visible_to(actor)


def is_outside(actor: Actor) -> bool:
    """Whether an actor reads counts only, and small ones not: funders."""
    return not actor.is_system and not actor.has(*STAFF)
