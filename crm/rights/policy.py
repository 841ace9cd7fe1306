"""Who sees and keeps the register of a business's rights, and the same said in SQL for lists."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, true

from crm.businesses.policy import HUB_ROLES, is_cared_for, is_theirs
from crm.businesses.policy import visible_to as businesses_visible_to
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role
from crm.rights.rules.gaps import is_secret
from crm.rights.workflow import Act

SEE_ALL = (Role.ADMINISTRATOR, Role.AUDITOR, Role.NETWORK_MANAGER, Role.TEST_BED_MANAGER)


CALENDAR = (Act.ASK_CALENDAR, Act.END_CALENDAR)
"""A calendar is asked for by people who look after a business, each for themselves."""


def is_no_secret(_actor: Actor, thing: Any) -> bool:
    """if it is not a trade secret"""
    return not is_secret(str(getattr(thing, "kind", "")))


def _kept(act: Act) -> tuple[Any, ...]:
    return (
        rule(act, Role.ADMINISTRATOR, when=is_no_secret),
        rule(act, *HUB_ROLES, when=is_cared_for),
        rule(act, Role.FOUNDER, when=is_theirs),
    )


POLICY = Policy(
    [
        rule(Act.VIEW, *SEE_ALL, when=is_no_secret),
        rule(Act.VIEW, *HUB_ROLES, when=is_cared_for),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs),
        rule(Act.VIEW_SECRETS, *HUB_ROLES, when=is_cared_for),
        rule(Act.VIEW_SECRETS, Role.FOUNDER, when=is_theirs),
        rule(Act.LIST, *SEE_ALL, *HUB_ROLES),
        rule(Act.EXTRACT, Role.ADMINISTRATOR, Role.AUDITOR, Role.HUB_MANAGER, Role.TEST_BED_MANAGER),
        *_kept(Act.ADD),
        *_kept(Act.CORRECT),
        *_kept(Act.REMOVE),
        *_kept(Act.LOOK_UP),
        *(rule(act, *HUB_ROLES, when=is_cared_for) for act in CALENDAR),
        *(rule(act, Role.FOUNDER, when=is_theirs) for act in CALENDAR),
        rule(Act.READ_CALENDAR, Role.ANYONE),
        *_kept(Act.ADD_PART),
        *_kept(Act.CORRECT_PART),
        *_kept(Act.REMOVE_PART),
        *_kept(Act.ATTACH_ASSIGNMENT),
        *_kept(Act.REMOVE_ASSIGNMENT),
        *_kept(Act.ADD_LICENCE),
        *_kept(Act.CORRECT_LICENCE),
        *_kept(Act.REMOVE_LICENCE),
    ],
    view=Act.VIEW,
)
"""A trade secret is seen by its business and the staff who care for it alone."""


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rules for VIEW again, as SQL over `Business`, for what is not a trade secret."""
    return true() if actor.is_system or actor.has(*SEE_ALL) else businesses_visible_to(actor)
