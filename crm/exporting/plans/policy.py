"""Who keeps the calendar, and who sees and changes the export plan of a business."""

from __future__ import annotations

from typing import Any

from crm.businesses.policy import HUB_ROLES, SEE_ALL, is_cared_for, is_theirs
from crm.exporting.plans.workflow import Act
from crm.kernel.permissions import Policy, rule
from crm.kernel.roles import Role

LEADERS = (Role.ADMINISTRATOR, Role.HUB_MANAGER, Role.EXPORT_ADVISER)
PLANNED = (
    Act.GO,
    Act.ATTEND,
    Act.MISS,
    Act.ADD_COUNTRY,
    Act.CHANGE_COUNTRY,
    Act.WIN_COUNTRY,
    Act.DROP_COUNTRY,
    Act.RESUME_COUNTRY,
    Act.ADD_TASK,
    Act.CHANGE_TASK,
    Act.FINISH_TASK,
    Act.REOPEN_TASK,
    Act.ADD_BARRIER,
    Act.CHANGE_BARRIER,
)
"""What the business and those who care for it do together."""


def _shared(act: Act) -> tuple[Any, ...]:
    return (
        rule(act, Role.ADMINISTRATOR),
        rule(act, *HUB_ROLES, when=is_cared_for),
        rule(act, Role.FOUNDER, when=is_theirs),
    )


POLICY = Policy(
    [
        rule(Act.LIST_MARKETS, Role.ANYONE),
        rule(Act.SEE_MARKET, Role.ANYONE),
        rule(Act.ADD_MARKET, *LEADERS),
        rule(Act.CHANGE_MARKET, *LEADERS),
        rule(Act.ADD_EDITION, *LEADERS),
        rule(Act.CHANGE_EDITION, *LEADERS),
        rule(Act.CANCEL_EDITION, *LEADERS),
        rule(Act.RESTORE_EDITION, *LEADERS),
        rule(Act.LIST, *SEE_ALL, *HUB_ROLES),
        rule(Act.EXTRACT, *SEE_ALL, *HUB_ROLES),
        rule(Act.VIEW, *SEE_ALL),
        rule(Act.VIEW, *HUB_ROLES, when=is_cared_for),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs),
        *(each for act in PLANNED for each in _shared(act)),
    ],
    view=Act.VIEW,
)
