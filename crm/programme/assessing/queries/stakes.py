"""In which businesses somebody has a stake, and in which rounds these applied: told at every request, so that policies need no session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    String,
    bindparam,
    cast,
    literal,
    or_,
    select,
    union,
    union_all,
)

from crm.accounts.models import RoleGrant
from crm.businesses.models import Business, Connection, Person, ShownInterest
from crm.businesses.policy import HUB_ROLES, STAKES
from crm.db.session import session
from crm.kernel.clock import today
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role, Scope
from crm.programme.applications.models import Application
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.assessing.models import Interest
from crm.programme.assessing.queries.assessments import facts_of as facts_of_given
from crm.programme.assessing.queries.assessments import given_to
from crm.programme.assessing.queries.conflicts import conflicts_between, linked_with
from crm.programme.assessing.workflow import AssessmentStatus
from crm.programme.rounds.policy import READERS, STAKED

DECIDE = (*READERS, Role.LEAD_ASSESSOR, Role.ASSESSOR, Role.FINANCE_OFFICER, *HUB_ROLES)
"""Who reads scores, or decides something about the money of a business."""


def facts_of(actor: Actor) -> Mapping[str, Any]:
    """What was given to somebody to assess; and in which businesses, and so in which rounds, they leave money to others.

    One statement, where somebody has no stake anywhere.
    """
    if actor.account_id is None or not actor.has(*DECIDE):
        return {}
    given, near = [], set()
    for first, status, second in session().execute(_told(), {"account_id": actor.account_id}):
        if status:
            given.append((UUID(first), AssessmentStatus(status), UUID(second)))
        else:
            near.add(UUID(first))
    stakes = _stakes_among(near, actor.account_id)
    own = facts_of_given(given) if actor.has(*READERS, Role.LEAD_ASSESSOR, Role.ASSESSOR) else {}
    return {**own, STAKES: stakes, STAKED: _rounds_of(stakes)}


@cache
def _told() -> CompoundSelect[str, str, str]:
    """What was given to somebody, and the businesses near them, which have no state. It is put together once."""
    given = given_to(bindparam("account_id")).subquery()
    texts = (cast(each, String) for each in given.c)
    near = _near().subquery()
    return union_all(select(*texts), select(near.c[0], literal(""), literal("")))


def stakes_of(account_id: UUID) -> frozenset[UUID]:
    """The businesses that somebody could not assess, whatever a lead says; help given to them is no stake."""
    near = {UUID(each) for each in session().scalars(_near(), {"account_id": account_id})}
    return _stakes_among(near, account_id)


def _stakes_among(near: set[UUID], account_id: UUID) -> frozenset[UUID]:
    if not near:
        return frozenset()
    found = conflicts_between([account_id], near | linked_with(near), on=today())
    return frozenset(
        business_id
        for (_, business_id), reasons in found.items()
        if any(not each.can_be_overridden for each in reasons)
    )


@cache
def _near() -> CompoundSelect[str]:
    """Every business that somebody ever had to do with: which of these still matters, the check for conflicts says."""
    own: BindParameter[UUID] = bindparam("account_id")
    let_in = select(RoleGrant.scope_id).where(
        RoleGrant.account_id == own, RoleGrant.role == Role.FOUNDER, RoleGrant.scope == Scope.BUSINESS
    )
    declared = select(cast(Business.id, String)).join(
        Interest,
        or_(Business.id == Interest.business_id, Business.company_number == Interest.company_number),
    )
    return union(
        let_in,
        declared.where(Interest.account_id == own, Interest.ended_at.is_(None)),
        *(
            select(cast(each.business_id, String)).where(each.account_id == own)
            for each in (Person, Connection, ShownInterest)
        ),
    )


def _rounds_of(business_ids: frozenset[UUID]) -> frozenset[UUID]:
    if not business_ids:
        return frozenset()
    query = select(Application.round_id).where(
        Application.business_id.in_(business_ids),
        Application.__table__.c.status != ApplicationStatus.WITHDRAWN,
    )
    return frozenset(session().scalars(query))


def names_of(business_ids: frozenset[UUID]) -> Sequence[str]:
    """What some businesses are called."""
    query = select(Business.name).where(Business.id.in_(business_ids)).order_by(Business.name)
    return session().scalars(query).all() if business_ids else ()
