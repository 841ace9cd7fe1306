"""Reads of checks, of who was shut out, and of what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from crm.accounts.models import Account
from crm.businesses.models import YEAR, Business, YearlyFigures
from crm.businesses.policy import visible_to as businesses_visible_to
from crm.db.paging import Order, Slice, slice_of
from crm.db.remembering import remembered
from crm.db.session import session
from crm.db.types import has_words
from crm.diagnostics.queries.bands import band_in_words
from crm.diagnostics.queries.readiness import latest_finished
from crm.diagnostics.rules.readiness import EXPORT, Circumstances
from crm.diagnostics.rules.scoring import in_words
from crm.directory.models import Service
from crm.directory.queries import services_by_id
from crm.evidence.models import ShutOut
from crm.evidence.workflow import Occasion
from crm.exporting.cover.models import CoverCheck
from crm.exporting.cover.policy import is_outside, visible_to
from crm.exporting.cover.rules.checking import TURNOVER, Firm, Limits
from crm.exporting.cover.rules.counting import Answer, Attempt, Case, became_of, case_of
from crm.exporting.cover.rules.products import WISHES, services_for
from crm.exporting.plans.queries import plan_of
from crm.exporting.plans.rules.countries import country_name
from crm.exporting.plans.rules.labels import COUNTRY_STATUSES
from crm.exporting.plans.workflow import CountryStatus
from crm.figures.queries import current_figures, figure_on
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, today
from crm.kernel.money import Money
from crm.kernel.permissions import Actor
from crm.referrals.models import Referral
from crm.referrals.workflow import Outcome

CHECKS, OUTS, REFERRALS = CoverCheck.__table__.c, ShutOut.__table__.c, Referral.__table__.c
NEWEST = Order((CHECKS.at, CHECKS.id), lambda row: (row.at, row.id), is_descending=True)
MOST_ATTEMPTS, MOST_OF_A_BUSINESS, MOST_ROWS = 20_000, 200, 5_000
WITHDRAWN, UNKNOWN = "withdrawn", "unknown"
SAID = {True: "yes", False: "no", None: UNKNOWN}
_LATER = aliased(CoverCheck)
IS_WITHDRAWN = or_(
    *(
        exists(select(_LATER.id).where(known, _LATER.withdrawn_at.is_not(None))).correlate(ShutOut)
        for known in (_LATER.shut_out_id == OUTS.id, _LATER.id == OUTS.subject_id)
    )
)
"""That the check which recorded a shut-out was withdrawn, whichever of its rules the row is about."""
BY_COVER = OUTS.occasion == Occasion.COVER
"""That a check recorded it: other rooms record theirs in the same table."""


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
    """One check with its business and what is known of it now."""
    owner = joinedload(CoverCheck.business)
    query = select(CoverCheck).where(CHECKS.id == cover_id)
    parts = (*map(owner.undefer, (Business.shared, Business.passed_on)), owner.joinedload(Business.figures))
    query = query.options(*parts, joinedload(CoverCheck.answered_by))
    return session().scalars(query).unique().one_or_none()


@remembered
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


@dataclass(frozen=True)
class Known:
    """What a business has told before that a contract is asked about too, and in words from where each is known."""

    values: Mapping[str, Any]
    told: tuple[str, ...]
    countries: tuple[str, ...]


def known_of(business_id: UUID) -> Known:
    """The country where its plan has just one, what it sells, and whether it is in a group: nobody is asked twice.

    The last check that was not withdrawn is nearer to a contract than the readiness assessment.
    """
    active = [each.country for each in plan_of(business_id) if each.status is CountryStatus.ACTIVE]
    last = next((each for each in checks_of(business_id) if each.withdrawn_at is None), None)
    ready = None if last else latest_finished(business_id, EXPORT)
    values, told = dict[str, str](), list[str]()
    if len(active) == 1:
        values["country"] = country_name(active[0])
        told.append("the country, from the export plan")
    if last is not None:
        is_in_group = last.told.get("is_in_group")
        values |= {"sells": last.told["sells"], "in_group": SAID[is_in_group]}
        what = "what is sold" if is_in_group is None else "what is sold and the group"
        told.append(f"{what}, from the check on {day_in_words(day_of(last.at))}")
    elif ready is not None:
        values["sells"] = Circumstances.read(ready.circumstances).sells
        told.append("what is sold, from the export readiness assessment")
    return Known(values, tuple(told), tuple(country_name(each) for each in active))


def told_to_adviser(business_id: UUID) -> list[str]:
    """What an adviser on markets starts from: the countries of the export plan, and the result of the readiness assessment."""
    rows = [
        each for each in plan_of(business_id, with_tasks=False) if each.status is not CountryStatus.DROPPED
    ]
    told = [f"{country_name(each.country)} ({COUNTRY_STATUSES[each.status].lower()})" for each in rows]
    ready = latest_finished(business_id, EXPORT)
    said = [f"Countries in the export plan: {'; '.join(told)}."] if told else []
    if ready is not None and ready.finished_at is not None:
        result = f"{band_in_words(ready)}, {in_words(ready.score or 0)} out of 100"
        said.append(f"Export readiness: {result}, on {day_in_words(day_of(ready.finished_at))}.")
    return said


def is_planned(check: CoverCheck) -> bool:
    """Whether the country of the buyer is in the export plan of the business."""
    return check.country in {
        country_name(each.country) for each in plan_of(check.business_id, with_tasks=False)
    }


def open_services() -> Mapping[str, Any]:
    """The services of the directory that can be referred to now, by short name."""
    return {key: each for key, each in services_by_id().items() if each.is_available(on=today())}


def offers_shut(business_id: UUID) -> set[tuple[UUID | None, str]]:
    """Whose checks so far found that a threshold shuts a business out of which product, withdrawn ones too."""
    query = select(OUTS.by_id, OUTS.offer).where(OUTS.business_id == business_id, BY_COVER).distinct()
    return {(by_id, offer) for by_id, offer in session().execute(query.limit(MOST_ROWS))}


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


def attempts(
    actor: Actor, *, of_all: bool = False, is_each: bool = False, only: Sequence[ColumnElement[bool]] = ()
) -> list[Attempt]:
    """Each contract for which the threshold of turnover shut out a business: of all, or of those that an actor may see.

    Figures are the programme's, so that everybody reads the same ones; the rows behind them open only what one may see.
    With ``is_each``, every check of a contract is a row of its own.
    """
    query = select(ShutOut, CoverCheck).where(BY_COVER, OUTS.rule == TURNOVER, ~IS_WITHDRAWN, *only)
    query = query.outerjoin(CoverCheck, CHECKS.shut_out_id == OUTS.id)
    query = query.options(joinedload(ShutOut.business), joinedload(CoverCheck.answered_by))
    if not of_all:
        query = query.join(ShutOut.business).where(businesses_visible_to(actor))
    told = session().execute(query.order_by(OUTS.at.desc(), OUTS.id).limit(MOST_ATTEMPTS)).all()
    newest: dict[tuple[Any, ...], list[tuple[ShutOut, CoverCheck | None]]] = {}
    countries: dict[UUID, str] = {}
    for row, check in told:
        contract = (row.business_id, row.wanted, row.offer, _buyer(check, countries) or row.id)
        newest.setdefault(contract, []).append((row, check))
    owners = {row.business_id for row, _ in told}
    sent, turnover = _referred(owners), turnover_of(owners)
    found = []
    for rows in newest.values():
        owner = rows[0][0].business_id
        made = _attempt(rows, _answer(rows, sent.get(owner, ())), turnover.get(owner))
        found += [_one_of(made, each) for each in rows] if is_each else [made]
    return found


def _buyer(check: CoverCheck | None, countries: dict[UUID, str]) -> str:
    """The buyer's country of a contract: that of its newest check, which comes first."""
    return countries.setdefault(check.contract_id, check.country) if check else ""


