"""Who may read and download the audit log."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.permissions import Policy, rule
from crm.kernel.roles import Role


class Act(StrEnum):
    """What can be done with the trail. Writing it is not an act of its own: every act writes it."""

    VIEW_TRAIL = "view_trail"
    EXPORT_TRAIL = "export_trail"


POLICY = Policy([rule(act, Role.ADMINISTRATOR, Role.AUDITOR) for act in Act])
