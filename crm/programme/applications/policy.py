"""Who applies to rounds, and who sees and decides what about applications; the same for lists in SQL."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select, true

from crm.businesses.models import Business
from crm.businesses.policy import HUB_ROLES, is_cared_for, is_owned, is_theirs
from crm.businesses.policy import visible_to as businesses_visible_to
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role, Scope
from crm.programme.applications.models import Application
from crm.programme.applications.workflow import Act
from crm.programme.rounds.models import Round
from crm.programme.rounds.policy import (
    MANAGERS,
    READERS,
    is_live,
    is_public,
    is_trial,
    leads,
    left_to_others_of_round,
    round_of,
)

GIVEN = "applications given to assess"
"""The fact of an actor that names, by id, the applications that they were given to assess and have not left.

The wing that assesses tells it at every request: a policy needs no session, and this wing need not know of assessments.
"""


SCORING = "rounds still to be scored"
"""The fact of an actor that names, by id, the rounds in which they still have an assessment to submit, told likewise."""


def is_scoring(actor: Actor, thing: Any) -> bool:
    """if they still have an assessment to submit in the round"""
    found, known = round_of(thing), actor.facts.get(SCORING, frozenset())
    return found is not None and found.id in known


def given_to(actor: Actor) -> frozenset[UUID]:
    """The ids of the applications that were given to somebody to assess, as the wing above tells."""
    found: frozenset[UUID] = actor.facts.get(GIVEN, frozenset())
    return found


def application_of(thing: Any) -> Application | None:
    """The application that something belongs to, or is; None where it belongs to none."""
    return thing if isinstance(thing, Application) else getattr(thing, "application", None)


def assesses(actor: Actor, thing: Any) -> bool:
    """if it was given to them to assess, and they have no interest in it"""
    found = application_of(thing)
    return found is not None and found.id in given_to(actor)


def is_theirs_live(actor: Actor, thing: Any) -> bool:
    """if it is their own business, and no dry run"""
    return is_live(thing) and is_theirs(actor, thing)


def is_owned_live(actor: Actor, thing: Any) -> bool:
    """if they own the business, and it is no dry run"""
    return is_live(thing) and is_owned(actor, thing)


def _applicants(act: Act, *, owners: bool = False) -> tuple[Any, ...]:
    """Whoever applies may; in a dry run, where nobody applies, the managers."""
    return (
        rule(act, Role.FOUNDER, when=is_owned_live if owners else is_theirs_live),
        rule(act, *MANAGERS, when=is_trial),
    )


POLICY = Policy(
    [
        rule(Act.CHECK, Role.ANYONE, when=is_public),
        rule(Act.CHECK, *MANAGERS),
        rule(Act.START, Role.FOUNDER, when=is_public),
        rule(Act.START, *MANAGERS, when=is_trial),
        rule(Act.VIEW, *READERS),
        rule(Act.VIEW, Role.LEAD_ASSESSOR, when=leads),
        rule(Act.VIEW, *HUB_ROLES, when=is_cared_for),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs_live),
        rule(Act.VIEW, Role.ASSESSOR, when=assesses),
        rule(Act.LIST_APPLICATIONS, *READERS, Role.LEAD_ASSESSOR, *HUB_ROLES),
        *_applicants(Act.FILL_IN),
        *_applicants(Act.TAKE_OVER),
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
        rule(Act.ASK, *MANAGERS),
        rule(Act.ASK, Role.LEAD_ASSESSOR, when=leads),
        rule(Act.ASK, Role.ASSESSOR, when=assesses),
        *_applicants(Act.ANSWER),
        rule(Act.CLOSE_QUERY, *MANAGERS),
        rule(Act.CLOSE_QUERY, Role.LEAD_ASSESSOR, when=leads),
    ],
    view=Act.VIEW,
    apart=left_to_others_of_round(
        Act.EXTEND, Act.CLEAR, Act.DENY, Act.RULE_OUT, Act.READMIT, Act.CLOSE_QUERY
    ),
)


def _but_as_founder(actor: Actor) -> Actor:
    """The same person without what they see as a founder."""
    return replace(actor, grants=tuple(each for each in actor.grants if each.role is not Role.FOUNDER))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rules for VIEW again, as SQL over `Application`: what a list, a count or an extract may hold."""
    if actor.is_system or actor.has(*READERS):
        return true()
    led = [UUID(each) for each in actor.scoped_to(Scope.ROUND, Role.LEAD_ASSESSOR)]
    ways: list[ColumnElement[bool]] = [Application.round_id.in_(led)] if led else []
    if any(each.role is Role.LEAD_ASSESSOR and each.scope is Scope.EVERYWHERE for each in actor.grants):
        return true()
    if actor.has(Role.ASSESSOR):
        ways.append(Application.id.in_(given_to(actor)))
    if actor.has(*HUB_ROLES):
        cared_for = businesses_visible_to(_but_as_founder(actor))
        ways.append(Application.business_id.in_(select(Business.id).where(cared_for)))
    own = [UUID(each) for each in actor.scoped_to(Scope.BUSINESS, Role.FOUNDER)]
    if own:
        dry_runs = select(Round.id).where(Round.is_dry_run.is_(True))
        ways.append(Application.business_id.in_(own) & Application.round_id.not_in(dry_runs))
    return or_(*ways) if ways else false()
