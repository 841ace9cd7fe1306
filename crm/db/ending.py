"""How personal data ends: which rows of a room are over when, and whether they are deleted or only emptied of words and names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Date, Table, and_, case, delete, func, literal, select, update

from crm.db.base import Base
from crm.db.session import session
from crm.db.types import in_dashes
from crm.kernel.clock import day_of

GONE = "Deleted"
"""What stands where words or a name stood that may not be empty."""
NO_MAIL = "erased.invalid"
"""A domain that no email ever reaches."""


def nowhere(table: Table) -> ColumnElement[str]:
    """An address of each row's own that nobody has: for columns that must have one, once in a list of others."""
    return literal("erased-") + in_dashes(table.c.id) + literal(f"@{NO_MAIL}")


def words_gone(name: str) -> Callable[[Table], ColumnElement[str]]:
    """That something was said stays, without what it was: for a column that is empty where nothing was."""
    return lambda table: case((table.c[name] == "", ""), else_=GONE)


@dataclass(frozen=True)
class Deleted:
    """The rows are deleted; first those ``below`` them, named by the ``table.column`` that points at them."""

    below: tuple[str, ...] = ()


@dataclass(frozen=True)
class Emptied:
    """The rows stay, and are counted as before: these columns get these values. The first says whether that was done.

    A value can be worked out of the row's table. The rows ``below``, named as for `Deleted`, are deleted.
    """

    values: Mapping[str, Any]
    below: tuple[str, ...] = ()


Then = Deleted | Emptied


@dataclass(frozen=True)
class Ends:
    """One kind of row that is kept for a time: how long, from when, what then happens, and why so long.

    ``period`` is the name of a dated figure, or a time that the product sets. ``since`` says in words from when it is counted;
    ``at`` is that column, of the row or, as ``column>table.column``, of the row that it points at. ``only`` and ``but`` limit
    the kind by values of columns. ``also`` names the other tables whose rows go with these. ``stays`` is what is left of such a row, in words. ``then`` is None where the room ends
    them by timed work of its own, and ``due`` reads what is due before a moment where that asks more than one column.
    """

    name: str
    what: str
    table: str
    period: str | timedelta
    since: str
    why: str
    stays: str = ""
    at: str = ""
    only: Mapping[str, Collection[Any]] = field(default_factory=dict)
    but: Mapping[str, Collection[Any]] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    then: Then | None = None
    due: Callable[[datetime], Sequence[Any]] | None = None


@dataclass(frozen=True)
class Stays:
    """Tables with personal data that have no time of their own: for how long their rows stay, in words, and why."""

    what: str
    tables: tuple[str, ...]
    how_long: str
    why: str


def tables_of(kind: Ends | Stays) -> tuple[str, ...]:
    """The tables that a part of a manifest speaks of."""
    return kind.tables if isinstance(kind, Stays) else (kind.table, *kind.also)


Retention = tuple[Ends | Stays, ...]
"""What a room says of how long its rows are kept."""


def table_of(kind: Ends) -> Table:
    """The table of a kind of row."""
    return Base.metadata.tables[kind.table]


def is_left(kind: Ends, before: datetime) -> ColumnElement[bool]:
    """That a row's time ended before a moment, and it was not emptied yet."""
    table = table_of(kind)
    wanted: list[ColumnElement[bool]] = [table.c[name].in_(values) for name, values in kind.only.items()]
    wanted += [table.c[name].not_in(values) for name, values in kind.but.items()]
    if isinstance(kind.then, Emptied):
        name, value = next(iter(kind.then.values.items()))
        wanted.append(table.c[name].is_distinct_from(value))
    return and_(_is_over(kind, before), *wanted)


def _is_over(kind: Ends, before: datetime) -> ColumnElement[bool]:
    column, _, beyond = kind.at.partition(">")
    own = table_of(kind).c[column]
    if not beyond:
        return _is_before(own, before)
    name, _, there = beyond.partition(".")
    other = Base.metadata.tables[name]
    return own.in_(select(other.c.id).where(_is_before(other.c[there], before)))


def _is_before(column: Column[Any], before: datetime) -> ColumnElement[bool]:
    return column < (day_of(before) if isinstance(column.type, Date) else before)


def count_left(kind: Ends, before: datetime) -> int:
    """How many rows of a kind are over before a moment and were not ended yet."""
    if kind.due is not None:
        return len(kind.due(before))
    if not kind.at:
        return 0
    return (
        session().scalar(select(func.count()).select_from(table_of(kind)).where(is_left(kind, before))) or 0
    )


def ids_left(kind: Ends, before: datetime, *, most: int) -> Sequence[UUID]:
    """Some of those rows."""
    key = table_of(kind).c.id
    return session().scalars(select(key).where(is_left(kind, before)).order_by(key).limit(most)).all()


def end_rows(table: Table, ids: Sequence[UUID], *, then: Then) -> None:
    """Delete or empty some rows. Somebody who has one of them open is told that it was changed."""
    for each in then.below:
        name, _, column = each.partition(".")
        below = Base.metadata.tables[name]
        session().execute(delete(below).where(below.c[column].in_(ids)))
    where = table.c.id.in_(ids)
    if isinstance(then, Deleted):
        session().execute(delete(table).where(where))
        return
    values = {name: value(table) if callable(value) else value for name, value in then.values.items()}
    version: Column[Any] | None = table.c.get("version")
    if version is not None:
        values["version"] = version + 1
    session().execute(update(table).where(where).values(values))
