"""Who may see and keep what was said, and the hours."""

from __future__ import annotations

from crm.businesses.policy import HUB_ROLES, SEE_ALL, by_carers, is_cared_for, is_theirs
from crm.casework.workflow import Act
from crm.kernel.permissions import Policy, rule
from crm.kernel.roles import Role

POLICY = Policy(
    [
        # What advisers note is for advisers: no founder, provider or investor ever sees it.
        rule(Act.VIEW, *SEE_ALL),
        rule(Act.VIEW, *HUB_ROLES, when=is_cared_for),
        rule(Act.LIST_DRAFTS, *HUB_ROLES, Role.ADMINISTRATOR),
        *by_carers(Act.RECORD),
        *by_carers(Act.EDIT),
        *by_carers(Act.COMPLETE),
        *by_carers(Act.DISCARD),
        *by_carers(Act.HAND_DRAFT),
        *by_carers(Act.VOID),
        rule(Act.VIEW_HOURS, *SEE_ALL),
        rule(Act.VIEW_HOURS, *HUB_ROLES, when=is_cared_for),
        rule(Act.VIEW_HOURS, Role.FOUNDER, when=is_theirs),
        rule(Act.LIST_HOURS, *HUB_ROLES, *SEE_ALL),
        *by_carers(Act.ASK_HOURS),
        *by_carers(Act.HAND_HOURS),
        rule(Act.OPEN_HOURS, Role.ANYONE),
        rule(Act.CONFIRM_HOURS, Role.FOUNDER, when=is_theirs),
        rule(Act.DISPUTE_HOURS, Role.FOUNDER, when=is_theirs),
        # Hours that were stated, and above all those that were confirmed, are put right by a manager alone.
        rule(Act.CORRECT_HOURS, Role.ADMINISTRATOR),
        rule(Act.CORRECT_HOURS, Role.HUB_MANAGER, when=is_cared_for),
        *by_carers(Act.ADD_STEP),
        *by_carers(Act.CHANGE_STEP),
        *by_carers(Act.FINISH_STEP),
        *by_carers(Act.DISMISS_STEP),
        rule(Act.CHOOSE_REMINDERS, *HUB_ROLES, Role.ADMINISTRATOR),
        *by_carers(Act.WRITE_EMAIL),
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
