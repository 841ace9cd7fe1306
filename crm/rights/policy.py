"""Who sees and keeps the register of a business's rights."""

from __future__ import annotations

from typing import Any

from crm.businesses.policy import HUB_ROLES, is_cared_for, is_theirs
from crm.kernel.permissions import Policy, rule
from crm.kernel.roles import Role
from crm.rights.workflow import Act

SEE_ALL = (Role.ADMINISTRATOR, Role.AUDITOR, Role.NETWORK_MANAGER)


def _kept(act: Act) -> tuple[Any, ...]:
    return (
        rule(act, Role.ADMINISTRATOR),
        rule(act, *HUB_ROLES, when=is_cared_for),
        rule(act, Role.FOUNDER, when=is_theirs),
    )


POLICY = Policy(
    [
        rule(Act.VIEW, *SEE_ALL),
        rule(Act.VIEW, *HUB_ROLES, when=is_cared_for),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs),
        *_kept(Act.ADD),
        *_kept(Act.CORRECT),
        *_kept(Act.REMOVE),
    ],
    view=Act.VIEW,
)
