"""Who may see and keep what was said, and the hours."""

from __future__ import annotations

from typing import Any

from crm.businesses.policy import HUB_ROLES, SEE_ALL, is_cared_for, is_theirs
from crm.casework.workflow import Act
from crm.kernel.permissions import Policy, rule
from crm.kernel.roles import Role


def _kept(act: Act) -> tuple[Any, ...]:
    return (rule(act, Role.ADMINISTRATOR), rule(act, *HUB_ROLES, when=is_cared_for))


POLICY = Policy(
    [
        # What advisers note is for advisers: no founder, provider or investor ever sees it.
        rule(Act.VIEW, *SEE_ALL),
        rule(Act.VIEW, *HUB_ROLES, when=is_cared_for),
        rule(Act.LIST_DRAFTS, *HUB_ROLES, Role.ADMINISTRATOR),
        *_kept(Act.RECORD),
        *_kept(Act.EDIT),
        *_kept(Act.COMPLETE),
        *_kept(Act.DISCARD),
        *_kept(Act.HAND_DRAFT),
        *_kept(Act.VOID),
        rule(Act.VIEW_HOURS, *SEE_ALL),
        rule(Act.VIEW_HOURS, *HUB_ROLES, when=is_cared_for),
        rule(Act.VIEW_HOURS, Role.FOUNDER, when=is_theirs),
        rule(Act.LIST_HOURS, *HUB_ROLES, *SEE_ALL),
        *_kept(Act.ASK_HOURS),
        *_kept(Act.HAND_HOURS),
        rule(Act.OPEN_HOURS, Role.ANYONE),
        rule(Act.CONFIRM_HOURS, Role.FOUNDER, when=is_theirs),
        rule(Act.DISPUTE_HOURS, Role.FOUNDER, when=is_theirs),
        # Hours that were stated, and above all those that were confirmed, are put right by a manager alone.
        rule(Act.CORRECT_HOURS, Role.ADMINISTRATOR),
        rule(Act.CORRECT_HOURS, Role.HUB_MANAGER, when=is_cared_for),
        *_kept(Act.ADD_STEP),
        *_kept(Act.CHANGE_STEP),
        *_kept(Act.FINISH_STEP),
        *_kept(Act.DISMISS_STEP),
        rule(Act.CHOOSE_REMINDERS, *HUB_ROLES, Role.ADMINISTRATOR),
        *_kept(Act.WRITE_EMAIL),
        rule(Act.VIEW_TEMPLATES, *HUB_ROLES, *SEE_ALL),
        rule(Act.ADD_TEMPLATE, Role.ADMINISTRATOR, Role.HUB_MANAGER),
        rule(Act.CHANGE_TEMPLATE, Role.ADMINISTRATOR, Role.HUB_MANAGER),
        rule(Act.RETIRE_TEMPLATE, Role.ADMINISTRATOR, Role.HUB_MANAGER),
        rule(Act.RESTORE_TEMPLATE, Role.ADMINISTRATOR, Role.HUB_MANAGER),
        rule(Act.VIEW_REACH, *SEE_ALL, Role.HUB_MANAGER),
        rule(Act.VIEW_KINDS, *SEE_ALL),
        rule(Act.RETIRE_KIND, Role.ADMINISTRATOR),
        rule(Act.RESTORE_KIND, Role.ADMINISTRATOR),
    ],
    view=Act.VIEW,
)
