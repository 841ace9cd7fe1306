"""Reads of checks, of who was shut out, and of what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from crm.businesses.models import Business, YearlyFigures
from crm.businesses.policy import visible_to as businesses_visible_to
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.db.types import has_words
from crm.directory.models import Service
from crm.directory.queries import services_by_id
from crm.evidence.models import ShutOut
from crm.exporting.cover.models import CoverCheck
from crm.exporting.cover.policy import is_outside, visible_to
from crm.exporting.cover.rules.checking import TURNOVER, Limits
from crm.exporting.cover.rules.counting import Attempt, Case, case_of
from crm.exporting.cover.rules.products import WISHES, products, ways_on
from crm.figures.queries import current_figures, figure_on
from crm.kernel.clock import day_of, today
from crm.kernel.money import Money
from crm.kernel.permissions import Actor
from crm.referrals.models import Referral
from crm.referrals.workflow import Outcome

CHECKS, OUTS, REFERRALS = CoverCheck.__table__.c, ShutOut.__table__.c, Referral.__table__.c
NEWEST = Order((CHECKS.at, CHECKS.id), lambda row: (row.at, row.id), is_descending=True)
MOST_ATTEMPTS, MOST_OF_A_BUSINESS, MOST_TODOS, MOST_ROWS = 20_000, 200, 50, 5_000
WITHDRAWN = "withdrawn"
_LATER = aliased(CoverCheck)
IS_WITHDRAWN = exists(
    select(_LATER.id).where(_LATER.shut_out_id == OUTS.id, _LATER.withdrawn_at.is_not(None))
).correlate(ShutOut)
"""That the check which recorded a shut-out was withdrawn."""


def limits_on(day: date) -> Limits:
    """The figures that hold on a day."""
    return Limits(
        focus=figure_on("trade.turnover_focus", on=day),
        small=figure_on("cover.small_limit", on=day),
        uk_content=int(figure_on("cover.uk_content", on=day)),
        share_one_year=int(figure_on("cover.share_one_year", on=day)),
        share_each_year=int(figure_on("cover.share_each_year", on=day)),
        general_most=figure_on("cover.general_most", on=day),
        online_months=int(figure_on("cover.online_months", on=day)),
    )


def cover_check(cover_id: UUID) -> CoverCheck | None:
    """One check with its business."""
    owner = joinedload(CoverCheck.business)
    query = select(CoverCheck).where(CHECKS.id == cover_id)
    return session().scalar(query.options(owner.undefer(Business.shared)))


def checks_of(business_id: UUID) -> Sequence[CoverCheck]:
    """The checks of a business, the newest first."""
    query = select(CoverCheck).where(CHECKS.business_id == business_id)
    return session().scalars(query.order_by(CHECKS.at.desc(), CHECKS.id).limit(MOST_OF_A_BUSINESS)).all()


@dataclass(frozen=True)
class ChecksWanted:
    """Which checks a list shows: by words in the name of the business, the buyer's country and the result."""

    text: str = ""
    country: str = ""
    result: str = ""


def _wanted(wanted: ChecksWanted, actor: Actor) -> Select[CoverCheck]:
    query = select(CoverCheck).join(CoverCheck.business).where(visible_to(actor))
    if wanted.text.strip():
        query = query.where(has_words(wanted.text, Business.__table__.c.name))
    if wanted.country:
        query = query.where(CHECKS.country == wanted.country)
    if wanted.result == WITHDRAWN:
        query = query.where(CHECKS.withdrawn_at.is_not(None))
    elif wanted.result:
        query = query.where(CHECKS.result == wanted.result, CHECKS.withdrawn_at.is_(None))
    return query.options(contains_eager(CoverCheck.business))


def checks(wanted: ChecksWanted, actor: Actor, *, cursor: str | None = None) -> Slice[CoverCheck]:
    """One page of the checks that an actor may see, the newest first."""
    return slice_of(_wanted(wanted, actor), NEWEST, cursor=cursor)


