"""Reads of delegations, of places in them, and of what came of each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from crm.accounts.models import Account, RoleGrant
from crm.accounts.queries import have_left
from crm.businesses.models import Business, Person
from crm.businesses.policy import visible_to
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.db.types import has_words
from crm.diagnostics.models import ReadinessCheck
from crm.diagnostics.queries.readiness import latest_finished
from crm.diagnostics.queries.results import asked_of, result_of
from crm.diagnostics.rules.readiness import EXPORT
from crm.exporting.delegations.models import Delegation, DelegationPlace, DelegationReturn
from crm.exporting.delegations.rules import Sums, Told, also_away, sums_of, told_so_far
from crm.exporting.delegations.workflow import IN_HAND, LIVE, SEATED, DelegationStatus, PlaceStatus
from crm.exporting.plans.models import MarketEdition
from crm.exporting.plans.policy import LEADERS
from crm.funding.subsidy.queries import headrooms_of, standing_of
from crm.kernel.clock import has_come, is_past
from crm.kernel.money import Money
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role, Scope

MOST = 200
RIGHTS_QUESTION = "ex05"
"""The question of the export assessment whether a business holds the rights to what it sells."""
DELEGATION, PLACE = Delegation.__table__.c, DelegationPlace.__table__.c
RETURN = DelegationReturn.__table__.c
OPEN = (DelegationStatus.OPEN, DelegationStatus.CLOSED)
LEAD_WITH_HUBS = selectinload(Delegation.lead).selectinload(Account.grants)
"""Who leads a delegation, with their hubs."""


def _whole() -> Select[Delegation]:
    return select(Delegation).options(
        joinedload(Delegation.edition).joinedload(MarketEdition.market), LEAD_WITH_HUBS
    )


def delegation(delegation_id: UUID) -> Delegation | None:
    """One delegation with its market and its lead."""
    return session().scalar(_whole().where(DELEGATION.id == delegation_id))


def hold(found: Delegation) -> None:
    """Let nobody else seat anybody until this transaction ends, and read the delegation as it is now."""
    to_market = selectinload(Delegation.edition).selectinload(MarketEdition.market)
    query = select(Delegation).options(LEAD_WITH_HUBS, to_market)
    query = query.where(DELEGATION.id == found.id).with_for_update()
    session().scalars(query.execution_options(populate_existing=True)).one()


def coming(on: date, *, with_drafts: bool) -> Sequence[Delegation]:
    """The delegations that are not over, the next to depart first."""
    states = LIVE if with_drafts else OPEN
    query = _whole().where(DELEGATION.status.in_(states), ~is_past(DELEGATION.returns_on, on=on))
    return session().scalars(query.order_by(DELEGATION.departs_on, DELEGATION.id).limit(MOST)).all()


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


def waiting_for(actor: Actor) -> Sequence[Delegation]:
    """The same of one person, and those that they cover as manager of a hub where the lead works."""
    grants, hubs = RoleGrant.__table__.c, actor.scoped_to(Scope.HUB, Role.HUB_MANAGER)
    there = select(grants.account_id).where(grants.role.in_(LEADERS), grants.scope_id.in_(hubs))
    is_led = DELEGATION.lead_id == actor.account_id
    return _led(is_led | DELEGATION.lead_id.in_(there) if hubs else is_led)


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


def seats_taken(delegation_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many seats of each of some delegations are offered or taken."""
    query = select(PLACE.delegation_id, func.count()).where(
        PLACE.delegation_id.in_(list(delegation_ids)), PLACE.status.in_(SEATED)
    )
    found = {row[0]: row[1] for row in session().execute(query.group_by(PLACE.delegation_id))}
    return {each: found.get(each, 0) for each in delegation_ids}


def _places() -> Select[DelegationPlace]:
    of_delegation = joinedload(DelegationPlace.delegation)
    return select(DelegationPlace).options(
        of_delegation.joinedload(Delegation.edition).joinedload(MarketEdition.market),
        of_delegation.options(LEAD_WITH_HUBS),
        joinedload(DelegationPlace.business).undefer(Business.shared),
        joinedload(DelegationPlace.person),
    )


def place(place_id: UUID) -> DelegationPlace | None:
    """One place with its delegation, its business and who goes."""
    return session().scalar(_places().where(PLACE.id == place_id))


def places_in(delegation_id: UUID) -> Sequence[DelegationPlace]:
    """Every place of a delegation: the seats, then the waiting list in its order, then by the day they applied."""
    query = _places().where(PLACE.delegation_id == delegation_id)
    order = (PLACE.seat.is_(None), PLACE.seat, PLACE.queue.is_(None), PLACE.queue, PLACE.applied_at, PLACE.id)
    query = query.execution_options(populate_existing=True)
    return session().scalars(query.order_by(*order).limit(MOST)).all()


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
        _places().where(PLACE.delegation_id == delegation_id, PLACE.business_id == business_id)
    )


