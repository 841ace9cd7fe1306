"""Who may see the public pages, the help, and a desk of their own."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.permissions import Policy, rule
from crm.kernel.roles import STAFF, Role


class Act(StrEnum):
    """What can be done at the front door and at the desk."""

    VISIT = "visit_public_pages"
    WRITE_TO_US = "write_to_us"
    ASK_HEALTH = "ask_for_health"
    VIEW_DESK = "view_own_desk"
    SEARCH = "search_everything"


POLICY = Policy(
    [
        rule(Act.VISIT, Role.ANYONE),
        rule(Act.WRITE_TO_US, Role.ANYONE),
        rule(Act.ASK_HEALTH, Role.ANYONE),
        rule(Act.VIEW_DESK, Role.SIGNED_IN),
        rule(Act.SEARCH, *sorted(STAFF)),
    ]
)