def count_checks(wanted: ChecksWanted, actor: Actor) -> int:
    """How many there are."""
    rows = _wanted(wanted, actor).with_only_columns(CHECKS.id).order_by(None).subquery()
    return session().scalar(select(func.count()).select_from(rows)) or 0


def every_check(wanted: ChecksWanted, actor: Actor) -> Sequence[CoverCheck]:
    """The same as one list, for a file."""
    query = _wanted(wanted, actor).order_by(CHECKS.at.desc(), CHECKS.id.desc())
    return session().scalars(query.limit(MOST_ROWS)).all()


def referrals_since(check: CoverCheck) -> dict[str, Referral]:
    """The latest referral of the business since a check, by the directory's short name of its service."""
    query = select(Referral).where(
        REFERRALS.business_id == check.business_id, REFERRALS.created_at >= check.at
    )
    query = query.options(joinedload(Referral.service)).order_by(REFERRALS.created_at)
    rows = session().scalars(query.limit(200)).all()
    return {each.service.service_id: each for each in rows if each.service is not None}


def open_services() -> Mapping[str, Any]:
    """The services of the directory that can be referred to now, by short name."""
    return {key: each for key, each in services_by_id().items() if each.is_available(on=today())}


def offers_shut(business_id: UUID) -> set[str]:
    """The products that a threshold has shut a business out of so far, by checks that were not withdrawn."""
    query = select(OUTS.offer).where(OUTS.business_id == business_id, ~IS_WITHDRAWN)
    return set(session().scalars(query.distinct()))


@dataclass(frozen=True)
class Wanted:
    """Which attempts a list shows; what is empty asks nothing."""

    sector: str = ""
    wanted: str = ""
    band: str = ""
    became: str = ""

    def holds(self, attempt: Attempt) -> bool:
        """Whether it is one of these."""
        parts = attempt.parts()
        return all(not asked or parts[name] == asked for name, asked in vars(self).items())


def attempts(actor: Actor, *, of_all: bool = False) -> list[Attempt]:
    """Each contract for which the threshold of turnover shut out a business: of all, or of those that an actor may see.

    Figures are the programme's, so that everybody reads the same ones; the rows behind them open only what one may see.
    """
    query = select(ShutOut, CoverCheck).where(OUTS.rule == TURNOVER, ~IS_WITHDRAWN)
    query = query.outerjoin(CoverCheck, CHECKS.shut_out_id == OUTS.id).options(joinedload(ShutOut.business))
    if not of_all:
        query = query.join(ShutOut.business).where(businesses_visible_to(actor))
    told = session().execute(query.order_by(OUTS.at.desc(), OUTS.id).limit(MOST_ATTEMPTS)).all()
    became = _became({row.business_id: row for row, _ in told})
    newest: dict[tuple[Any, ...], list[tuple[ShutOut, CoverCheck | None]]] = {}
    for row, check in told:
        contract = (row.business_id, row.wanted, row.offer, _country(check) or row.id)
        newest.setdefault(contract, []).append((row, check))
    return [_attempt(rows, became) for rows in newest.values()]


def _country(check: CoverCheck | None) -> str:
    """The buyer's country of a check; empty where a row is older than the record of its check."""
    return check.country if check else ""


def _attempt(rows: Sequence[tuple[ShutOut, CoverCheck | None]], became: Mapping[UUID, str]) -> Attempt:
    """A contract by its checks, the newest first."""
    row, check = rows[0]
    assert row.threshold is not None
    assert row.figure is not None
    return Attempt(
        business_id=row.business_id,
        business=row.business.name,
        sector=row.sector,
        wanted=row.wanted,
        offer_name=row.offer_name,
        threshold=row.threshold,
        figure=row.figure,
        happened_on=row.happened_on,
        first_on=rows[-1][0].happened_on,
        became=became[row.business_id],
        checks=len(rows),
        check_id=check.id if check else None,
        country=_country(check),
        contract=check.told["sentence"] if check else "",
    )


