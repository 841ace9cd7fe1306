"""Erasing one person: what becomes of their rows, room by room, what stands against it, and where their name is found in texts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import JSON, Column, ColumnElement, Enum, String, Table, cast, func, or_, select, update
from sqlalchemy.types import Text

from crm.db.base import Base
from crm.db.ending import NO_MAIL, Deleted, Emptied, Then, nowhere
from crm.db.personal import Manifest, Subject, is_about
from crm.db.session import ROOMS, session

ADDRESS_GONE, NUMBER_GONE = f"erased@{NO_MAIL}", "[deleted]"
"""What stands in a text where an address or a telephone number of the person stood."""
LEAST_DIGITS = 9
MOST_HINDRANCES = 50
ELSE_END_ACCESS = (
    " If a colleague is there who goes on with it, end this person’s access to the business instead."
)
"""The other way on where something of a business hinders erasing one of the people who act for it."""
BETWEEN = r"[\s().\-]{0,3}"
"""What people write between the figures of a telephone number."""


@dataclass(frozen=True)
class Erasure:
    """What becomes of the rows of one table about a person who is erased, and why what stays does.

    ``then`` deletes or empties the rows. Without it they stay, and name the person by a pseudonym, as their account is called by then.
    ``is_by_room`` are rows of which the room's own eraser takes the words; ``is_whole`` rows that stay word for word, with the name.
    ``address`` is a further column in which their address stands, where no manifest of copies names it.
    """

    what: str
    then: Then | None = None
    why: str = ""
    is_by_room: bool = False
    is_whole: bool = False
    address: str = ""

    @property
    def is_deleted(self) -> bool:
        """Whether nothing of the rows stays."""
        return isinstance(self.then, Deleted)


def deleted(what: str, *below: str) -> Erasure:
    """The rows are deleted."""
    return Erasure(what, Deleted(below))


def emptied(what: str, why: str, **values: Any) -> Erasure:
    """The rows stay, without these values."""
    return Erasure(what, Emptied(values), why)


def kept(what: str, why: str) -> Erasure:
    """The rows stay, under a pseudonym."""
    return Erasure(what, None, why)


def by_room(what: str, why: str, *, address: str = "") -> Erasure:
    """The room's eraser takes names and words; the rows stay under a pseudonym."""
    return Erasure(what, None, why, is_by_room=True, address=address)


def whole(what: str, why: str) -> Erasure:
    """The rows stay word for word, with the name."""
    return Erasure(what, None, why, is_whole=True)


def wholly(what: str, why: str, *tables: str) -> dict[str, Erasure]:
    """Several tables of one record that stays word for word."""
    return {each: whole(what, why) for each in tables}


@dataclass(frozen=True)
class Hindrance:
    """What stands against erasing somebody now, in words, and the row that has to be seen to first; ``about`` is what that is called."""

    words: str
    table: str = ""
    row_id: UUID | None = None
    about: str = ""

    @property
    def fact(self) -> str:
        """What is so, without what to do about it."""
        return f"{self.words.partition('. ')[0].removesuffix('.')}."


Hinders = Callable[[Subject], Sequence[Hindrance]]


def while_in(
    table: str, *, states: Collection[str], words: str, page: tuple[str, str] = ("", "id")
) -> Hinders:
    """Rows about the person that are in one of these states: each hinders. ``page`` is the table and column of the page to go to."""

    def find(about: Subject) -> list[Hindrance]:
        found = Base.metadata.tables[table]
        where = is_about(found, (each.personal for each in rooms()), about=about)
        return (
            _hindering(found, [where, found.c.status.in_(states)], words, page) if where is not None else []
        )

    return find


def while_at_business(
    table: str, *, states: Collection[str], words: str, way: str = "business_id", until: str = ""
) -> Hinders:
    """Rows in one of these states of a business that they can act for. ``way`` leads there: ``award_id>award.business_id``.

    ``words`` say what to do first; that the person can leave the business instead is added.

    ``until`` is the ``table.column`` of rows that point at such a row once it hinders no more.
    """

    def find(about: Subject) -> list[Hindrance]:
        found = Base.metadata.tables[table]
        own, _, beyond = way.partition(">")
        of_business = found.c[own].in_(about.business_ids)
        if beyond:
            name, _, column = beyond.partition(".")
            other = Base.metadata.tables[name]
            of_business = found.c[own].in_(select(other.c.id).where(other.c[column].in_(about.business_ids)))
        where = [of_business, found.c.status.in_(states)]
        if until:
            name, _, column = until.partition(".")
            where.append(found.c.id.not_in(select(Base.metadata.tables[name].c[column])))
        return _hindering(found, where, words + ELSE_END_ACCESS, ("", "id"))

    return find


