"""Reads of the calendar, of who goes, and of export plans."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from crm.accounts.models import Account
from crm.accounts.queries import actor_of
from crm.accounts.workflow import AccountStatus
from crm.businesses.models import Business
from crm.businesses.policy import visible_to
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.db.types import has_word, has_words
from crm.exporting.plans.models import (
    ExportBarrier,
    ExportCountry,
    ExportTask,
    Market,
    MarketEdition,
    MarketVisit,
)
from crm.exporting.plans.rules.countries import HOME
from crm.exporting.plans.workflow import CountryStatus, EditionStatus, VisitStatus
from crm.kernel.clock import has_come, is_past
from crm.kernel.folding import folded, same_name
from crm.kernel.permissions import Actor

MOST, MOST_ROWS, MOST_TODOS = 200, 5_000, 50
COUNTRY, EDITION = ExportCountry.__table__.c, MarketEdition.__table__.c
MARKET, VISIT = Market.__table__.c, MarketVisit.__table__.c
PAST = timedelta(days=366)  # how long after an edition it can be added that a business went
NEWEST = Order((COUNTRY.added_at, COUNTRY.id), lambda row: (row.added_at, row.id), is_descending=True)


@dataclass(frozen=True)
class MarketsWanted:
    """Which markets a list shows: by words, sub-sector, country and usual month; nothing asks for all."""

    text: str = ""
    sector: str = ""
    country: str = ""
    month: str = ""


def markets(wanted: MarketsWanted = MarketsWanted(), *, ended: bool = False) -> Sequence[Market]:
    """The markets that are still held, or those that are no longer, by name."""
    query = select(Market).where(Market.ended.is_(ended))
    if wanted.text.strip():
        query = query.where(has_words(wanted.text, MARKET.name, MARKET.place, MARKET.kind))
    for word, column in ((wanted.sector, MARKET.sectors), (wanted.month, MARKET.months)):
        if word:
            query = query.where(has_word(column, word))
    if wanted.country:
        query = query.where(Market.country == wanted.country)
    found = session().scalars(query.order_by(func.lower(Market.name), Market.id).limit(MOST))
    return sorted(found, key=lambda each: folded(each.name))


def undated_markets(on: date) -> Sequence[Market]:
    """The markets that are still held and have no edition ahead, not even a cancelled one, by name."""
    ahead = or_(EDITION.ends_on.is_(None), ~is_past(EDITION.ends_on, on=on))
    known = set(session().scalars(select(EDITION.market_id).where(ahead).distinct()))
    return [each for each in markets() if each.id not in known]


def market(market_id: UUID) -> Market | None:
    """One market."""
    return session().get(Market, market_id)


def market_named(name: str) -> Market | None:
    """The market of this name, however it is written: the calendar has each once."""
    every = session().scalars(select(Market).order_by(MARKET.name, MARKET.id))
    return next((each for each in every if same_name(each.name) == same_name(name)), None)


def markets_called_like(name: str) -> list[Market]:
    """The markets whose names have all words of a name, or only words of it: "MIPCOM" and "MIPCOM Cannes"."""
    words = set(folded(name).split())
    return [each for each in markets() if words <= (own := set(folded(each.name).split())) or own <= words]


def editions_of(market_id: UUID) -> Sequence[MarketEdition]:
    """The editions of a market, the latest first, those without dates before them."""
    query = select(MarketEdition).options(joinedload(MarketEdition.market))
    query = query.where(MarketEdition.market_id == market_id)
    order = (MarketEdition.starts_on.is_not(None), MarketEdition.starts_on.desc(), MarketEdition.title.desc())
    return session().scalars(query.order_by(*order).limit(MOST)).all()


def coming_editions(on: date) -> Sequence[MarketEdition]:
    """The editions that are not over or cancelled, the next first and those without dates last, by name."""
    query = select(MarketEdition).options(joinedload(MarketEdition.market))
    query = query.where(
        EDITION.status == EditionStatus.PLANNED,
        or_(EDITION.ends_on.is_(None), ~is_past(EDITION.ends_on, on=on)),
    )
    order = (EDITION.starts_on.is_(None), EDITION.starts_on, EDITION.title, EDITION.id)
    found = session().scalars(query.order_by(*order).limit(MOST))
    return sorted(found, key=lambda each: (each.starts_on or date.max, folded(each.name)))


def past_editions(on: date) -> Sequence[MarketEdition]:
    """The editions that were held in the year before a day, the latest first."""
    held = (is_past(EDITION.ends_on, on=on), EDITION.ends_on >= on - PAST)
    query = select(MarketEdition).options(joinedload(MarketEdition.market)).where(*held)
    query = query.where(EDITION.status == EditionStatus.PLANNED)
    return session().scalars(query.order_by(EDITION.ends_on.desc(), EDITION.id).limit(MOST)).all()


def next_editions(market_ids: Sequence[UUID], *, on: date) -> dict[UUID, MarketEdition]:
    """The next edition of each of some markets that is not over; one that was cancelled only where none is planned."""
    is_ahead = or_(EDITION.ends_on.is_(None), ~is_past(EDITION.ends_on, on=on))
    query = select(MarketEdition).where(EDITION.market_id.in_(list(market_ids)), is_ahead)
    is_off = EDITION.status == EditionStatus.CANCELLED
    order = (is_off, EDITION.starts_on.is_(None), EDITION.starts_on, EDITION.title, EDITION.id)
    found: dict[UUID, MarketEdition] = {}
    for each in session().scalars(query.order_by(*order)) if market_ids else ():
        found.setdefault(each.market_id, each)
    return found


def edition(edition_id: UUID) -> MarketEdition | None:
    """One edition with its market."""
    query = select(MarketEdition).options(joinedload(MarketEdition.market))
    return session().scalar(query.where(MarketEdition.id == edition_id))


def edition_called(market_id: UUID, title: str) -> MarketEdition | None:
    """The edition of a market under a title."""
    query = select(MarketEdition).where(MarketEdition.market_id == market_id, MarketEdition.title == title)
    return session().scalar(query)


def _visits() -> Select[MarketVisit]:
    return select(MarketVisit).options(
        joinedload(MarketVisit.edition).joinedload(MarketEdition.market),
        contains_eager(MarketVisit.business).undefer(Business.shared),
    )


def visit(visit_id: UUID) -> MarketVisit | None:
    """One visit with its business and its edition."""
    query = _visits().join(Business, Business.id == MarketVisit.business_id)
    return session().scalar(query.where(MarketVisit.id == visit_id))


def visits_to(market_id: UUID, by: Actor) -> Sequence[MarketVisit]:
    """Who goes to the editions of a market, and who went, of the businesses that an actor sees."""
    query = _visits().join(Business, Business.id == MarketVisit.business_id)
    query = query.join(MarketEdition, MarketEdition.id == MarketVisit.edition_id)
    query = query.where(MarketEdition.market_id == market_id, visible_to(by))
    return session().scalars(query.order_by(Business.sort_name, MarketVisit.id).limit(MOST)).all()


def going_to(edition_id: UUID) -> Sequence[MarketVisit]:
    """The visits of businesses that mean to go to an edition."""
    query = _visits().join(Business, Business.id == MarketVisit.business_id)
    query = query.where(MarketVisit.edition_id == edition_id, VISIT.status == VisitStatus.GOING)
    return session().scalars(query.order_by(Business.sort_name, MarketVisit.id)).all()


def visits_of(*business_ids: UUID) -> Sequence[MarketVisit]:
    """The visits of a business, or of some, the latest noted first."""
    query = _visits().join(Business, Business.id == MarketVisit.business_id)
    query = query.where(MarketVisit.business_id.in_(business_ids))
    return session().scalars(query.order_by(MarketVisit.added_at.desc(), MarketVisit.id).limit(MOST)).all()


def visited_countries(business_id: UUID) -> list[str]:
    """The countries of the markets to which a business goes or went, which its plan does not have yet, by code."""
    query = select(Market.country).join(MarketEdition, MarketEdition.market_id == Market.id)
    query = query.join(MarketVisit, MarketVisit.edition_id == MarketEdition.id)
    planned = select(COUNTRY.country).where(COUNTRY.business_id == business_id)
    known = (MarketVisit.business_id == business_id, Market.country.is_not(None), Market.country != HOME)
    query = query.where(*known, Market.country.not_in(planned)).distinct().order_by(Market.country)
    return [str(each) for each in session().scalars(query.limit(MOST))]


def visit_by(business_id: UUID, edition_id: UUID) -> MarketVisit | None:
    """The visit of a business to an edition."""
    sought = (MarketVisit.business_id == business_id, MarketVisit.edition_id == edition_id)
    return session().scalar(select(MarketVisit).where(*sought))


def _with_business() -> Select[ExportCountry]:
    return (
        select(ExportCountry)
        .join(Business, Business.id == ExportCountry.business_id)
        .options(contains_eager(ExportCountry.business).undefer(Business.shared))
    )


def _tasks() -> tuple[object, ...]:
    tasks = selectinload(ExportCountry.tasks)
    return tasks.joinedload(ExportTask.person), tasks.joinedload(ExportTask.account)


def country(country_id: UUID) -> ExportCountry | None:
    """One country of a plan with its business."""
    return session().scalar(_with_business().where(ExportCountry.id == country_id))


def country_in_plan(business_id: UUID, code: str) -> ExportCountry | None:
    """A business's plan for a country, by the country's code."""
    sought = (ExportCountry.business_id == business_id, ExportCountry.country == code)
    return session().scalar(select(ExportCountry).where(*sought))


def plan_of(business_id: UUID, *, with_tasks: bool = True) -> Sequence[ExportCountry]:
    """The countries of a business's plan, the first added first, with their tasks unless nobody reads these."""
    tasks = _tasks() if with_tasks else ()
    query = _with_business().where(ExportCountry.business_id == business_id).options(*tasks)  # type: ignore[arg-type]
    return session().scalars(query.order_by(COUNTRY.added_at, COUNTRY.id).limit(MOST)).all()