def places_seen(delegation_id: UUID, by: Actor) -> Sequence[DelegationPlace]:
    """The places in a delegation of the businesses that an actor sees."""
    query = _places().where(PLACE.delegation_id == delegation_id)
    query = query.join(Business, Business.id == PLACE.business_id).where(visible_to(by))
    return session().scalars(query.order_by(Business.sort_name, PLACE.id).limit(MOST)).all()


def places_of(business_ids: Sequence[UUID]) -> Sequence[DelegationPlace]:
    """The places of some businesses, the latest applied for first."""
    query = _places().where(PLACE.business_id.in_(list(business_ids)))
    return session().scalars(query.order_by(PLACE.applied_at.desc(), PLACE.id).limit(MOST)).all()


def same_days(
    found: Delegation, business_ids: Sequence[UUID], *, people: Sequence[Person] = ()
) -> Sequence[DelegationPlace]:
    """The places in other delegations away on the same days that some businesses, or people, may still go in."""
    emails = [each.email for each in people if each.email]
    is_theirs = PLACE.business_id.in_(list(business_ids)) | Person.__table__.c.email.in_(emails)
    query = _places().join(Delegation, DELEGATION.id == PLACE.delegation_id)
    query = query.join(Person, Person.__table__.c.id == PLACE.person_id).where(
        is_theirs,
        PLACE.status.in_(IN_HAND),
        DELEGATION.id != found.id,
        DELEGATION.status.in_(LIVE),
        has_come(DELEGATION.departs_on, on=found.returns_on),
        ~is_past(DELEGATION.returns_on, on=found.departs_on),
    )
    return session().scalars(query.order_by(DELEGATION.departs_on, PLACE.id).limit(MOST)).all()


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
    query = _places().where(PLACE.status == PlaceStatus.OFFERED, is_past(PLACE.answer_by, on=on))
    return session().scalars(query.order_by(PLACE.answer_by, PLACE.id).limit(MOST)).all()


def offers_to_remind(until: date) -> Sequence[DelegationPlace]:
    """The offers to answer by a day or earlier of which nobody was reminded, in delegations that are not over."""
    query = (
        _places()
        .join(Delegation, DELEGATION.id == PLACE.delegation_id)
        .where(
            PLACE.status == PlaceStatus.OFFERED,
            DELEGATION.status.in_(LIVE),
            has_come(PLACE.answer_by, on=until),
            PLACE.reminded_for.is_distinct_from(PLACE.answer_by),
        )
    )
    return session().scalars(query.order_by(PLACE.answer_by, PLACE.id).limit(MOST)).all()


def _returns() -> Select[DelegationReturn]:
    to_place = joinedload(DelegationReturn.place)
    return select(DelegationReturn).options(
        to_place.joinedload(DelegationPlace.business).undefer(Business.shared),
        to_place.joinedload(DelegationPlace.person),
        to_place.joinedload(DelegationPlace.delegation).options(LEAD_WITH_HUBS),
    )


def return_(return_id: UUID) -> DelegationReturn | None:
    """One return with its place."""
    return session().scalar(_returns().where(RETURN.id == return_id))


def returns_of(place_id: UUID) -> Sequence[DelegationReturn]:
    """What a place is asked, in order."""
    return session().scalars(_returns().where(RETURN.place_id == place_id).order_by(RETURN.months)).all()


def returns_due(on: date) -> Sequence[DelegationReturn]:
    """The returns that are due up to a day and were not answered, the oldest first."""
    is_asked = RETURN.months > 0
    query = _returns().where(has_come(RETURN.due_on, on=on), RETURN.answered_at.is_(None), is_asked)
    return session().scalars(query.order_by(RETURN.due_on, RETURN.id).limit(MOST)).all()


def asked_now(rows: Sequence[DelegationReturn], *, on: date) -> list[DelegationReturn]:
    """Those of some returns that are still asked for: the question of later months counts everything since."""
    query = select(RETURN.place_id, func.max(RETURN.months)).where(has_come(RETURN.due_on, on=on))
    query = query.where(RETURN.place_id.in_([each.place_id for each in rows])).group_by(RETURN.place_id)
    last = {row[0]: row[1] for row in session().execute(query)} if rows else {}
    return [each for each in rows if each.months >= last.get(each.place_id, 0)]


