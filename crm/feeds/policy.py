"""Who brings the feeds of other councils into the directory."""

from __future__ import annotations

from crm.feeds.workflow import Act
from crm.kernel.permissions import Policy, rule
from crm.kernel.roles import Role

BRINGERS = (Role.ADMINISTRATOR, Role.HUB_MANAGER)

POLICY = Policy(
    [
        rule(Act.LIST, *BRINGERS, Role.AUDITOR),
        rule(Act.BRING, *BRINGERS),
        rule(Act.READ_ON, *BRINGERS),
        rule(Act.TAKE_IN, *BRINGERS),
        rule(Act.CANCEL, *BRINGERS),
        rule(Act.UNDO, *BRINGERS),
    ],
    view=Act.LIST,
)
