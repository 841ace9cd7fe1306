"""Writing many rows at once, by COPY where the engine has it: for invented data alone, which no verb made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Table, insert

from crm.businesses.models import (
    Business,
    BusinessName,
    BusinessWord,
    Consent,
    Person,
    SearchWord,
    WordGram,
    YearlyFigures,
)
from crm.businesses.queries import inventing as rows
from crm.businesses.rules.inventing import Invented
from crm.businesses.rules.searching import grams_of
from crm.db.session import session

AT_ONCE = 10_000
Rows = Iterable[Mapping[str, Any]]


def write_invented(invented: Iterable[Invented], hubs: Mapping[str, UUID], *, at: datetime) -> int:
    """Write invented businesses with everything that belongs to them; return how many. ``hubs`` are by authority."""
    written, known = (
        0,
        set(session().scalars(SearchWord.__table__.select().with_only_columns(SearchWord.word))),
    )
    source = iter(invented)
    while some := list(islice(source, AT_ONCE)):
        write(Business.__table__, (rows.business(each, hubs, at=at) for each in some))
        write(BusinessName.__table__, (row for each in some for row in rows.names(each)))
        write(YearlyFigures.__table__, (row for each in some for row in rows.figures(each)))
        write(Person.__table__, (rows.person(each) for each in some))
        write(Consent.__table__, (rows.consent(each, at=at) for each in some))
        _write_words(some, known)
        written += len(some)
    return written


def _write_words(some: Iterable[Invented], known: set[str]) -> None:
    """Write the words that each business is found by; ``known`` are those that are kept already."""
    words = {each.id: rows.words(each) for each in some}
    new = sorted(set().union(*words.values()) - known)
    known.update(new)
    write(SearchWord.__table__, ({"word": word} for word in new))
    write(
        WordGram.__table__, ({"gram": gram, "word": word} for word in new for gram in sorted(grams_of(word)))
    )
    write(BusinessWord.__table__, (row for each in some for row in rows.words_kept(each, words[each.id])))


def write(table: Any, rows: Rows) -> None:
    """Write rows into a table: by COPY on PostgreSQL, in one statement for many elsewhere."""
    assert isinstance(table, Table)
    connection = session().connection()
    if connection.dialect.name == "postgresql":
        _copy(connection, table, rows)
        return
    source = iter(rows)
    while some := [dict(row) for row in islice(source, AT_ONCE)]:
        connection.execute(insert(table), some)


def _copy(connection: Any, table: Table, rows: Rows) -> None:
    source = iter(rows)
    first = next(source, None)
    if first is None:
        return
    columns = [table.c[name] for name in first]
    binders = [
        column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for column in columns
    ]
    names = ", ".join(f'"{column.name}"' for column in columns)
    with (
        connection.connection.cursor() as cursor,
        cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy,
    ):
        for row in _chain(first, source):
            copy.write_row(
                [_bound(bind, row[column.key]) for bind, column in zip(binders, columns, strict=True)]
            )


def _chain(first: Mapping[str, Any], rest: Iterator[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    yield first
    yield from rest


def _bound(bind: Any, value: Any) -> Any:
    return bind(value) if bind else value