def unanswered_results(lead_id: UUID) -> Sequence[DelegationReturn]:
    """What was asked and reminded of in vain, in the delegations that a person leads, or that nobody leads any longer."""
    has_left = have_left(DELEGATION.lead_id, Business.__table__.c.hub_id, roles=LEADERS)
    query = _returns().join(DelegationPlace, PLACE.id == RETURN.place_id)
    query = query.join(Business, Business.id == PLACE.business_id)
    query = query.join(Delegation, DELEGATION.id == PLACE.delegation_id).where(
        (DELEGATION.lead_id == lead_id) | DELEGATION.lead_id.is_(None) | has_left,
        *(RETURN.reminded_at.is_not(None), RETURN.answered_at.is_(None)),
    )
    return session().scalars(query.order_by(RETURN.due_on, RETURN.id).limit(MOST)).all()


def answers_of(place_ids: Sequence[UUID]) -> Sequence[DelegationReturn]:
    """What some places have told, in the order of the months."""
    query = select(DelegationReturn).where(RETURN.place_id.in_(place_ids), RETURN.answered_at.is_not(None))
    return session().scalars(query.order_by(RETURN.months, RETURN.id)).all() if place_ids else ()


def told_by(places: Sequence[DelegationPlace]) -> dict[UUID, Told]:
    """What each of some places has said came of it."""
    return told_so_far(answers_of([each.id for each in places]))


def sums(delegation_ids: Sequence[UUID]) -> dict[UUID, Sums]:
    """What came of each of some delegations: of each place that went, each figure as it was last known."""
    went = select(PLACE.delegation_id, PLACE.id).where(
        PLACE.delegation_id.in_(list(delegation_ids)), PLACE.status == PlaceStatus.WENT
    )
    by_place = {row[1]: row[0] for row in session().execute(went)}
    query = select(DelegationReturn).where(
        RETURN.place_id.in_(list(by_place)), RETURN.answered_at.is_not(None)
    )
    told = told_so_far(session().scalars(query.order_by(RETURN.months)))
    return {
        each: sums_of([told.get(place_id) for place_id, owner in by_place.items() if owner == each])
        for each in delegation_ids
    }


@dataclass(frozen=True)
class Fit:
    """Whether a place fits a business: its sub-sectors and the market's, what subsidy still fits, and its readiness."""

    is_sector: bool | None
    room: Money
    readiness: ReadinessCheck | None
    band: str
    gate: str = ""


def fit_of(found: Delegation, owner: Business) -> Fit:
    """What is known of a business for a place. Sub-sectors that are not known are unknown, not a no."""
    sectors = set(owner.dcms_groups)
    is_sector = bool(sectors & set(found.edition.market.sectors)) if sectors else None
    readiness = latest_finished(owner.id, EXPORT)
    bands = (
        {each["id"]: each["name"] for each in readiness.question_set.content["bands"]} if readiness else {}
    )
    band = str(bands.get(readiness.band, "")) if readiness else ""
    gate = rights_gate(readiness) if readiness else ""
    return Fit(is_sector, standing_of(owner.id, on=found.departs_on).largest, readiness, band, gate)


def place_again(found: DelegationPlace) -> DelegationPlace:
    """A place that was just added, with its delegation, its business and its person."""
    session().expire(found)
    whole = place(found.id)
    assert whole is not None
    return whole


def rights_gate(check: ReadinessCheck) -> str:
    """What an assessment says is to be done before any market, where the business is not sure of its rights; else ""."""
    asked, _of = asked_of(check)
    held = result_of(check).flags
    gates = (each.words for each in asked.gates if RIGHTS_QUESTION in each.questions)
    return next((words for words in gates if words in held), "")


def rooms_in(found: Delegation, business_ids: Sequence[UUID]) -> dict[UUID, Money]:
    """What subsidy still fits for each of some businesses on the day of departure; empty where a place has none."""
    return headrooms_of(business_ids, on=found.departs_on) if found.subsidy.pence > 0 else {}


class Applying:
    """A business that is about to apply for a place in a delegation."""

    def __init__(self, delegation: Delegation, business: Business) -> None:
        self.delegation, self.business = delegation, business

    @property
    def stands_on(self) -> DelegationPlace | Delegation:
        """Where its reader reads more: the application, where there is one, else the delegation."""
        return place_of(self.delegation.id, self.business.id) or self.delegation


def applying(delegation_id: UUID, business_id: UUID) -> Applying | None:
    """A business and a delegation that was opened."""
    found, owner = delegation(delegation_id), business(business_id)
    if found is None or owner is None or found.status is DelegationStatus.DRAFT:
        return None
    return Applying(found, owner)
