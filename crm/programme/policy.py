"""Who prepares rounds, who applies to them, and who sees and decides what; the same for lists in SQL."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select, true

from crm.businesses.models import Business
from crm.businesses.policy import HUB_ROLES, is_cared_for, is_owned, is_theirs
from crm.businesses.policy import visible_to as businesses_visible_to
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role, Scope
from crm.programme.models import Application, Round
from crm.programme.workflow import Act, RoundStatus

MANAGERS = (Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER)
READERS = (*MANAGERS, Role.AUDITOR, Role.APPROVER)


def round_of(thing: Any) -> Round | None:
    """The round that something belongs to, or is; None where it belongs to none."""
    return thing if isinstance(thing, Round) else getattr(thing, "round", None)


def is_public(_actor: Actor, thing: Any) -> bool:
    """if the round is published, and no dry run"""
    found = round_of(thing)
    return found is not None and found.status is RoundStatus.PUBLISHED and not found.is_dry_run


def is_trial(_actor: Actor, thing: Any) -> bool:
    """if it belongs to a dry run that is published"""
    found = round_of(thing)
    return found is not None and found.status is RoundStatus.PUBLISHED and found.is_dry_run


def leads(actor: Actor, thing: Any) -> bool:
    """if they lead the assessment of the round"""
    found = round_of(thing)
    return found is not None and actor.holds_for(found.id, Role.LEAD_ASSESSOR)


def _applicants(act: Act, *, owners: bool = False) -> tuple[Any, ...]:
    """Whoever applies may; in a dry run, where nobody applies, the managers."""
    return (
        rule(act, Role.FOUNDER, when=is_owned if owners else is_theirs),
        rule(act, *MANAGERS, when=is_trial),
    )


POLICY = Policy(
    [
        rule(Act.SEE_PROGRAMME, Role.ANYONE),
        rule(Act.SEE_ROUND, *READERS),
        rule(Act.SEE_ROUND, Role.LEAD_ASSESSOR, when=leads),
        rule(Act.SEE_ROUND, Role.ANYONE, when=is_public),
        rule(Act.VIEW, *READERS),
        rule(Act.VIEW, Role.LEAD_ASSESSOR, when=leads),
        rule(Act.VIEW, *HUB_ROLES, when=is_cared_for),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs),
        rule(Act.VIEW_ROUND, *READERS),
        rule(Act.VIEW_ROUND, Role.LEAD_ASSESSOR, when=leads),
        rule(Act.PREPARE, *MANAGERS),
        rule(Act.COPY, *MANAGERS),
        rule(Act.CHANGE, *MANAGERS),
        rule(Act.PUBLISH, *MANAGERS),
        rule(Act.DISCARD, *MANAGERS),
        rule(Act.CHECK, Role.ANYONE, when=is_public),
        rule(Act.CHECK, *MANAGERS),
        rule(Act.START, Role.FOUNDER, when=is_public),
        rule(Act.START, *MANAGERS, when=is_trial),
        rule(Act.LIST_APPLICATIONS, *READERS, Role.LEAD_ASSESSOR, *HUB_ROLES),
        *_applicants(Act.FILL_IN),
        *_applicants(Act.ATTACH),
        *_applicants(Act.REMOVE_FILE),
        *_applicants(Act.SUBMIT, owners=True),
        *_applicants(Act.WITHDRAW, owners=True),
        rule(Act.EXTEND, *MANAGERS),
        rule(Act.CLEAR, *MANAGERS),
        rule(Act.CLEAR, *HUB_ROLES, when=is_cared_for),
        rule(Act.DENY, *MANAGERS),
        rule(Act.DENY, *HUB_ROLES, when=is_cared_for),
        rule(Act.RULE_OUT, *MANAGERS),
        rule(Act.READMIT, *MANAGERS),
    ],
    view=Act.VIEW,
)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rules for VIEW again, as SQL over `Application`: what a list, a count or an extract may hold."""
    if actor.is_system or actor.has(*READERS):
        return true()
    led = [UUID(each) for each in actor.scoped_to(Scope.ROUND, Role.LEAD_ASSESSOR)]
    ways: list[ColumnElement[bool]] = [Application.round_id.in_(led)] if led else []
    if any(each.role is Role.LEAD_ASSESSOR and each.scope is Scope.EVERYWHERE for each in actor.grants):
        return true()
    if actor.has(*HUB_ROLES, Role.FOUNDER):
        ways.append(Application.business_id.in_(select(Business.id).where(businesses_visible_to(actor))))
    return or_(*ways) if ways else false()
