"""Who sees what became of an award, sends figures, records and confirms them, and who sees only sums."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, true

from crm.businesses.policy import HUB_ROLES, SEE_ALL, is_cared_for, is_theirs
from crm.businesses.policy import visible_to as businesses_visible_to
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role
from crm.programme.outcomes.workflow import Act

READERS = (*SEE_ALL, Role.PROGRAMME_MANAGER, Role.APPROVER, Role.FINANCE_OFFICER)
CALLERS = (Role.PROGRAMME_MANAGER,)


def holds_key(actor: Actor, thing: Any) -> bool:
    """if they opened the link in the letter"""
    return actor.holds_key("figures", getattr(thing, "id", thing))


def was_given_by_another(actor: Actor, thing: Any) -> bool:
    """if another person sent or recorded the figures"""
    figures = getattr(thing, "figures", None)
    return figures is not None and figures.by_id != actor.account_id


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The businesses whose reports somebody may see in a list, as a condition."""
    return true() if actor.has(*READERS) else businesses_visible_to(actor)


POLICY = Policy(
    [
        rule(Act.LIST, *READERS, *HUB_ROLES),
        rule(Act.EXTRACT, *READERS),
        rule(Act.SEE_TRENDS, *READERS, Role.FUNDER),
        rule(Act.VIEW, *READERS),
        rule(Act.VIEW, *HUB_ROLES, when=is_cared_for),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs),
        rule(Act.VIEW, Role.KEY_HOLDER, when=holds_key),
        rule(Act.SEE_GROWTH, *READERS),
        rule(Act.SEE_GROWTH, *HUB_ROLES, when=is_cared_for),
        rule(Act.SEE_GROWTH, Role.FOUNDER, when=is_theirs),
        rule(Act.PLAN, *CALLERS),
        rule(Act.OPEN_LINK, Role.ANYONE),
        rule(Act.SAVE_DRAFT, Role.FOUNDER, when=is_theirs),
        rule(Act.SAVE_DRAFT, Role.KEY_HOLDER, when=holds_key),
        rule(Act.GIVE, Role.FOUNDER, when=is_theirs),
        rule(Act.GIVE, Role.KEY_HOLDER, when=holds_key),
        rule(Act.RECORD, *CALLERS),
        rule(Act.RECORD, *HUB_ROLES, when=is_cared_for),
        rule(Act.CORRECT, *CALLERS),
        rule(Act.CORRECT, Role.FOUNDER, when=is_theirs),
        rule(Act.CONFIRM, *CALLERS, when=was_given_by_another),
    ],
    view=Act.VIEW,
)
