"""Who may look for support: everybody, without an account."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.permissions import Policy, rule
from crm.kernel.roles import Role


class Act(StrEnum):
    """What can be done here."""

    FIND_SUPPORT = "find_support"


POLICY = Policy([rule(Act.FIND_SUPPORT, Role.ANYONE)])
