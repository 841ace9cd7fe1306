"""Who may read the trail."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.permissions import Policy, rule
from crm.kernel.roles import Role


class Act(StrEnum):
    """What can be done with the trail. Writing it is not an act of its own: every act writes it."""

    VIEW_TRAIL = "view_trail"


POLICY = Policy([rule(Act.VIEW_TRAIL, Role.ADMINISTRATOR, Role.AUDITOR)])
