"""Who sees the network's lists and writes to several at once; the emails that a member can stop are the member's own."""

from __future__ import annotations

from crm.angels.investors.policy import MANAGERS, READERS
from crm.angels.year.workflow import Act
from crm.kernel.permissions import Policy, rule
from crm.kernel.roles import Role

POLICY = Policy(
    [
        rule(Act.LIST_MEMBERS, *READERS),
        rule(Act.EXTRACT_MEMBERS, *READERS),
        rule(Act.VIEW_MAILING, *READERS),
        rule(Act.WRITE_TO_MANY, *MANAGERS),
        rule(Act.STOP_EMAILS, Role.ANGEL),
        rule(Act.RESUME_EMAILS, Role.ANGEL),
    ],
    view=Act.VIEW_MAILING,
)
