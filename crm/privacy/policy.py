"""Who may see how long personal data is kept, and let it be deleted."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.permissions import Policy, rule
from crm.kernel.roles import Role


class Act(StrEnum):
    """What can be done about the end of personal data."""

    VIEW_RETENTION = "view_retention"
    END_RETENTION = "delete_at_the_end_of_retention"


POLICY = Policy([rule(Act.VIEW_RETENTION, Role.ADMINISTRATOR, Role.AUDITOR)])
