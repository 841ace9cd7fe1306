"""Reading the trail: of one thing, and of everything that is looked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import add
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    String,
    Table,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import joinedload

from crm.audit.models import BY_LINK, AuditEntry, AuditValue
from crm.db.base import Base
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.db.types import in_small_letters
from crm.kernel.clock import start_of

NAMED_IN_HISTORIES = ("account", "hub")
OWN = ("name", "title", "subject", "reference", "label", "version_name")
THROUGH = (
    *("business_id", "award_id", "milestone_id", "right_id", "delegation_id", "place_id", "round_id"),
    *("cohort_id", "application_id", "pitch_id", "envelope_id", "workshop_id", "provider_id"),
    *(
        "project_id",
        "lesson_id",
        "part_id",
        "readiness_id",
        "account_id",
        "assessor_id",
        "market_id",
        "edition_id",
    ),
)
"""By which of its columns a row is named: its own, and those of the rows that these columns point at."""
MOST_FOUND = 200
NEWEST_FIRST = Order((AuditEntry.__table__.c.id,), lambda entry: (entry.id,), is_descending=True)


def has_happened_since(entry_id: int, things: Collection[Sequence[str]]) -> bool:
    """Whether anything was recorded after an entry about one of these things, each a kind and an id."""
    if not things:
        return False
    about = (and_(AuditEntry.thing_kind == kind, AuditEntry.thing_id == thing) for kind, thing in things)
    query = select(AuditEntry.id).where(AuditEntry.id > entry_id, or_(*about)).limit(1)
    return session().scalar(query) is not None


def _with_values() -> Select[AuditEntry]:
    return select(AuditEntry).options(joinedload(AuditEntry.values))


def entries_about(thing: Any, *, act: str | Collection[str] = "", limit: int = 50) -> Sequence[AuditEntry]:
    """The newest ``limit`` entries about one row, or of one act or some acts on it, newest first, with their values."""
    query = _with_values().where(
        AuditEntry.thing_kind == thing.__tablename__, AuditEntry.thing_id == str(thing.id)
    )
    if act:
        query = query.where(AuditEntry.act.in_([act] if isinstance(act, str) else list(act)))
    return _with_names(session().scalars(query.order_by(AuditEntry.id.desc()).limit(limit)).all())


def entries_about_any(things: Sequence[Any], *, limit: int = 50) -> Sequence[AuditEntry]:
    """The newest ``limit`` entries about some rows, of any kinds, newest first, with their values."""
    which = [(each.__tablename__, str(each.id)) for each in things]
    query = _with_values().where(tuple_(AuditEntry.thing_kind, AuditEntry.thing_id).in_(which))
    return _with_names(session().scalars(query.order_by(AuditEntry.id.desc()).limit(limit)).all())


def _with_names(entries: Sequence[AuditEntry]) -> Sequence[AuditEntry]:
    """The same entries, each with the names of the people and hubs its values point at: a template asks no database."""
    found: dict[str, set[str]] = {}
    for name, value in (
        (name, value) for each in entries if each.values for name, value in each.values.changes.items()
    ):
        table = table_of(name) if name.endswith("_id") else None
        if table in NAMED_IN_HISTORIES:
            found.setdefault(table, set()).update(filter(None, value if isinstance(value, list) else [value]))
    names = {
        row_id: each.own for table, ids in found.items() for row_id, each in names_of(table, ids).items()
    }
    for each in entries:
        vars(each)["known"] = names
    return entries


def known_to(entry: AuditEntry) -> Mapping[str, str]:
    """The names that were loaded with an entry, by id."""
    known: Mapping[str, str] = vars(entry).get("known", {})
    return known


DONE = {"mark_cohort_draft_stale": "confirmed another draft with applicants of this one"}
"""What a person did whose act was done to another thing and followed on this one."""


def last_act_on(thing: Any) -> tuple[UUID | None, datetime, str, str] | None:
    """Who acted last on one row, when, their name, and what they did to it; None where nothing is recorded of it."""
    query = select(AuditEntry.actor_id, AuditEntry.at, AuditEntry.actor_name, AuditEntry.act).where(
        AuditEntry.thing_kind == thing.__tablename__, AuditEntry.thing_id == str(thing.id)
    )
    found = session().execute(query.order_by(AuditEntry.id.desc()).limit(1)).first()
    return (found[0], found[1], found[2] or "", DONE.get(found[3], "changed it")) if found else None


def acts_on(
    kind: str, ids: Iterable[UUID], *, among: Collection[str] = (), limit: int = 500
) -> Sequence[AuditEntry]:
    """The newest acts on some rows of one kind, all or only those ``among``, without their values."""
    query = select(AuditEntry).where(AuditEntry.thing_kind == kind, AuditEntry.thing_id.in_(map(str, ids)))
    if among:
        query = query.where(AuditEntry.act.in_(among))
    return session().scalars(query.order_by(AuditEntry.id.desc()).limit(limit)).all()


def entries_on(kind: str, ids: Iterable[UUID], *, act: str, limit: int = 500) -> Sequence[AuditEntry]:
    """The newest entries of one act on some rows of one kind, with their values."""
    query = _with_values().where(
        AuditEntry.thing_kind == kind, AuditEntry.thing_id.in_(map(str, ids)), AuditEntry.act == act
    )
    return session().scalars(query.order_by(AuditEntry.id.desc()).limit(limit)).all()


def every_entry_about(thing: Any) -> Sequence[AuditEntry]:
    """Every entry about one row of which the values are still there, the oldest first: for erasing them."""
    query = select(AuditEntry).join(AuditValue, AuditValue.entry_id == AuditEntry.id)
    query = query.where(AuditEntry.thing_kind == thing.__tablename__, AuditEntry.thing_id == str(thing.id))
    return session().scalars(query.order_by(AuditEntry.id)).all()


def done_by(account_id: UUID, *, limit: int = 20_000) -> Sequence[AuditEntry]:
    """What an account did, the newest first and without the values: for the copy of its person."""
    query = select(AuditEntry).where(AuditEntry.actor_id == account_id)
    return session().scalars(query.order_by(AuditEntry.id.desc()).limit(limit)).all()


@dataclass(frozen=True)
class Shared:
    """Things of one kind that were found with something else, and that others share with it: a draft has many applications.

    Of their entries, those that say under one of the ``fields`` which row they concern are asked for only where that is one of
    the ``names``.
    """

    kind: str
    ids: Collection[str]
    fields: Collection[str]
    names: Collection[str]

    @property
    def is_of_another(self) -> ColumnElement[bool]:
        """Whether an entry concerns none of those that were looked for, but another."""
        said = [func.coalesce(AuditValue.changes[each].as_string(), "") for each in self.fields]
        text = reduce(add, said)
        another = (text != "", ~or_(*(text.contains(each, autoescape=True) for each in self.names), false()))
        values = select(AuditValue.entry_id).where(AuditValue.entry_id == AuditEntry.id, *another)
        return and_(_is_one_of(self.kind, self.ids), values.exists())


@dataclass(frozen=True)
class Search:
    """What is looked for in the log; empty parts ask nothing. Both days count, in London.

    ``things`` are the ids, by table, of what the words of ``thing`` name and of what was made under it; ``shared`` says which of
    the latter others were made under too.
    """

    by: UUID | None = None
    kind: str = ""
    about: tuple[str, str] | None = None
    person: str = ""
    thing: str = ""
    things: Mapping[str, Collection[str]] | None = None
    shared: Sequence[Shared] = ()
    act: str = ""
    first_day: date | None = None
    last_day: date | None = None


EVERYTHING = Search()


def trail(cursor: str | None = None, *, search: Search = EVERYTHING) -> Slice[AuditEntry]:
    """One page of the log, newest first."""
    return slice_of(_found(search), NEWEST_FIRST, cursor=cursor)


def every(search: Search) -> Iterator[AuditEntry]:
    """Every entry that a search finds, newest first: for an export."""
    query = _found(search).order_by(AuditEntry.id.desc())
    yield from session().scalars(query.execution_options(yield_per=500))


def _found(search: Search) -> Select[AuditEntry]:
    query = _with_values()
    if search.by is not None:
        query = query.where(AuditEntry.actor_id == search.by)
    if search.kind:
        query = query.where(AuditEntry.thing_kind == search.kind)
    if search.about is not None:
        query = query.where(AuditEntry.thing_kind == search.about[0], AuditEntry.thing_id == search.about[1])
    if search.person:
        by_link = AuditEntry.id.in_(_by_link(search.person))
        query = query.where(AuditEntry.actor_id.in_(people_called(search.person)) | by_link)
    if search.thing:
        things = search.things if search.things is not None else things_called(search.thing)
        query = query.where(or_(*(_is_one_of(kind, ids) for kind, ids in things.items()), false()))
        query = query.where(*(~each.is_of_another for each in search.shared))
    if search.act:
        query = query.where(AuditEntry.act == search.act)
    if search.first_day is not None:
        query = query.where(AuditEntry.at >= start_of(search.first_day))
    if search.last_day is not None:
        query = query.where(AuditEntry.at < start_of(search.last_day + timedelta(days=1)))
    return query


def _is_one_of(kind: str, ids: Collection[str]) -> ColumnElement[bool]:
    return and_(AuditEntry.thing_kind == kind, AuditEntry.thing_id.in_(ids))


def kinds() -> Sequence[str]:
    """Every kind of thing that stands in the log."""
    return session().scalars(select(AuditEntry.thing_kind).distinct().order_by(AuditEntry.thing_kind)).all()


def acts() -> Sequence[str]:
    """Every act that stands in the log."""
    return session().scalars(select(AuditEntry.act).distinct().order_by(AuditEntry.act)).all()


@dataclass(frozen=True)
class Named:
    """What a row is called: by its own column, and by what it belongs to."""

    column: str
    own: str
    of: tuple[str, ...]


def names_of(kind: str, ids: Iterable[str]) -> dict[str, Named]:
    """The names of rows by their ids, read by the name of their table; those that are gone have none."""
    table, wanted = Base.metadata.tables.get(kind), list(filter(None, map(_uuid, ids)))
    if table is None or "id" not in table.c or not wanted:
        return {}
    columns, joined = _naming(table)
    rows = session().execute(select(table.c.id, *columns).select_from(joined).where(table.c.id.in_(wanted)))
    own = next((name for name in OWN if name in table.c), "")
    return {str(row[0]): _named(own, row[1:]) for row in rows}


def _named(column: str, parts: Sequence[Any]) -> Named:
    own, of = (parts[0], parts[1:]) if column else ("", parts)
    return Named(column, str(own or ""), tuple(dict.fromkeys(str(each) for each in of if each)))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _naming(table: Table) -> tuple[list[Any], FromClause]:
    """The columns that name a row of a table, and what to read them from."""
    columns = [*_own_name(table, table), *_number_of(table)]
    joined: FromClause = table
    for name in THROUGH:
        target = _target(table, name)
        if target is not None:
            other = target.alias()
            joined = joined.outerjoin(other, other.c.id == table.c[name])
            found, joined = _further(other, target, joined)
            columns += found
    return columns, joined


def _own_name(here: Any, table: Table) -> list[Any]:
    """The column that names a row, empty where it is of a kind that ``info["unnamed"]`` says is not named in the log."""
    for name in OWN:
        if name in table.c:
            kind, value = table.c[name].info.get("unnamed", ("", ""))
            return [case((here.c[kind] == value, None), else_=here.c[name])] if kind else [here.c[name]]
    return []


def _number_of(table: Table) -> list[Any]:
    """What tells versions of one name apart, where ``info["numbered"]`` says which column counts them: "version 4"."""
    name = table.info.get("numbered")
    return [literal("version ") + cast(table.c[name], String)] if name else []


def _further(here: Any, table: Table, joined: FromClause) -> tuple[list[Any], FromClause]:
    """The same of a row that another points at: one with a name is named by it, another also by what it belongs to."""
    columns = _own_name(here, table)
    for name in () if "name" in table.c else THROUGH:
        target = _target(table, name)
        if target is not None and "name" in target.c:
            other = target.alias()
            joined = joined.outerjoin(other, other.c.id == here.c[name])
            columns.append(other.c.name)
    return columns, joined


def _target(table: Table, name: str) -> Table | None:
    """The table whose id a column holds."""
    keys = table.c[name].foreign_keys if name in table.c else ()
    return next((key.column.table for key in keys if key.column.name == "id"), None)


def table_of(field: str) -> str | None:
    """The table that a field such as ``hub_id`` points at, whichever row has it."""
    tables = Base.metadata.tables.values()
    return next((target.name for table in tables if (target := _target(table, field)) is not None), None)


def things_called(words: str) -> dict[str, list[str]]:
    """The ids of what the log knows and is called by these words, by kind; 200 of each at most."""
    kinds = session().scalars(select(AuditEntry.thing_kind).distinct()).all()
    tables = [table for kind in kinds if (table := Base.metadata.tables.get(kind)) is not None]
    found: dict[str, list[str]] = {}
    for is_numbered in (
        False,
        True,
    ):  # a ledger counts its rows: such ids and random ones do not stand in one column
        asked = [
            _called(each, words) for each in tables if isinstance(each.c.id.type, Integer) is is_numbered
        ]
        for kind, thing_id in session().execute(union_all(*asked)) if asked else ():
            found.setdefault(kind, []).append(str(thing_id))
    return found


def things_under(
    words: str,
    *,
    related: Iterable[tuple[str, Callable[[Collection[UUID]], Mapping[str, Collection[UUID]]]]],
    fields: Mapping[str, Collection[str]],
) -> tuple[dict[str, set[str]], list[Shared]]:
    """What is called by these words and what was made under it, an award's claims by its reference; and which of these are shared.

    ``fields`` says, by kind, where the entries of what is shared name the row that they concern.
    """
    found = {kind: set(ids) for kind, ids in things_called(words).items()}
    called, shared = {kind: frozenset(ids) for kind, ids in found.items()}, []
    for ask, ids, own in [(ask, called.get(kind), kind) for kind, ask in related]:
        for kind, more in ask([UUID(each) for each in ids]).items() if ids else ():
            brought = set(map(str, more))
            found.setdefault(kind, set()).update(brought)
            if kind in fields:
                names = [each.own for each in names_of(own, ids or ()).values() if each.own]
                shared.append(Shared(kind, brought - called.get(kind, frozenset()), fields[kind], names))
    return found, shared


def _called(table: Table, words: str) -> Select[Any]:
    columns, joined = _naming(table)
    is_called = and_(*(or_(*(_has(column, word) for column in columns), false()) for word in words.split()))
    rows = select(table.c.id).select_from(joined).where(is_called).limit(MOST_FOUND).subquery()
    return select(literal(table.name).label("kind"), rows.c.id)


def _has(column: Any, word: str) -> ColumnElement[bool]:
    pattern = word.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return in_small_letters(column).like(f"%{pattern}%", escape="\\")


def people_called(words: str) -> Select[Any]:
    """The ids of the accounts whose name or address has these words."""
    account = Base.metadata.tables["account"]
    has_all = (or_(_has(account.c.name, word), _has(account.c.email, word)) for word in words.split())
    return select(account.c.id).where(*has_all)


def _by_link(words: str) -> Select[Any]:
    """The numbers of the entries of those whose name has these words and who answered by a link."""
    name = AuditValue.changes[BY_LINK].as_string()
    return select(AuditValue.entry_id).where(*(_has(name, word) for word in words.split()))