def task(task_id: UUID) -> ExportTask | None:
    """One task with its owner, its country and the business."""
    to_business = joinedload(ExportTask.country).joinedload(ExportCountry.business)
    query = select(ExportTask).options(
        to_business.undefer(Business.shared),
        joinedload(ExportTask.person),
        joinedload(ExportTask.account),
    )
    return session().scalar(query.where(ExportTask.id == task_id))


def barrier(barrier_id: UUID) -> ExportBarrier | None:
    """One barrier with its business."""
    query = select(ExportBarrier).options(joinedload(ExportBarrier.business).undefer(Business.shared))
    return session().scalar(query.where(ExportBarrier.id == barrier_id))


def barriers_of(business_id: UUID) -> Sequence[ExportBarrier]:
    """The barriers that a business met, those still in the way first."""
    query = select(ExportBarrier).where(ExportBarrier.business_id == business_id)
    order = (ExportBarrier.removed_on.is_not(None), ExportBarrier.met_on.desc(), ExportBarrier.id)
    return session().scalars(query.order_by(*order).limit(MOST)).all()


@dataclass(frozen=True)
class PlansWanted:
    """Which countries of plans a list shows; nothing asks for all."""

    country: str = ""
    route: str = ""
    status: str = ""


def _wanted(wanted: PlansWanted, by: Actor) -> Select[ExportCountry]:
    query = _with_business().where(visible_to(by))
    for column, value in (
        (COUNTRY.country, wanted.country),
        (COUNTRY.route, wanted.route),
        (COUNTRY.status, wanted.status),
    ):
        if value:
            query = query.where(column == value)
    return query


