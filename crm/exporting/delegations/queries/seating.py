"""Places in delegations: whose they are, who waits, who is away elsewhere, and which offers wait for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import product
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from crm.businesses.models import Business, Person
from crm.businesses.policy import visible_to
from crm.db.remembering import remembered
from crm.db.session import session
from crm.exporting.delegations.models import Delegation, DelegationPlace
from crm.exporting.delegations.queries.seeing import DELEGATION, LEAD_WITH_HUBS, MOST, PLACE, is_open
from crm.exporting.delegations.rules import also_away
from crm.exporting.delegations.workflow import IN_HAND, LIVE, PlaceStatus
from crm.exporting.plans.models import MarketEdition
from crm.kernel.clock import has_come, is_past
from crm.kernel.permissions import Actor


def some_places() -> Select[DelegationPlace]:
    """Places with their delegation, their business and who goes, to be narrowed."""
    of_delegation = joinedload(DelegationPlace.delegation)
    return select(DelegationPlace).options(
        of_delegation.joinedload(Delegation.edition).joinedload(MarketEdition.market),
        of_delegation.options(LEAD_WITH_HUBS),
        joinedload(DelegationPlace.business).undefer(Business.shared),
        joinedload(DelegationPlace.person),
    )


def place(place_id: UUID) -> DelegationPlace | None:
    """One place with its delegation, its business and who goes."""
    return session().scalar(some_places().where(PLACE.id == place_id))


def places_in(delegation_id: UUID) -> Sequence[DelegationPlace]:
    """Every place of a delegation: the seats, then the waiting list in its order, then by the day they applied."""
    query = some_places().where(PLACE.delegation_id == delegation_id)
    order = (PLACE.seat.is_(None), PLACE.seat, PLACE.queue.is_(None), PLACE.queue, PLACE.applied_at, PLACE.id)
    query = query.execution_options(populate_existing=True)
    return session().scalars(query.order_by(*order).limit(MOST)).all()


def in_hand(delegation_ids: Sequence[UUID]) -> Sequence[DelegationPlace]:
    """The places in some delegations of the businesses that may still go."""
    query = some_places().where(PLACE.delegation_id.in_(list(delegation_ids)), PLACE.status.in_(IN_HAND))
    return session().scalars(query.order_by(PLACE.delegation_id, PLACE.id)).all()


def number_in_line(found: DelegationPlace) -> int:
    """Where a business stands on the waiting list now: those who were offered a place have left it."""
    query = select(func.count()).where(
        PLACE.delegation_id == found.delegation_id,
        PLACE.status == PlaceStatus.WAITING,
        PLACE.queue <= found.queue,
    )
    return session().scalar(query) or 0


def place_of(delegation_id: UUID, business_id: UUID) -> DelegationPlace | None:
    """The place of a business in a delegation."""
    return session().scalar(
        some_places().where(PLACE.delegation_id == delegation_id, PLACE.business_id == business_id)
    )


def answers_by(delegation_id: UUID) -> Sequence[date]:
    """The last days to answer the open offers of a delegation."""
    query = select(PLACE.answer_by).where(
        PLACE.delegation_id == delegation_id, PLACE.status == PlaceStatus.OFFERED
    )
    return [each for each in session().scalars(query.order_by(PLACE.answer_by).limit(MOST)) if each]


def places_seen(delegation_id: UUID, by: Actor) -> Sequence[DelegationPlace]:
    """The places in a delegation of the businesses that an actor sees."""
    query = some_places().where(PLACE.delegation_id == delegation_id)
    query = query.join(Business, Business.id == PLACE.business_id).where(visible_to(by))
    return session().scalars(query.order_by(Business.sort_name, PLACE.id).limit(MOST)).all()


def places_of(business_ids: Sequence[UUID]) -> Sequence[DelegationPlace]:
    """The places of some businesses, the latest applied for first, without who goes and who leads."""
    query = select(DelegationPlace).where(PLACE.business_id.in_(list(business_ids)))
    query = query.options(joinedload(DelegationPlace.delegation), joinedload(DelegationPlace.business))
    return session().scalars(query.order_by(PLACE.applied_at.desc(), PLACE.id).limit(MOST)).all()


def places_and_open(business_id: UUID, *, on: date) -> tuple[list[DelegationPlace], list[Delegation]]:
    """The places of a business, the latest applied for first, and the open delegations where it has none, the next to depart first."""
    is_theirs = and_(PLACE.delegation_id == DELEGATION.id, PLACE.business_id == business_id)
    query = select(Delegation, DelegationPlace).outerjoin(DelegationPlace, is_theirs)
    query = query.where(or_(PLACE.id.is_not(None), is_open(on))).options(
        contains_eager(DelegationPlace.delegation), joinedload(DelegationPlace.business)
    )
    order = (PLACE.applied_at.desc(), PLACE.id, DELEGATION.departs_on, DELEGATION.id)
    query = query.order_by(PLACE.id.is_(None), *order).limit(MOST)
    rows: Sequence[Any] = session().execute(query).all()
    own = [place for _, place in rows if place is not None]
    return own, [found for found, place in rows if place is None]


def same_days(
    found: Delegation, business_ids: Sequence[UUID], *, people: Sequence[Person] = ()
) -> Sequence[DelegationPlace]:
    """The places in other delegations away on the same days that some businesses, or people, may still go in."""
    emails = [each.email for each in people if each.email]
    is_theirs = PLACE.business_id.in_(list(business_ids)) | Person.__table__.c.email.in_(emails)
    return _going(is_theirs, _is_away_with(found))


@remembered
def beside(found: Delegation, business_id: UUID) -> Sequence[DelegationPlace]:
    """What an application of a business is read beside: its place in the delegation, and those elsewhere on the same days."""
    is_near = or_(PLACE.delegation_id == found.id, _is_away_with(found))
    return _going(PLACE.business_id == business_id, is_near)


def _going(*which: ColumnElement[bool]) -> Sequence[DelegationPlace]:
    query = select(DelegationPlace).join(DelegationPlace.delegation).join(DelegationPlace.person)
    query = query.options(
        contains_eager(DelegationPlace.delegation),
        contains_eager(DelegationPlace.person),
        joinedload(DelegationPlace.business),
    )
    return session().scalars(query.where(*which).order_by(DELEGATION.departs_on, PLACE.id).limit(MOST)).all()


def _is_away_with(found: Delegation) -> ColumnElement[bool]:
    """That a place is one to go in still, in another delegation that is away on some of the same days."""
    return and_(
        PLACE.status.in_(IN_HAND),
        DELEGATION.id != found.id,
        DELEGATION.status.in_(LIVE),
        has_come(DELEGATION.departs_on, on=found.returns_on),
        ~is_past(DELEGATION.returns_on, on=found.departs_on),
    )


def also_away_of(
    found: Delegation, places: Sequence[DelegationPlace], *, is_staff: bool
) -> dict[UUID, list[str]]:
    """For each of some places in a delegation, what its business or its person has on the same days elsewhere.

    Only staff read of a person who goes for another business.
    """
    others = same_days(found, [each.business_id for each in places], people=[each.person for each in places])
    told: dict[UUID, list[str]] = {each.id: [] for each in places}
    for each, other in product(places, others):
        is_person = is_staff and bool(each.person.email) and other.person.email == each.person.email
        if other.business_id == each.business_id or is_person:
            told[each.id].append(also_away(other, each.person))
    return told


def unanswered(on: date) -> Sequence[DelegationPlace]:
    """The offers whose last day to answer is over."""
    query = some_places().where(PLACE.status == PlaceStatus.OFFERED, is_past(PLACE.answer_by, on=on))
    return session().scalars(query.order_by(PLACE.answer_by, PLACE.id).limit(MOST)).all()


def offers_to_remind(until: date) -> Sequence[DelegationPlace]:
    """The offers to answer by a day or earlier of which nobody was reminded, in delegations that are not over."""
    query = (
        some_places()
        .join(Delegation, DELEGATION.id == PLACE.delegation_id)
        .where(
            PLACE.status == PlaceStatus.OFFERED,
            DELEGATION.status.in_(LIVE),
            has_come(PLACE.answer_by, on=until),
            PLACE.reminded_for.is_distinct_from(PLACE.answer_by),
        )
    )
    return session().scalars(query.order_by(PLACE.answer_by, PLACE.id).limit(MOST)).all()


def place_again(found: DelegationPlace) -> DelegationPlace:
    """A place that was just added, with its delegation, its business and its person."""
    session().expire(found)
    whole = place(found.id)
    assert whole is not None
    return whole
