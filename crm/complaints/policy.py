"""Who may complain (everybody), who handles complaints, and who reads them."""

from __future__ import annotations

from crm.complaints.workflow import Act
from crm.kernel.permissions import Policy, rule
from crm.kernel.roles import Role

HANDLERS = (Role.ADMINISTRATOR,)

POLICY = Policy(
    [
        rule(Act.COMPLAIN, Role.ANYONE),
        rule(Act.VIEW, *HANDLERS, Role.AUDITOR),
        rule(Act.LIST, *HANDLERS, Role.AUDITOR),
        rule(Act.RECORD, *HANDLERS),
        rule(Act.ACKNOWLEDGE, *HANDLERS),
        rule(Act.ANSWER, *HANDLERS),
    ],
    view=Act.VIEW,
)
