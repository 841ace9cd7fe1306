"""Delegations: one with its lead, those that are to come or over, and how many seats are taken."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import joinedload, selectinload

from crm.accounts.models import Account, RoleGrant
from crm.db.remembering import remembered
from crm.db.session import session
from crm.db.types import has_words
from crm.exporting.delegations.models import Delegation, DelegationPlace
from crm.exporting.delegations.workflow import IN_HAND, LIVE, SEATED, DelegationStatus, PlaceStatus
from crm.exporting.plans.models import MarketEdition
from crm.exporting.plans.policy import LEADERS
from crm.kernel.clock import is_past
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role, Scope

MOST = 200
DELEGATION, PLACE = Delegation.__table__.c, DelegationPlace.__table__.c
OPEN = (DelegationStatus.OPEN, DelegationStatus.CLOSED)
LEAD_WITH_HUBS = joinedload(Delegation.lead).selectinload(Account.grants)
"""Who leads a delegation, with their hubs."""


def _whole() -> Select[Delegation]:
    return select(Delegation).options(
        joinedload(Delegation.edition).joinedload(MarketEdition.market), LEAD_WITH_HUBS
    )


def delegation(delegation_id: UUID) -> Delegation | None:
    """One delegation with its market and its lead."""
    query = select(Delegation).options(
        joinedload(Delegation.edition).joinedload(MarketEdition.market),
        joinedload(Delegation.lead).joinedload(Account.grants),
    )
    return session().scalars(query.where(DELEGATION.id == delegation_id)).unique().one_or_none()


def hold(found: Delegation) -> None:
    """Let nobody else seat anybody until this transaction ends, and read the delegation as it is now."""
    to_market = selectinload(Delegation.edition).selectinload(MarketEdition.market)
    to_hubs = selectinload(Delegation.lead).selectinload(Account.grants)
    query = select(Delegation).options(to_hubs, to_market)
    query = query.where(DELEGATION.id == found.id).with_for_update()
    session().scalars(query.execution_options(populate_existing=True)).one()


def coming(on: date, *, with_drafts: bool) -> Sequence[Delegation]:
    """The delegations that are not over, the next to depart first."""
    states = LIVE if with_drafts else OPEN
    query = _whole().where(DELEGATION.status.in_(states), ~is_past(DELEGATION.returns_on, on=on))
    return session().scalars(query.order_by(DELEGATION.departs_on, DELEGATION.id).limit(MOST)).all()


def is_open(on: date) -> ColumnElement[bool]:
    """That a delegation is open and not over, as SQL over `Delegation`."""
    return and_(DELEGATION.status == DelegationStatus.OPEN, ~is_past(DELEGATION.returns_on, on=on))


def past(on: date) -> Sequence[Delegation]:
    """The delegations that are over or were cancelled, the latest first."""
    is_over = is_past(DELEGATION.returns_on, on=on) | DELEGATION.status.in_(
        (DelegationStatus.HELD, DelegationStatus.CANCELLED)
    )
    query = _whole().where(is_over, DELEGATION.status != DelegationStatus.DRAFT)
    return session().scalars(query.order_by(DELEGATION.departs_on.desc(), DELEGATION.id).limit(MOST)).all()


def to_edition(edition_id: UUID) -> Sequence[Delegation]:
    """The delegations to an edition that are not over."""
    query = _whole().where(DELEGATION.edition_id == edition_id, DELEGATION.status.in_(LIVE))
    return session().scalars(query.order_by(DELEGATION.departs_on, DELEGATION.id).limit(MOST)).all()


def to_market(market_id: UUID) -> Sequence[Delegation]:
    """The delegations to a market that were opened, the latest first."""
    query = _whole().join(MarketEdition, MarketEdition.id == DELEGATION.edition_id)
    query = query.where(MarketEdition.market_id == market_id, DELEGATION.status != DelegationStatus.DRAFT)
    return session().scalars(query.order_by(DELEGATION.departs_on.desc(), DELEGATION.id).limit(MOST)).all()


def _led(is_theirs: ColumnElement[bool]) -> Sequence[Delegation]:
    query = _whole().where(is_theirs, DELEGATION.status.in_(LIVE))
    return session().scalars(query.order_by(DELEGATION.departs_on, DELEGATION.id).limit(MOST)).all()


def led_by(account_ids: Collection[UUID]) -> Sequence[Delegation]:
    """The delegations that some people lead and that are not over."""
    return _led(DELEGATION.lead_id.in_(account_ids))


def led_or_covered(actor: Actor) -> ColumnElement[bool]:
    """That a person leads a delegation, or covers it as manager of a hub where the lead works."""
    grants, hubs = RoleGrant.__table__.c, actor.scoped_to(Scope.HUB, Role.HUB_MANAGER)
    there = select(grants.account_id).where(grants.role.in_(LEADERS), grants.scope_id.in_(hubs))
    is_led = DELEGATION.lead_id == actor.account_id
    return is_led | DELEGATION.lead_id.in_(there) if hubs else is_led


def waiting_for(actor: Actor) -> Sequence[Delegation]:
    """The delegations that are not over and that a person leads or covers."""
    return _led(led_or_covered(actor))


def worked_with(account_id: UUID) -> tuple[Select[Any], ...]:
    """The ids of the businesses that asked for, or have, a place in a delegation that a person leads and is not over."""
    place, led = DelegationPlace.__table__.c, (DELEGATION.lead_id == account_id, DELEGATION.status.in_(LIVE))
    is_of = DELEGATION.id == place.delegation_id
    return (
        select(place.business_id).join(Delegation.__table__, is_of).where(*led, place.status.in_(IN_HAND)),
    )


def named(text: str, *, most: int) -> Sequence[Delegation]:
    """The delegations whose title or place has these words, and that were opened."""
    query = _whole().where(has_words(text, DELEGATION.title, DELEGATION.place))
    query = query.where(DELEGATION.status != DelegationStatus.DRAFT)
    return session().scalars(query.order_by(DELEGATION.departs_on.desc(), DELEGATION.id).limit(most)).all()


def past_closing(on: date) -> Sequence[Delegation]:
    """The open delegations whose last day to apply is over."""
    query = _whole().where(DELEGATION.status == DelegationStatus.OPEN, is_past(DELEGATION.closes_on, on=on))
    return session().scalars(query.order_by(DELEGATION.closes_on, DELEGATION.id).limit(MOST)).all()


def seats_and_waiting(delegation_ids: Sequence[UUID]) -> tuple[dict[UUID, int], set[UUID]]:
    """How many seats of each are offered or taken, and which have a business on the waiting list, in one query."""
    seated, waiting = (
        func.count().filter(PLACE.status.in_(states)) for states in (SEATED, (PlaceStatus.WAITING,))
    )
    query = select(PLACE.delegation_id, seated, waiting).group_by(PLACE.delegation_id)
    rows = session().execute(query.where(PLACE.delegation_id.in_(delegation_ids))).all()
    found = {each: count for each, count, _ in rows}
    return {each: found.get(each, 0) for each in delegation_ids}, {each for each, _, many in rows if many}


@remembered
def seats_taken(delegation_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many seats of each of some delegations are offered or taken."""
    query = select(PLACE.delegation_id, func.count()).where(
        PLACE.delegation_id.in_(list(delegation_ids)), PLACE.status.in_(SEATED)
    )
    found = {row[0]: row[1] for row in session().execute(query.group_by(PLACE.delegation_id))}
    return {each: found.get(each, 0) for each in delegation_ids}


def belonging_to(market_ids: Collection[UUID]) -> dict[str, Sequence[UUID]]:
    """The delegations to some markets and the places in them: their acts are under the name of the market too."""
    editions = select(MarketEdition.id).where(MarketEdition.market_id.in_(list(market_ids)))
    trips = select(DELEGATION.id).where(DELEGATION.edition_id.in_(editions))
    places = select(PLACE.id).where(PLACE.delegation_id.in_(trips))
    asked = {"delegation": trips, "delegation_place": places}
    return {table: session().scalars(query).all() for table, query in asked.items()}