def plans(wanted: PlansWanted, by: Actor, *, cursor: str | None = None) -> Slice[ExportCountry]:
    """One page of the countries of the plans that an actor sees, the newest first."""
    return slice_of(_wanted(wanted, by), NEWEST, cursor=cursor)


def every_plan(wanted: PlansWanted, by: Actor) -> Sequence[ExportCountry]:
    """The same as one list, for a file."""
    query = _wanted(wanted, by).order_by(COUNTRY.added_at.desc(), COUNTRY.id.desc())
    return session().scalars(query.limit(MOST_ROWS)).all()


def count_plans(wanted: PlansWanted, by: Actor) -> int:
    """How many there are."""
    return session().scalar(select(func.count()).select_from(_wanted(wanted, by).subquery())) or 0


def tasks_due(*, account_id: UUID | None, business_ids: Sequence[UUID], until: date) -> Sequence[ExportTask]:
    """The tasks that are due up to a day: those of an account, and those of people at some businesses."""
    to_business = joinedload(ExportTask.country).joinedload(ExportCountry.business)
    query = select(ExportTask).join(ExportCountry, ExportCountry.id == ExportTask.country_id)
    query = query.options(to_business.undefer(Business.shared))
    own = ExportCountry.business_id.in_(list(business_ids)) & ExportTask.person_id.is_not(None)
    query = query.where(
        ExportTask.done_at.is_(None),
        has_come(ExportTask.due_on, on=until),
        COUNTRY.status != CountryStatus.DROPPED,
        or_(ExportTask.account_id == account_id, own) if account_id else own,
    )
    return session().scalars(query.order_by(ExportTask.due_on, ExportTask.id).limit(MOST)).all()


def sanctioned_untended(actor: Actor, codes: Collection[str]) -> Sequence[ExportCountry]:
    """The countries of some codes in plans that an actor sees, not set aside, for which none of our staff has a task."""
    tended = exists().where(ExportTask.country_id == COUNTRY.id, ExportTask.account_id.is_not(None))
    query = _with_business().where(visible_to(actor), COUNTRY.country.in_(list(codes)), ~tended)
    query = query.where(COUNTRY.status != CountryStatus.DROPPED)
    return session().scalars(query.order_by(COUNTRY.added_at, COUNTRY.id).limit(MOST_TODOS)).all()


