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


POLICY = Policy(
    [
        rule(Act.VIEW_OWN, Role.ANGEL),
        rule(Act.LIST, *READERS),
        rule(Act.VIEW, *READERS),
        rule(Act.RECORD, *WRITERS, when=is_of_another),
        rule(Act.VOID, *WRITERS, when=is_of_another),
    ],
    view=Act.VIEW,
    is_seen_through=True,
)
