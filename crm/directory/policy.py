"""Who may read the directory (everybody) and who keeps it."""

from __future__ import annotations

from crm.directory.workflow import Act
from crm.kernel.permissions import Policy, rule
from crm.kernel.roles import Role

KEEPERS = (Role.ADMINISTRATOR, Role.HUB_MANAGER, Role.ADVISER, Role.EXPORT_ADVISER)
CHECKERS = (*KEEPERS, Role.TEST_BED_MANAGER)
"""Those who can say that a service is running, or ask its provider, before they refer a business to it."""

POLICY = Policy(
    [
        rule(Act.VIEW, Role.ANYONE),
        rule(Act.VIEW_CHECKING, *CHECKERS, Role.AUDITOR),
        rule(Act.ADD, *KEEPERS),
        rule(Act.EDIT, *KEEPERS),
        rule(Act.CONFIRM, *CHECKERS),
        rule(Act.DOUBT, *CHECKERS),
        rule(Act.CLOSE, *KEEPERS),
        rule(Act.RETIRE, Role.ADMINISTRATOR, Role.HUB_MANAGER),
        rule(Act.IMPORT, Role.ADMINISTRATOR),
        rule(Act.EDIT_PROVIDER, *KEEPERS),
        rule(Act.ASK_PROVIDER, *CHECKERS),
        rule(Act.ANSWER_FOR_SERVICES, Role.ANYONE),
    ],
    view=Act.VIEW,
)
