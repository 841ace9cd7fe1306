"""Who may see and keep what a business seeks in finance."""

from __future__ import annotations

from typing import Any

from crm.businesses.policy import HUB_ROLES, SEE_ALL, is_cared_for, is_theirs
from crm.evidence.workflow import Act
from crm.kernel.permissions import Policy, rule
from crm.kernel.roles import Role


def _kept(act: Act) -> tuple[Any, ...]:
    return (rule(act, Role.ADMINISTRATOR), rule(act, *HUB_ROLES, when=is_cared_for))


def _managed(act: Act) -> tuple[Any, ...]:
    return (rule(act, Role.ADMINISTRATOR), rule(act, Role.HUB_MANAGER, when=is_cared_for))


POLICY = Policy(
    [
        rule(Act.VIEW, *SEE_ALL),
        rule(Act.VIEW, *HUB_ROLES, when=is_cared_for),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs),
        *_kept(Act.RECORD),
        *_kept(Act.CORRECT),
        *_kept(Act.MEET),
        *_kept(Act.LEAVE_UNMET),
        *_kept(Act.DROP),
        *_kept(Act.REOPEN),
        rule(Act.VIEW_OUTPUT, *SEE_ALL),
        rule(Act.VIEW_OUTPUT, *HUB_ROLES, when=is_cared_for),
        *_kept(Act.RECORD_OUTPUT),
        *_kept(Act.ATTACH_PROOF),
        *_kept(Act.REMOVE_PROOF),
        *_kept(Act.SET_BASELINE),
        # What is reported is put right, and taken out, by a manager with a reason.
        *_managed(Act.CLAIM_OUTPUT),
        *_managed(Act.CORRECT_OUTPUT),
        *_managed(Act.WITHDRAW_OUTPUT),
        *_kept(Act.RECORD_SHUT_OUT),
        rule(Act.RECORD_SHUT_OUT, Role.FOUNDER, when=is_theirs),
        rule(Act.VIEW_CROSSING, *SEE_ALL),
        rule(Act.VIEW_CROSSING, *HUB_ROLES, when=is_cared_for),
        *_kept(Act.FOLLOW_UP_CROSSING),
        rule(Act.VIEW_INDICATORS, *SEE_ALL, *HUB_ROLES),
    ],
    view=Act.VIEW,
)
