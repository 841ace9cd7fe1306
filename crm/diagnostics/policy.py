"""Who may see the question sets, and make and see a diagnosis."""

from __future__ import annotations

from crm.businesses.policy import HUB_ROLES, SEE_ALL, is_cared_for, is_theirs
from crm.diagnostics.workflow import Act
from crm.kernel.permissions import Policy, rule
from crm.kernel.roles import Role

POLICY = Policy(
    [
        rule(Act.VIEW_QUESTIONS, *SEE_ALL, *HUB_ROLES),
        rule(Act.VIEW, *SEE_ALL),
        rule(Act.VIEW, *HUB_ROLES, when=is_cared_for),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs),
        rule(Act.BEGIN, Role.ADMINISTRATOR),
        rule(Act.BEGIN, *HUB_ROLES, when=is_cared_for),
        rule(Act.BEGIN, Role.FOUNDER, when=is_theirs),
        rule(Act.ANSWER, Role.ADMINISTRATOR),
        rule(Act.ANSWER, *HUB_ROLES, when=is_cared_for),
        rule(Act.ANSWER, Role.FOUNDER, when=is_theirs),
        rule(Act.FINISH, Role.ADMINISTRATOR),
        rule(Act.FINISH, *HUB_ROLES, when=is_cared_for),
        rule(Act.FINISH, Role.FOUNDER, when=is_theirs),
    ],
    view=Act.VIEW,
)
