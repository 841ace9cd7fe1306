"""Who may see how the service is running. The metrics have no actor: their door looks at where they are asked from."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.permissions import Policy, rule
from crm.kernel.roles import Role


class Act(StrEnum):
    """What can be seen of the running of the service."""

    VIEW_RUNNING = "view_how_service_runs"
    READ_METRICS = "read_metrics"


POLICY = Policy(
    [
        rule(Act.VIEW_RUNNING, Role.ADMINISTRATOR, Role.AUDITOR),
        rule(Act.READ_METRICS, Role.ANYONE),
    ]
)
