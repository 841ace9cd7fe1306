"""Who may read the directory (everybody) and who keeps it."""

from __future__ import annotations

from crm.directory.models import Checking
from crm.directory.workflow import Act
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role

KEEPERS = (Role.ADMINISTRATOR, Role.HUB_MANAGER, Role.ADVISER, Role.EXPORT_ADVISER)
CHECKERS = (*KEEPERS, Role.TEST_BED_MANAGER)
"""Those who can say that a service is running, or ask its provider, before they refer a business to it."""


def is_their_check(actor: Actor, found: Checking | None) -> bool:
    """if they made the check themselves"""
    return found is not None and found.by_id == actor.account_id


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
        rule(Act.LOOK_AFTER, *KEEPERS),
        rule(Act.CONFIRM_SEVERAL, *CHECKERS),
        rule(Act.UNDO_CHECKS, *CHECKERS, when=is_their_check),
        rule(Act.REPORT_WRONG, Role.ANYONE),
        rule(Act.LIST_REPORTS, *CHECKERS, Role.AUDITOR),
        rule(Act.SETTLE_REPORT, *CHECKERS),
    ],
    view=Act.VIEW,
)
