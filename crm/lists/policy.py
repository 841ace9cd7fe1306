"""Who works by the lists of businesses."""

from __future__ import annotations

from typing import Any

from crm.businesses.policy import HUB_ROLES, SEE_ALL
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role
from crm.lists.workflow import Act


def is_their_own(actor: Actor, thing: Any) -> bool:
    """if it is their own"""
    return getattr(thing, "account_id", None) == actor.account_id


POLICY = Policy(
    [
        rule(Act.LIST, *SEE_ALL, *HUB_ROLES),
        # A file leaves the house with people's addresses in it: as for the list of businesses, a manager takes it.
        rule(Act.EXTRACT, *SEE_ALL, Role.HUB_MANAGER),
        rule(Act.SAVE_VIEW, *SEE_ALL, *HUB_ROLES),
        rule(Act.DELETE_VIEW, *SEE_ALL, *HUB_ROLES, when=is_their_own),
        # Each business is asked about by itself, by the rules of the caseload.
        rule(Act.CHANGE_MANY, Role.ADMINISTRATOR, *HUB_ROLES),
        rule(Act.VIEW_CHANGE, Role.ADMINISTRATOR, *HUB_ROLES, when=is_their_own),
    ],
    view=Act.DELETE_VIEW,
)