def while_empty(where_ends: str, words: str) -> Hinders:
    """Rows about the person that have no end yet, by the ``table.column`` that says it."""
    table, _, column = where_ends.partition(".")

    def find(about: Subject) -> list[Hindrance]:
        found = Base.metadata.tables[table]
        where = is_about(found, (each.personal for each in rooms()), about=about)
        named = ("account", about.account_id)
        count = _count(found, [where, found.c[column].is_(None)]) if where is not None else 0
        return [Hindrance(words, *named)] if count else []

    return find


def _count(table: Table, where: Sequence[Any]) -> int:
    return session().scalar(select(func.count()).select_from(table).where(*where)) or 0


def while_named(where_named: str, words: str) -> Hinders:
    """Rows that have their address in a ``table.column``."""
    table, _, column = where_named.partition(".")

    def find(about: Subject) -> list[Hindrance]:
        found = Base.metadata.tables[table]
        return _hindering(found, [func.lower(found.c[column]).in_(about.emails)], words, ("", "id"))

    return find


def _hindering(table: Table, where: Sequence[Any], words: str, page: tuple[str, str]) -> list[Hindrance]:
    name, column = page
    query = select(table.c[column]).where(*where).order_by(table.c.id).limit(MOST_HINDRANCES)
    return [Hindrance(words, name or table.name, each) for each in session().scalars(query)]


Erasures = Mapping[str, Erasure]
Eraser = Callable[..., None]
"""A verb: it is given the person, the reference and the name of the pseudonym, and ``by``."""


