"""Counting afresh: what measures come to in some periods, narrowed to businesses or split by what is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    Text,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)

from crm.businesses.models import Business, YearlyFigures
from crm.db.counting import Measure
from crm.db.session import session
from crm.places.queries import authorities
from crm.reports.scoreboard.rules.periods import Period
from crm.reports.scoreboard.rules.showing import NONE, Tally, Wanted

BUSINESS, FIGURES = Business.__table__.c, YearlyFigures.__table__.c
Pair = tuple[Measure, Period]
Key = tuple[str, date, date]
Part = tuple[str, str, str, str]
"""A hub, an authority, a sub-sector and a size; each empty where it is not on record."""
AT_ONCE = 60
"""So many counts are asked for in one statement: SQLite takes a few hundred parts at most."""


def _band() -> ColumnElement[Any]:
    bounds = ((10, "micro"), (50, "small"), (250, "medium"))
    return case(*((FIGURES.employees < most, name) for most, name in bounds), else_="large")


def size_of_business() -> ColumnElement[str]:
    """The size of a business by the latest year whose number of employees is known; empty where none is."""
    latest = select(_band()).where(FIGURES.business_id == BUSINESS.id, FIGURES.employees.is_not(None))
    found = latest.order_by(FIGURES.year_end.desc()).limit(1).correlate(Business).scalar_subquery()
    return func.coalesce(found, "")


def hub_of(rows: Subquery) -> ColumnElement[Any]:
    """At which hub a row counts: that of its business, or where it has none, the hub that has the row."""
    return case((BUSINESS.id.is_(None), rows.c.hub_id), else_=BUSINESS.hub_id)


def narrowed(wanted: Wanted, rows: Subquery) -> list[ColumnElement[bool]]:
    """What the rows must be, as SQL over them and `Business`, which is joined from the outside: it may be missing."""
    asked = wanted.filters.items()
    return [condition for name, value in asked for condition in _conditions(name, value, rows=rows)]


def _conditions(name: str, value: str, *, rows: Subquery) -> Iterable[ColumnElement[bool]]:
    if name == "area":
        return (BUSINESS.authority.in_(authorities_of(value)),)
    if name == "hub":
        hub = hub_of(rows)
        return (hub.is_(None) if value == NONE else hub == UUID(value),)
    if name == "authority":
        return (BUSINESS.authority.is_(None) if value == NONE else BUSINESS.authority == value,)
    if name == "sector":
        groups = type_coerce(BUSINESS.dcms_groups, Text())
        none = or_(groups.is_(None), groups == "")
        return (none if value == NONE else groups.like(f"|{value}|%"),)
    return (size_of_business() == ("" if value == NONE else value),)


def is_authority_of_a_business(name: str) -> bool:
    """Whether any business is on record in a local authority of this name, in the region or outside it."""
    return bool(session().scalar(select(exists().where(BUSINESS.authority == name))))


def authorities_of(area: str) -> list[str]:
    """The local authorities of an area: each counts in the one that it is named with first."""
    return [each.name for each in authorities() if each.lep == area]


def _rows(measure: Measure, period: Period) -> Subquery:
    return measure.rows_in(*period.days).subquery()


def sums_of(rows: Subquery) -> tuple[ColumnElement[Any], ...]:
    """How many rows there are, what they come to, and how many businesses are behind them."""
    behind = func.count(func.distinct(func.coalesce(rows.c.business_id, rows.c.id)))
    return (
        func.count().label("count"),
        func.coalesce(func.sum(rows.c.amount), 0).label("amount"),
        behind.label("behind"),
    )


def _one(pair: Pair, wanted: Wanted) -> Select[Any]:
    measure, period = pair
    rows = _rows(measure, period)
    key = (literal(measure.key), literal(period.first.isoformat()), literal(period.last.isoformat()))
    query = select(*key, *sums_of(rows)).select_from(rows)
    conditions = narrowed(wanted, rows)
    if not conditions:
        return query
    return query.outerjoin(Business, BUSINESS.id == rows.c.business_id).where(*conditions)


def tallies(pairs: Sequence[Pair], wanted: Wanted) -> dict[Key, Tally]:
    """What each measure comes to in its period now: one statement for some sixty of them."""
    found: dict[Key, Tally] = {}
    for start in range(0, len(pairs), AT_ONCE):
        query = union_all(*(_one(each, wanted) for each in pairs[start : start + AT_ONCE]))
        for key, first, last, count, amount, behind in session().execute(query):
            days = (date.fromisoformat(first), date.fromisoformat(last))
            found[(key, *days)] = Tally(int(count), int(amount), int(behind))
    return found


def parts(measure: Measure, period: Period) -> dict[Part, Tally]:
    """What a measure comes to in a period, by hub, authority, sub-sector and size of the business: one statement."""
    rows = _rows(measure, period)
    by = (
        hub_of(rows).label("hub"),
        func.coalesce(BUSINESS.authority, "").label("authority"),
        BUSINESS.dcms_groups.label("groups"),
        case((BUSINESS.id.is_(None), ""), else_=size_of_business()).label("size"),
    )
    inner = select(*by, rows.c.id, rows.c.business_id, rows.c.amount).select_from(rows)
    placed = inner.outerjoin(Business, BUSINESS.id == rows.c.business_id).subquery()
    keys = (placed.c.hub, placed.c.authority, placed.c.groups, placed.c.size)
    found: dict[Part, Tally] = {}
    for hub, authority, groups, size, count, amount, behind in session().execute(
        select(*keys, *sums_of(placed)).group_by(*keys)
    ):
        part = (str(hub or ""), authority, (groups or ("",))[0], size)
        found[part] = found.get(part, Tally()) + Tally(int(count), int(amount), int(behind))
    return found


def by_part(found: Mapping[Part, Tally], place: int) -> dict[str, Tally]:
    """Parts added up by one of the four things that they are split by."""
    lines: dict[str, Tally] = {}
    for part, tally in found.items():
        lines[part[place]] = lines.get(part[place], Tally()) + tally
    return lines
