"""Who sees and records memberships. No one records their own."""

from __future__ import annotations

from typing import Any

from crm.billing.workflow import Act
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role

WRITERS = (Role.ADMINISTRATOR, Role.NETWORK_MANAGER, Role.FINANCE_OFFICER)
READERS = (*WRITERS, Role.AUDITOR)


def is_of_another(actor: Actor, thing: Any) -> bool:
    """if it is not their own membership"""
    return getattr(thing, "account_id", getattr(thing, "id", None)) != actor.account_id


def is_their_own(actor: Actor, thing: Any) -> bool:
    """if it is their own membership"""
    return thing is None or not is_of_another(actor, thing)  # a page without a thing is about oneself


def has_no_part_in_it(actor: Actor, thing: Any) -> bool:
    """if it is not about their own membership"""
    return getattr(thing, "account_id", None) != actor.account_id


POLICY = Policy(
    [
        rule(Act.VIEW_OWN, Role.ANGEL),
        rule(Act.PAY, Role.ANGEL, when=is_their_own),
        rule(Act.ASK_BACK, Role.ANGEL, when=is_their_own),
        rule(Act.CHANGE_CARD, Role.ANGEL, when=is_their_own),
        rule(Act.OPEN_RECEIPT, Role.ANGEL, when=is_their_own),
        rule(Act.STOP_RENEWING, Role.ANGEL, when=is_their_own),
        rule(Act.RESUME_RENEWING, Role.ANGEL, when=is_their_own),
        rule(Act.LIST, *READERS),
        rule(Act.VIEW, *READERS),
        rule(Act.RECORD, *WRITERS, when=is_of_another),
        rule(Act.VOID, *WRITERS, when=is_of_another),
        rule(Act.SETTLE, *WRITERS, when=is_of_another),
        rule(Act.HEAR, Role.ANYONE),
        rule(Act.LIST_EVENTS, *READERS),
        rule(Act.REPLAY, *WRITERS),
        rule(Act.CLOSE_EVENT, *WRITERS, when=has_no_part_in_it),
        rule(Act.ASK_CHECK, *WRITERS),
    ],
    view=Act.VIEW,
    is_seen_through=True,
)