def _country(check: CoverCheck | None) -> str:
    return check.country if check else ""


def _attempt(
    rows: Sequence[tuple[ShutOut, CoverCheck | None]], answer: Answer | None, turnover: Money | None
) -> Attempt:
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
        became=became_of(answer, is_over=turnover is not None and turnover.pence >= row.threshold.pence),
        now=turnover,
        checks=len(rows),
        check_id=check.id if check else None,
        contract_id=check.contract_id if check else None,
        country=_country(check),
        contract=check.told["sentence"] if check else "",
        answer=answer,
    )


def _one_of(made: Attempt, pair: tuple[ShutOut, CoverCheck | None]) -> Attempt:
    """One check of a contract, with what became of the need of the contract."""
    row, check = pair
    assert row.figure is not None
    known = {"check_id": check.id, "contract": check.told["sentence"]} if check else {"check_id": None}
    return replace(
        made, happened_on=row.happened_on, first_on=row.happened_on, figure=row.figure, checks=1, **known
    )


@dataclass(frozen=True)
class Sent:
    """One referral of a business to a service that answers some need of exporting."""

    service: str
    name: str
    at: datetime
    by: str
    outcome: Outcome | None

    @property
    def has_helped(self) -> bool:
        """Whether the service said that it helped."""
        return self.outcome in (Outcome.HELPED, Outcome.FUNDED)


