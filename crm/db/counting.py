"""What a room counts: measures as rows of a table, each with its definition and the rows behind its number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Select,
    String,
    Uuid,
    func,
    literal,
    null,
    select,
    type_coerce,
)
from sqlalchemy import cast as sql_cast

from crm.db.types import UtcDateTime
from crm.kernel.clock import end_of, has_come, is_past, start_of
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role

DATA = "data"
"""Stands for a line in measures of what is missing, stale or overdue: lists of work, and no promise of the plan."""


class Kind(StrEnum):
    """What the number of a measure is: so many things or businesses, or what their amounts come to."""

    THINGS = "things"
    BUSINESSES = "businesses"
    MONEY = "money"
    HOURS = "hours"
    HUNDREDTHS = "hundredths"


class Confidence(StrEnum):
    """Who stands behind the rows of a measure, the surest first."""

    LEDGER = "ledger"
    CONFIRMED = "confirmed"
    RECORDED = "recorded"
    EITHER = "either"
    REPORTED = "reported"


@dataclass(frozen=True)
class Measure:
    """One number of Action 6: what it is called, what it means and since when, and the rows that it counts.

    ``rows`` selects what `counted` gives. ``table`` is what each row is; a row's page is found by it. ``tables`` are further ones whose
    acts change the number. ``within`` is the measure that it is a part of, and ``target`` the dated figure that it is to reach in
    a financial year, or, where ``is_target_of_all``, in all years together. ``readers`` may open all rows, hub staff those of the businesses that they care for; where
    ``opens_with_business``, whoever may see the business may open the row's own page too. ``seen_by`` selects the ids of the rows whose
    own page an actor may see, where rows are not seen by their business alone. ``public_at`` is where everybody reads a row, by its
    ``{id}``, for who may not open its own page. ``latest_of`` is what several rows share that count once: the latest of them in the days asked about.
    """

    key: str
    line: str
    words: str
    meaning: str
    source: str
    version: str
    kind: Kind
    confidence: Confidence
    table: str
    rows: Callable[[], Select[Any]]
    tables: tuple[str, ...] = ()
    within: str = ""
    target: str = ""
    is_target_of_all: bool = False
    readers: tuple[Role, ...] = (Role.ADMINISTRATOR, Role.AUDITOR)
    opens_with_business: bool = True
    public_at: str = ""
    seen_by: Callable[[Actor], Select[Any]] | None = None
    latest_of: Callable[[], ColumnElement[Any]] | None = None

    def rows_in(self, first: date, last: date) -> Select[Any]:
        """The rows of some days, both of which count. A moment belongs to its day in London."""
        query = self.rows()
        query = query.where(in_days(query.selected_columns["at"], first=first, last=last))
        return query if self.latest_of is None else _latest(query, self.latest_of())


def _latest(query: Select[Any], of: ColumnElement[Any]) -> Select[Any]:
    """The latest row of those that share something."""
    told = query.selected_columns
    place = func.row_number().over(partition_by=of, order_by=(told["at"].desc(), told["id"].desc()))
    ranked = query.add_columns(place.label("place")).subquery()
    return select(*(each for each in ranked.c if each.name != "place")).where(ranked.c.place == 1)


def in_days(at: ColumnElement[Any], *, first: date, last: date) -> ColumnElement[bool]:
    """Whether a day or a moment lies in some days."""
    if isinstance(at.type, UtcDateTime):
        return (at >= start_of(first)) & (at < end_of(last))
    return has_come(literal(first, Date()), on=cast(Any, at)) & ~is_past(
        literal(last, Date()), on=cast(Any, at)
    )


def counted(
    row_id: Any,
    *,
    at: Any,
    business: Any = None,
    amount: Any = None,
    by: Any = None,
    by_name: Any = None,
    named: Any = None,
    hub: Any = None,
) -> Select[Any]:
    """The columns that a measure counts by: the row, its day or moment, its business, its amount, and who says so.

    ``by`` is an account, ``by_name`` the name of somebody without one. A row without a business is called ``named``, and counts at ``hub``.
    """
    return select(
        row_id.label("id"),
        at.label("at"),
        (sql_cast(null(), Uuid()) if business is None else business).label("business_id"),
        (literal(1, BigInteger()) if amount is None else type_coerce(amount, BigInteger())).label("amount"),
        (sql_cast(null(), Uuid()) if by is None else by).label("by_id"),
        (sql_cast(null(), String()) if by_name is None else by_name).label("by_name"),
        (sql_cast(null(), String()) if named is None else named).label("named"),
        (sql_cast(null(), Uuid()) if hub is None else hub).label("hub_id"),
    )
