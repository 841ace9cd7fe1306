"""Who sees the portfolio of a business, and who changes it."""

from __future__ import annotations

from typing import Any

from crm.businesses.policy import HUB_ROLES, is_cared_for, is_theirs
from crm.ip.portfolio.workflow import Act
from crm.kernel.permissions import Policy, rule
from crm.kernel.roles import Role

CHANGES = (Act.ADD_INCOME, Act.CORRECT_INCOME, Act.REMOVE_INCOME, Act.PROTECT, Act.REMOVE_PROTECTION)


def _changed(act: Act) -> tuple[Any, ...]:
    return (
        rule(act, Role.ADMINISTRATOR),
        rule(act, *HUB_ROLES, when=is_cared_for),
        rule(act, Role.FOUNDER, when=is_theirs),
    )


POLICY = Policy(
    [
        rule(Act.VIEW, Role.ADMINISTRATOR, Role.AUDITOR, Role.TEST_BED_MANAGER),
        rule(Act.VIEW, *HUB_ROLES, when=is_cared_for),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs),
        *(each for act in CHANGES for each in _changed(act)),
    ],
    view=Act.VIEW,
)
