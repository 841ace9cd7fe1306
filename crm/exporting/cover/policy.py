"""Who may check a contract, refer from it, and see who was shut out by a threshold."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from crm.businesses.policy import HUB_ROLES, SEE_ALL, is_cared_for, is_theirs
from crm.businesses.policy import visible_to as businesses_visible_to
from crm.exporting.cover.workflow import Act
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role

POLICY = Policy(
    [
        rule(Act.VIEW, *SEE_ALL),
        rule(Act.VIEW, *HUB_ROLES, when=is_cared_for),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs),
        rule(Act.CHECK, Role.ADMINISTRATOR),
        rule(Act.CHECK, *HUB_ROLES, when=is_cared_for),
        rule(Act.CHECK, Role.FOUNDER, when=is_theirs),
        rule(Act.WITHDRAW, Role.ADMINISTRATOR),
        rule(Act.WITHDRAW, *HUB_ROLES, when=is_cared_for),
        rule(Act.WITHDRAW, Role.FOUNDER, when=is_theirs),
        rule(Act.ANSWER, Role.ADMINISTRATOR),
        rule(Act.ANSWER, *HUB_ROLES, when=is_cared_for),
        rule(Act.LIST, *SEE_ALL, *HUB_ROLES),
        rule(Act.EXTRACT, *SEE_ALL, *HUB_ROLES),
        rule(Act.REFER, Role.ADMINISTRATOR),
        rule(Act.REFER, *HUB_ROLES, when=is_cared_for),
        rule(Act.ASK, Role.FOUNDER, when=is_theirs),
        rule(Act.VIEW_CASE, *SEE_ALL, *HUB_ROLES, Role.FUNDER),
        rule(Act.LIST_SHUT_OUTS, *SEE_ALL, *HUB_ROLES),
        rule(Act.WRITE_LETTER, Role.ADMINISTRATOR, Role.HUB_MANAGER, Role.EXPORT_ADVISER),
    ],
    view=Act.VIEW,
)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rules for VIEW again, as SQL over `CoverCheck` joined with its business."""
    return businesses_visible_to(actor)


def is_outside(actor: Actor) -> bool:
    """Whether an actor sees figures only, and small ones not: funders."""
    return not actor.is_system and not POLICY.allows(actor, Act.LIST_SHUT_OUTS)