def _became(first: Mapping[UUID, ShutOut]) -> dict[UUID, str]:
    """What became of each business since it was first shut out."""
    sent = _referred(first)
    turnover = turnover_of(first)
    found = {}
    for key, row in first.items():
        now, outcomes = turnover.get(key), [outcome for at, outcome in sent.get(key, ()) if at >= row.at]
        is_over = now is not None and row.threshold is not None and now.pence >= row.threshold.pence
        is_helped = bool({Outcome.HELPED, Outcome.FUNDED} & {*outcomes})
        found[key] = "helped" if is_helped else "referred" if outcomes else "over" if is_over else "nothing"
    return found


def _referred(owners: Iterable[UUID]) -> dict[UUID, list[tuple[datetime, Outcome | None]]]:
    """When each business was referred to a product or another way on that a check names, and with what outcome."""
    of_export = {each.service for each in products()} | {each.service for each in ways_on() if each.service}
    query = select(REFERRALS.business_id, REFERRALS.sent_at, REFERRALS.outcome)
    query = query.join(Service, Service.id == REFERRALS.service_id).where(Service.service_id.in_(of_export))
    query = query.where(REFERRALS.business_id.in_(list(owners)), REFERRALS.sent_at.is_not(None))
    found: dict[UUID, list[tuple[datetime, Outcome | None]]] = {}
    for owner, at, outcome in session().execute(query.limit(MOST_ATTEMPTS)):
        found.setdefault(owner, []).append((at, outcome))
    return found


def turnover_of(owners: Iterable[UUID]) -> dict[UUID, Money | None]:
    """The turnover of each business in its latest year on record; None where that year does not tell it."""
    columns = YearlyFigures.__table__.c
    query = select(columns.business_id, columns.turnover).where(columns.business_id.in_(list(owners)))
    rows = session().execute(query.order_by(columns.year_end).limit(MOST_ATTEMPTS))
    return {row.business_id: row.turnover for row in rows}


def case_for(actor: Actor) -> Case:
    """The case of the whole programme against the threshold of turnover; people outside are told no small figures."""
    return case_of(attempts(actor, of_all=True), WISHES, is_outside=is_outside(actor))


def source_of_threshold(on: date) -> str | None:
    """From where the threshold of turnover that holds on a day is known."""
    rows = (row for each, row, _ in current_figures(on) if each.name == "trade.turnover_focus")
    return next((row.source for row in rows if row is not None), None)


@dataclass(frozen=True)
class Crossed:
    """A business that a threshold shut out and that has since grown past it."""

    business_id: UUID
    business: str
    threshold: Money
    turnover: Money
    since: date


def crossed(actor: Actor) -> list[Crossed]:
    """The businesses that have grown past a threshold and were not checked again since."""
    query = (
        select(ShutOut)
        .where(OUTS.rule == TURNOVER, ~IS_WITHDRAWN)
        .join(ShutOut.business)
        .where(businesses_visible_to(actor))
    )
    rows = session().scalars(query.options(joinedload(ShutOut.business)).order_by(OUTS.at, OUTS.id)).all()
    last = {each.business_id: each for each in rows}
    turnover, checked = turnover_of(last), _checked(last)
    found = []
    for key, row in last.items():
        now = turnover.get(key)
        if now is None or row.threshold is None or now.pence < row.threshold.pence:
            continue
        if checked.get(key) is None or checked[key].pence < row.threshold.pence:
            found.append(Crossed(key, row.business.name, row.threshold, now, day_of(row.at)))
    return found[:MOST_TODOS]


def _checked(owners: Iterable[UUID]) -> dict[UUID, Money]:
    """The largest turnover with which each business was checked."""
    query = select(CHECKS.business_id, func.max(CHECKS.turnover)).where(
        CHECKS.business_id.in_(list(owners)), CHECKS.withdrawn_at.is_(None)
    )
    rows = session().execute(query.group_by(CHECKS.business_id))
    return {owner: turnover or Money(0) for owner, turnover in rows}
