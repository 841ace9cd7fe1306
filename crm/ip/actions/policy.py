"""Who may see and follow up the actions of a readiness assessment."""

from __future__ import annotations

from typing import Any

from crm.businesses.policy import (
    HUB_ROLES,
    SEE_ALL,
    by_carers,
    by_carers_and_founders,
    is_cared_for,
    is_theirs,
)
from crm.diagnostics.policy import is_finished_ip
from crm.ip.actions.workflow import Act
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role
from crm.referrals.policy import is_in_project


def is_from_finished_ip(actor: Actor, thing: Any) -> bool:
    """if it comes from a finished IP readiness assessment of a business that takes part in a test-bed project"""
    check = getattr(thing, "check", thing)
    return is_finished_ip(actor, check) and is_in_project(actor, check.business)


PLANNING = (Act.PLAN, Act.CHANGE, Act.FINISH, Act.DROP, Act.REOPEN)

POLICY = Policy(
    [
        rule(Act.VIEW, *SEE_ALL),
        rule(Act.VIEW, *HUB_ROLES, when=is_cared_for),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs),
        rule(Act.VIEW, Role.TEST_BED_MANAGER, when=is_finished_ip),
        *by_carers(Act.REFER),
        rule(Act.REFER, Role.TEST_BED_MANAGER, when=is_from_finished_ip),
        rule(Act.ASK, Role.FOUNDER, when=is_theirs),
        *by_carers_and_founders(*PLANNING),
    ],
    view=Act.VIEW,
)
"""To see an assessment is to see its actions; to refer is what referrals themselves allow."""