def _answer(rows: Sequence[tuple[ShutOut, CoverCheck | None]], sent: Sequence[Sent]) -> Answer | None:
    """What answered the need of one contract: what was recorded of it, or a referral since to a service for this need.

    What a business was given for another need answers nothing here.
    """
    recorded = [check for _, check in rows if check is not None and check.answered_on is not None]
    if recorded:
        last = max(recorded, key=lambda each: (each.answered_on, each.answered_at))
        by = last.answered_by.name if last.answered_by else "the system"
        assert last.answered_on is not None
        return Answer(last.answered_with, last.answered_on, by, has_helped=True)
    first, _ = rows[-1]
    wanted = services_for(first.wanted)
    since = [each for each in sent if each.service in wanted and each.at >= first.at]
    best = max(since, key=lambda each: (each.has_helped, each.at), default=None)
    return Answer(best.name, day_of(best.at), best.by, best.has_helped) if best else None


def _referred(owners: Iterable[UUID]) -> dict[UUID, list[Sent]]:
    """The referrals of each business to the services that a check names."""
    of_export = {each for wish in WISHES for each in services_for(wish)}
    query = select(
        *(REFERRALS.business_id, Service.service_id, Service.name, REFERRALS.sent_at),
        *(func.coalesce(Account.name, "the system"), REFERRALS.outcome),
    )
    query = query.join(Service, Service.id == REFERRALS.service_id).where(Service.service_id.in_(of_export))
    query = query.outerjoin(Account, Account.id == REFERRALS.created_by_id)
    query = query.where(REFERRALS.business_id.in_(list(owners)), REFERRALS.sent_at.is_not(None))
    found: dict[UUID, list[Sent]] = {}
    for owner, *told in session().execute(query.limit(MOST_ATTEMPTS)):
        found.setdefault(owner, []).append(Sent(*told))
    return found


def turnover_of(owners: Iterable[UUID]) -> dict[UUID, Money | None]:
    """The turnover of each business in its latest year on record; None where that year does not tell it."""
    columns = YearlyFigures.__table__.c
    of_a_year = case((columns.months == YEAR, columns.turnover)).label("turnover")
    query = select(columns.business_id, of_a_year).where(columns.business_id.in_(list(owners)))
    rows = session().execute(query.order_by(columns.year_end).limit(MOST_ATTEMPTS))
    return {row.business_id: row.turnover for row in rows}


def case_for(actor: Actor) -> tuple[Case, Case]:
    """The case of the whole programme against the threshold of turnover, and that of the rows that open for an actor.

    People outside are told no small figures, and nothing opens for them.
    """
    rows = attempts(actor, of_all=True)
    owners = Business.id.in_({each.business_id for each in rows})
    seen = set(session().scalars(select(Business.id).where(owners, businesses_visible_to(actor))))
    whole = case_of(rows, WISHES, is_outside=is_outside(actor))
    return whole, case_of([each for each in rows if each.business_id in seen], WISHES, is_outside=False)


def source_of_threshold(on: date) -> str | None:
    """From where the threshold of turnover that holds on a day is known."""
    rows = (row for each, row, _ in current_figures(on) if each.name == "trade.turnover_focus")
    return next((row.source for row in rows if row is not None), None)


def crossed(actor: Actor, *, of: UUID | None = None) -> list[Attempt]:
    """The contracts of businesses that have grown past the threshold that shut them out, unless they were checked again since.

    Of all businesses that an actor sees, or of one; the longest shut out first.
    """
    columns = YearlyFigures.__table__.c
    has_grown = (columns.business_id == OUTS.business_id, columns.turnover >= OUTS.threshold)
    only = [exists(select(columns.id).where(*has_grown)), *([OUTS.business_id == of] if of else [])]
    rows = [each for each in attempts(actor, only=only) if each.is_past]
    again = _checked({each.business_id for each in rows})
    return [each for each in reversed(rows) if not any(map(each.is_repeated_by, again))]


def _checked(owners: Iterable[UUID]) -> Sequence[CoverCheck]:
    """The checks of some businesses that count."""
    query = select(CoverCheck).where(CHECKS.business_id.in_(list(owners)), CHECKS.withdrawn_at.is_(None))
    return session().scalars(query.limit(MOST_ATTEMPTS)).all() if owners else ()


def firm_of(business: Business) -> Firm:
    """What the record knows of a business. Its figures must be loaded, the latest first."""
    years = business.figures
    latest = years[0] if years else None
    is_other = latest is not None and latest.turnover is not None and latest.turnover_of_a_year is None
    return Firm(
        turnover=latest.turnover_of_a_year if latest else None,
        told_for=f"{latest.turnover} was for {latest.period}" if latest is not None and is_other else "",
        shares=tuple(_share(each) for each in years[:3]),
        has_number=bool(business.company_number),
        form=business.legal_form,
    )


def _share(year: YearlyFigures) -> Decimal | None:
    if year.export_turnover is None or not year.turnover:
        return None
    return Decimal(year.export_turnover.pence * 100) / Decimal(year.turnover.pence)