def tasks_held_by(account_ids: Collection[UUID]) -> Sequence[ExportTask]:
    """The tasks that some of our staff have still to do, of countries that are not set aside, the first to be done first."""
    to_business = joinedload(ExportTask.country).joinedload(ExportCountry.business)
    query = select(ExportTask).join(ExportCountry, ExportCountry.id == ExportTask.country_id)
    query = query.options(to_business.undefer(Business.shared)).where(
        ExportTask.account_id.in_(account_ids),
        ExportTask.done_at.is_(None),
        COUNTRY.status != CountryStatus.DROPPED,
    )
    return session().scalars(query.order_by(ExportTask.due_on, ExportTask.id).limit(MOST)).all()


def has_markets() -> bool:
    """Whether the calendar holds anything yet."""
    return bool(session().scalar(select(exists(select(Market.id)))))


def worked_with(account_id: UUID) -> tuple[Select[Any], ...]:
    """The ids of the businesses whose export plans have a task that a person has still to do."""
    task = ExportTask.__table__.c
    asked = (task.account_id == account_id, task.done_at.is_(None))
    return (
        select(COUNTRY.business_id).join(ExportTask.__table__, task.country_id == COUNTRY.id).where(*asked),
    )


@dataclass(frozen=True)
class BarriersWanted:
    """Which barriers a report lists: of one kind, and in the way now (``open``) or ``removed``; nothing asks for all."""

    kind: str = ""
    state: str = ""


def barriers_met(wanted: BarriersWanted, by: Actor) -> Sequence[ExportBarrier]:
    """The barriers of the businesses that an actor sees, the latest met first."""
    met = ExportBarrier.__table__.c
    query = select(ExportBarrier).join(Business, Business.id == ExportBarrier.business_id)
    query = query.options(contains_eager(ExportBarrier.business)).where(visible_to(by))
    if wanted.kind:
        query = query.where(met.kind == wanted.kind)
    if wanted.state:
        query = query.where(met.removed_on.is_(None) == (wanted.state == "open"))
    return session().scalars(query.order_by(met.met_on.desc(), met.id).limit(MOST_ROWS)).all()


@dataclass(frozen=True)
class VisitsWanted:
    """Which visits to markets a report lists: to one market, and in one state; nothing asks for all."""

    market_id: UUID | None = None
    status: str = ""


def visits_made(wanted: VisitsWanted, by: Actor) -> Sequence[MarketVisit]:
    """The visits to markets of the businesses that an actor sees, the latest noted first."""
    query = _visits().join(Business, Business.id == MarketVisit.business_id)
    query = query.join(MarketEdition, MarketEdition.id == MarketVisit.edition_id).where(visible_to(by))
    if wanted.market_id:
        query = query.where(EDITION.market_id == wanted.market_id)
    if wanted.status:
        query = query.where(*_in_state(wanted.status))
    return session().scalars(query.order_by(VISIT.added_at.desc(), VISIT.id).limit(MOST_ROWS)).all()


def _in_state(state: str) -> tuple[ColumnElement[bool], ...]:
    """The visits in one state of `workflow.visit_state`."""
    if state not in ("going", "off"):
        return (VISIT.status == state,)
    is_off = EDITION.status == EditionStatus.CANCELLED
    return (VISIT.status == VisitStatus.GOING, is_off if state == "off" else ~is_off)


def visits_to_settle(by: Actor, *, on: date) -> Sequence[MarketVisit]:
    """The visits, of businesses that an actor sees, to a market that is over or was cancelled and of which nobody has said
    whether it went.
    """
    query = _visits().join(Business, Business.id == MarketVisit.business_id)
    query = query.join(MarketEdition, MarketEdition.id == MarketVisit.edition_id).where(visible_to(by))
    is_settled = or_(is_past(EDITION.ends_on, on=on), EDITION.status == EditionStatus.CANCELLED)
    query = query.where(VISIT.status == VisitStatus.GOING, is_settled)
    return session().scalars(query.order_by(VISIT.added_at, VISIT.id).limit(MOST)).all()


def actors_of(account_ids: Collection[UUID]) -> dict[UUID, Actor]:
    """Some accounts that are in use, as policies know them."""
    query = select(Account).options(selectinload(Account.grants))
    query = query.where(
        Account.id.in_(list(account_ids)), Account.__table__.c.status != AccountStatus.DEACTIVATED
    )
    return {each.id: actor_of(each) for each in session().scalars(query)} if account_ids else {}
