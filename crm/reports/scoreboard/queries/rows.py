"""The rows behind a number: each with its business and who says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, case, false, func, or_, select, true

from crm.accounts.models import Account
from crm.businesses.models import Business
from crm.businesses.policy import visible_to
from crm.db.counting import Measure
from crm.db.session import session
from crm.kernel.clock import day_of
from crm.kernel.permissions import Actor
from crm.reports.scoreboard.queries.counting import narrowed, sums_of
from crm.reports.scoreboard.rules.periods import Period
from crm.reports.scoreboard.rules.showing import Tally, Wanted

BUSINESS, ACCOUNT = Business.__table__.c, Account.__table__.c
PAGE, AT_ONCE = 50, 1_000


@dataclass(frozen=True)
class Row:
    """One row of a measure: its day, its business, its amount, and who says so."""

    id: UUID
    on: date
    business_id: UUID | None
    business: str
    named: str
    amount: int
    by: str
    sees_business: bool
    sees_row: bool

    @property
    def thing(self) -> str:
        """What the row is, where that says more than its business."""
        return "" if self.named.casefold() in self.business.casefold() else self.named

    @property
    def called(self) -> str:
        """The business and the thing in one line."""
        return ": ".join(filter(None, (self.business, self.thing)))


@dataclass(frozen=True)
class Behind:
    """What is behind a number: its measure and period, and what it was narrowed to."""

    measure: Measure
    period: Period
    wanted: Wanted


def _sees(actor: Actor) -> ColumnElement[bool]:
    """Whether an actor sees the business of a row, which is joined from the outside."""
    return BUSINESS.id.is_not(None) & visible_to(actor)


def _sees_row(measure: Measure, rows: Subquery, actor: Actor) -> ColumnElement[bool]:
    """Whether an actor may open the row's own page by the rules of its room, where those are not the rules for its business."""
    return rows.c.id.in_(measure.seen_by(actor)) if measure.seen_by else false()


def _is_seen(measure: Measure, rows: Subquery, actor: Actor) -> ColumnElement[bool]:
    """Whether an actor sees a row of a measure."""
    if actor.is_system or actor.has(*measure.readers):
        return true()
    return or_(_sees_row(measure, rows, actor), _sees(actor))


def _rows(behind: Behind) -> Subquery:
    return behind.measure.rows_in(*behind.period.days).subquery()


def _query(behind: Behind, actor: Actor) -> Select[Any]:
    """The rows that an actor may see, the newest first."""
    rows = _rows(behind)
    is_open = _sees_row(behind.measure, rows, actor)
    told = (
        rows.c.id,
        rows.c.at,
        rows.c.business_id,
        BUSINESS.name,
        rows.c.named,
        rows.c.amount,
        ACCOUNT.name,
        rows.c.by_name,
    )
    query = select(*told, case((_sees(actor), 1), else_=0), case((is_open, 1), else_=0)).select_from(rows)
    query = query.outerjoin(Business, BUSINESS.id == rows.c.business_id)
    query = query.outerjoin(Account, ACCOUNT.id == rows.c.by_id)
    query = query.where(*narrowed(behind.wanted, rows), _is_seen(behind.measure, rows, actor))
    return query.order_by(rows.c.at.desc(), rows.c.id)


def count(behind: Behind, actor: Actor) -> tuple[Tally, int]:
    """What the rows come to, and how many of them an actor may see."""
    rows = _rows(behind)
    seen = func.coalesce(func.sum(case((_is_seen(behind.measure, rows, actor), 1), else_=0)), 0)
    query = select(*sums_of(rows), seen).select_from(rows)
    query = query.outerjoin(Business, BUSINESS.id == rows.c.business_id).where(*narrowed(behind.wanted, rows))
    whole, amount, businesses, shown = tuple(session().execute(query).one())
    return Tally(int(whole), int(amount), int(businesses)), int(shown)


def page(behind: Behind, actor: Actor, *, number: int) -> list[Row]:
    """One page of the rows that an actor may see, the newest first."""
    query = _query(behind, actor)
    return [_row(each) for each in session().execute(query.limit(PAGE).offset((number - 1) * PAGE))]


def every(behind: Behind, actor: Actor) -> Iterator[Row]:
    """All rows that an actor may see, a thousand in memory at a time."""
    query = _query(behind, actor)
    for each in session().execute(query.execution_options(yield_per=AT_ONCE)):
        yield _row(each)


def _row(found: Any) -> Row:
    row_id, at, business_id, business, named, amount, account, by_name, sees, is_open = found
    on = day_of(at) if isinstance(at, datetime) else at
    names = dict.fromkeys(each for each in (by_name, account) if each)
    return Row(
        row_id,
        on,
        business_id,
        business or "",
        named or "",
        int(amount),
        ", ".join(names),
        bool(sees),
        bool(is_open),
    )