class Room(Protocol):
    """What a room says of the people in its rows."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def personal(self) -> Manifest:
        """Which columns name a person."""

    @property
    def erasure(self) -> Erasures:
        """What becomes of the rows about a person who is erased."""

    @property
    def eraser(self) -> Eraser | None:
        """The verb for what the manifest cannot say."""

    @property
    def hinders(self) -> Sequence[Hinders]:
        """What stands against erasing somebody."""


def rooms() -> tuple[Room, ...]:
    """Every room, from the ground up, as `create_app` declared them."""
    found: tuple[Room, ...] = session().info.get(ROOMS, ())
    return found


def ids_about(name: str, about: Subject) -> Sequence[UUID]:
    """The rows of a table that name a person in one of the columns that the manifests name."""
    table = Base.metadata.tables[name]
    where = is_about(table, (each.personal for each in rooms()), about=about)
    if where is None or "id" not in table.c:
        return ()
    return session().scalars(select(table.c.id).where(where).order_by(table.c.id)).all()


def count_about(name: str, about: Subject, *, address: str = "") -> int:
    """How many rows of a table name a person."""
    table = Base.metadata.tables[name]
    where = is_about(table, (each.personal for each in rooms()), about=about)
    if where is not None and address:
        where = or_(where, table.c[address].in_(about.emails))
    if where is None:
        return 0
    return session().scalar(select(func.count()).select_from(table).where(where)) or 0


@dataclass(frozen=True)
class Traces:
    """The strings by which a person is found in texts. ``name`` is empty where it is not looked for."""

    name: str
    emails: Sequence[str]
    phones: Sequence[str]
    known_as: str = field(default="", compare=False)

    @cached_property
    def patterns(self) -> list[tuple[re.Pattern[str], str]]:
        """Each of them as an expression, and what takes its place."""
        found = [
            (re.compile(rf"(?<![\w.+-]){re.escape(each)}(?!\w)", re.IGNORECASE), ADDRESS_GONE)
            for each in self.emails
        ]
        if self.name:
            words = r"\s+".join(re.escape(each) for each in self.name.split())
            found.append((re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE), self.known_as))
        for each in map(significant, self.phones):
            if len(each) >= LEAST_DIGITS:
                told = rf"(?<!\d)(?:\+?44|0)?{BETWEEN}{BETWEEN.join(each)}(?!\d)"
                found.append((re.compile(told), NUMBER_GONE))
        return found

    def likes(self) -> list[str]:
        """Each as a pattern that a database looks for; what it finds is looked at again."""
        plain = [each for each in (*self.emails, self.name) if each]
        numbers = ["%".join(each) for each in map(significant, self.phones) if len(each) >= LEAST_DIGITS]
        spelled = {form for each in plain for form in (_escaped(each), _escaped(json.dumps(each)[1:-1]))}
        return sorted({f"%{each}%" for each in (*spelled, *numbers)})

    def are_in(self, value: Any) -> bool:
        """Whether a stored value says one of them."""
        return bool(self.replaced(value) != value)

    def replaced(self, value: Any) -> Any:
        """A stored value, with something else in their place."""
        if isinstance(value, str):
            for pattern, instead in self.patterns:
                value = pattern.sub(instead, value)
            return value
        if isinstance(value, list | tuple):
            return [self.replaced(each) for each in value]
        if isinstance(value, dict):
            return {name: self.replaced(each) for name, each in value.items()}
        return value


def significant(phone: str) -> str:
    """The figures of a telephone number that it has in every way of writing it."""
    digits = re.sub(r"\D", "", phone)
    return re.sub(r"^(00)?44", "", digits).lstrip("0") if digits else ""


def _escaped(text: str) -> str:
    """A text as a pattern of the database, with a space for each gap of any length."""
    marked = re.sub(r"([\\%_])", r"\\\1", text)
    return "%".join(marked.split())


def texts_of(table: Table) -> list[Column[Any]]:
    """The columns of a table in which somebody can have written a name."""
    return [each for each in table.c if _is_text(each)]


def _is_text(column: Column[Any]) -> bool:
    if column.primary_key or column.foreign_keys:
        return False
    is_words = isinstance(column.type, String) and not isinstance(column.type, Enum)
    return is_words or isinstance(column.type, JSON)


def rows_saying(table: Table, traces: Traces) -> Iterator[Any]:
    """The rows of a table in a text of which one of the strings stands."""
    texts = texts_of(table)
    if not texts or not traces.likes():
        return
    query = select(*table.primary_key, *texts).where(_says(texts, traces.likes()))
    for row in session().execute(query).mappings().all():
        if any(traces.are_in(row[each]) for each in texts):
            yield row


def _says(texts: Iterable[Column[Any]], likes: Collection[str]) -> ColumnElement[bool]:
    said = [cast(each, Text) if isinstance(each.type, JSON) else each for each in texts]
    return or_(*(each.ilike(like, escape="\\") for each in said for like in likes))


def swept(traces: Traces, *, but: Collection[str]) -> int:
    """Put the pseudonym in the place of a person's name in every text of every table but some; return in how many rows."""
    count = 0
    for table in Base.metadata.sorted_tables:
        if table.name not in but:
            for row in rows_saying(table, traces):
                _write(table, row, traces)
                count += 1
    return count


def swept_in(own: Mapping[str, Collection[UUID]], traces: Traces) -> None:
    """Put the pseudonym in the place of a person's name in the texts of some rows, by table and id."""
    for name, ids in own.items():
        table = Base.metadata.tables[name]
        for row in rows_saying(table, traces) if ids else ():
            if row["id"] in ids:
                _write(table, row, traces)


def _write(table: Table, row: Any, traces: Traces) -> None:
    values = {each.name: _fitting(each, traces.replaced(row[each])) for each in texts_of(table)}
    changed = {name: value for name, value in values.items() if value != row[table.c[name]]}
    if "version" in table.c:
        changed["version"] = table.c.version + 1
    where = [each == row[each] for each in table.primary_key]
    session().execute(update(table).where(*where).values(changed))


def _fitting(column: Column[Any], value: Any) -> Any:
    """A text no longer than its column; an address of one's own where no two rows may have the same."""
    if isinstance(value, str) and value == ADDRESS_GONE and column.unique:
        return nowhere(column.table)
    longest = getattr(column.type, "length", None)
    return value[:longest] if isinstance(value, str) and longest else value


def whole_tables() -> dict[str, Erasure]:
    """The tables that stay word for word."""
    return {name: each for room in rooms() for name, each in room.erasure.items() if each.is_whole}
