"""Who may see the outbox and set it right. The worker acts as the system itself."""

from __future__ import annotations

from crm.kernel.permissions import Policy, rule
from crm.kernel.roles import Role
from crm.notices.workflow import Act

POLICY = Policy(
    [
        rule(Act.VIEW, Role.ADMINISTRATOR, Role.AUDITOR),
        rule(Act.SEND_AGAIN, Role.ADMINISTRATOR),
        rule(Act.CANCEL, Role.ADMINISTRATOR),
    ],
    view=Act.VIEW,
)
