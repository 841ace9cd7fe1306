"""Who may see the question sets, and make and see a diagnosis."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from crm.businesses.policy import HUB_ROLES, SEE_ALL, is_cared_for, is_theirs
from crm.businesses.policy import visible_to as businesses_visible_to
from crm.diagnostics.models import ReadinessCheck, ReadinessSet
from crm.diagnostics.rules.readiness import IP
from crm.diagnostics.workflow import Act, ReadinessStatus
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role

CHECKS = ReadinessCheck.__table__.c


def is_finished_ip(_actor: Actor, thing: Any) -> bool:
    """if it is a finished IP readiness assessment"""
    is_about_ip = isinstance(thing, ReadinessCheck) and thing.set_name == IP
    return is_about_ip and thing.status is ReadinessStatus.FINISHED


def _set_of(thing: Any) -> ReadinessSet | None:
    found = thing if isinstance(thing, ReadinessSet) else getattr(thing, "question_set", None)
    return found if isinstance(found, ReadinessSet) and not isinstance(thing, ReadinessCheck) else None


def is_set(_actor: Actor, thing: Any) -> bool:
    """if it is a question set"""
    return _set_of(thing) is not None


def is_ip_set(_actor: Actor, thing: Any) -> bool:
    """if it is the question set of IP readiness"""
    found = _set_of(thing)
    return found is not None and found.name == IP


BEGINNERS = (Role.ADMINISTRATOR, Role.FOUNDER, *HUB_ROLES)
"""Those who can start an assessment from the page of a business."""


def sees_results_of(actor: Actor, name: str) -> bool:
    """Whether a person can see results of this set: those of the test-bed see those of IP readiness only."""
    return name == IP or actor.is_system or actor.has(*SEE_ALL, *HUB_ROLES, Role.FOUNDER)


def _asked(act: Act) -> tuple[Any, ...]:
    """Administrators, the staff who care for the business, and its founders."""
    return (
        rule(act, Role.ADMINISTRATOR),
        rule(act, *HUB_ROLES, when=is_cared_for),
        rule(act, Role.FOUNDER, when=is_theirs),
    )


def _made(act: Act) -> tuple[Any, ...]:
    return rule(act, Role.ADMINISTRATOR), rule(act, Role.TEST_BED_MANAGER, when=is_ip_set)


POLICY = Policy(
    [
        rule(Act.VIEW_QUESTIONS, *SEE_ALL, *HUB_ROLES, Role.TEST_BED_MANAGER),
        rule(Act.VIEW, *SEE_ALL),
        rule(Act.VIEW, *HUB_ROLES, when=is_cared_for),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs),
        rule(Act.VIEW, Role.TEST_BED_MANAGER, when=is_finished_ip),
        rule(Act.VIEW, *HUB_ROLES, Role.TEST_BED_MANAGER, when=is_set),
        *_asked(Act.BEGIN),
        *_asked(Act.ANSWER),
        *_asked(Act.FINISH),
        rule(Act.LIST_READINESS, *SEE_ALL, *HUB_ROLES, Role.TEST_BED_MANAGER, Role.FOUNDER),
        rule(Act.VIEW_COHORT, *SEE_ALL, *HUB_ROLES, Role.TEST_BED_MANAGER),
        rule(Act.EXTRACT_READINESS, *SEE_ALL, *HUB_ROLES, Role.TEST_BED_MANAGER),
        rule(Act.ANSWER_OPENLY, Role.ANYONE),
        *_asked(Act.BRING_READINESS),
        *_asked(Act.BEGIN_READINESS),
        *_asked(Act.ANSWER_READINESS),
        *_asked(Act.FINISH_READINESS),
        *_made(Act.DRAFT_SET),
        *_made(Act.EDIT_SET),
        *_made(Act.PUBLISH_SET),
        *_made(Act.RETIRE_SET),
        *_made(Act.DISCARD_SET),
    ],
    view=Act.VIEW,
)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rules for VIEW again, as SQL over `ReadinessCheck` joined with its business."""
    seen = businesses_visible_to(actor)
    if not actor.has(Role.TEST_BED_MANAGER):
        return seen
    return or_(seen, and_(CHECKS.set_name == IP, CHECKS.status == ReadinessStatus.FINISHED))
