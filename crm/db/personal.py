"""What the rooms hold about one person: which of their tables name people, and what of each row is in a person's copy."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Integer, Table, or_, select

from crm.db.base import Base
from crm.db.session import session

MOST = 20_000
"""Rows of one kind in a copy: nobody has so many, and no copy is without an end."""
PEOPLE = ("account.id", "person.id", "angel.id")
"""The columns by which rows name a person."""
OF, BUSINESS = "business_id", "name of the business"
"""The column by which a row is of a business, and under which label a copy reads what that business is called."""
DID = "_by_id"
"""How columns end that name who did something: the audit log says what, and a copy has it from there."""


@dataclass(frozen=True)
class Personal:
    """Rows about the person whom a column names: their heading, and the columns in the person's copy, with blanks between.

    ``files`` is what the files about such a row are said to be about: they are in the copy too.
    """

    title: str
    shows: str
    files: str = ""


@dataclass(frozen=True)
class NotCopied:
    """Why rows that name a person are not in their copy. ``told`` says so in the copy itself, with what to do."""

    why: str
    told: str = ""


WORK = NotCopied("it says who does the work on something of others; what they did stands in the audit log")
Manifest = Mapping[str, Personal | NotCopied]
"""By ``table.column``: of each column that names a person, what is theirs there."""


@dataclass(frozen=True)
class Subject:
    """A person, as rows name them: the id of their account, of the people and investors that it is, and its address.

    Who never had an account has none, and somebody at a business may be known by a name alone. ``further_emails`` are other
    addresses under which the same account stands elsewhere, ``business_ids`` the businesses that they can act for today.
    """

    account_id: UUID | None
    email: str
    person_ids: Collection[UUID] = ()
    angel_ids: Collection[UUID] = ()
    name: str = ""
    phones: Collection[str] = ()
    further_emails: Collection[str] = ()
    business_ids: Collection[UUID] = ()

    @property
    def emails(self) -> list[str]:
        """Every address of theirs that is known."""
        return sorted({each for each in (self.email, *self.further_emails) if each})

    def named_in(self, column: Column[Any]) -> Any:
        """The condition that a column names this person."""
        targets = {each.target_fullname for each in column.foreign_keys}
        if column.name == "id":
            targets |= {f"{column.table.name}.id"}
        accounts = [self.account_id] if self.account_id else []
        ids = {"account.id": accounts, "person.id": self.person_ids, "angel.id": self.angel_ids}
        found = [each for name, those in ids.items() if name in targets for each in those]
        return column.in_(found if targets else self.emails)


@dataclass(frozen=True)
class Copied:
    """Rows of one heading in a copy, each by the names of its columns; and the ids of those that have files."""

    title: str
    rows: list[dict[str, Any]]
    files: tuple[tuple[str, UUID], ...] = ()


def names_a_person(column: Column[Any]) -> bool:
    """Whether a column says whom a row is about, so that a manifest has to say what is theirs there."""
    if any(each.target_fullname in PEOPLE for each in column.foreign_keys):
        return not column.name.endswith(DID) and column.name != DID.removeprefix("_")
    return column.name == "email"


def copied(manifests: Iterable[Manifest], about: Subject) -> list[Copied]:
    """Everything of a person in the tables of some manifests, heading by heading; each row once, the oldest first."""
    found: dict[tuple[str, str], dict[Any, dict[str, Any]]] = {}
    kinds: dict[tuple[str, str], str] = {}
    for key, held in ((key, held) for each in manifests for key, held in each.items()):
        if isinstance(held, Personal):
            name, _, column = key.partition(".")
            table = Base.metadata.tables[name]
            rows = found.setdefault((held.title, name), {})
            kinds[held.title, name] = held.files
            for row in _rows(table, table.c[column], about):
                rows.setdefault(
                    tuple(row[each] for each in table.primary_key),
                    _shown(row, held.shows.split()),
                )
    return [
        Copied(
            title,
            list(rows.values()),
            tuple((kinds[title, name], key[0]) for key in rows if kinds[title, name]),
        )
        for (title, name), rows in found.items()
        if rows
    ]


def _rows(table: Table, column: Column[Any], about: Subject) -> Iterable[Any]:
    """The rows in which a column names the person, each with the name of its business, if it is of one."""
    business = Base.metadata.tables["business"].c
    is_of_one = OF in table.c and "business_name" not in table.c
    name = select(business.name).where(business.id == table.c[OF]).scalar_subquery() if is_of_one else None
    named = [] if name is None else [name.label(BUSINESS)]
    query = select(table, *named).where(about.named_in(column)).order_by(*table.primary_key).limit(MOST)
    return session().execute(query).mappings()


def _shown(row: Any, names: Sequence[str]) -> dict[str, Any]:
    """What is in a copy of a row: the business that it is of, and the columns that the manifest names."""
    of = {"business": row[BUSINESS]} if BUSINESS in row else {}
    return of | {each: row[each] for each in names}


def business_names(kind: str, ids: Collection[str]) -> dict[str, str]:
    """The names of the businesses of rows of a table, by the ids of the rows, as texts: of those that are of a business."""
    table, business = Base.metadata.tables.get(kind), Base.metadata.tables["business"]
    own = {"business": "id"}.get(kind, OF)
    if table is None or own not in table.c or "id" not in table.c or isinstance(table.c.id.type, Integer):
        return {}
    other = business.alias()
    query = select(table.c.id, other.c.name).join(other, other.c.id == table.c[own])
    rows = session().execute(query.where(table.c.id.in_([UUID(each) for each in ids])))
    return {str(row_id): name for row_id, name in rows}


def subject_of(account_id: UUID, email: str) -> Subject:
    """Who somebody with an account is in the other tables of people: by that account, or by its address."""
    ids = {}
    for name in ("person", "angel"):
        found = Base.metadata.tables[name].c
        ids[name] = (
            session()
            .scalars(select(found.id).where((found.account_id == account_id) | (found.email == email)))
            .all()
        )
    return Subject(account_id, email, ids["person"], ids["angel"])


def is_about(table: Table, manifests: Iterable[Manifest], *, about: Subject) -> Any:
    """The condition that a row of a table names this person in one of the columns that the manifests name; None without any."""
    keys = {key for each in manifests for key in each if key.partition(".")[0] == table.name}
    named = [about.named_in(table.c[key.partition(".")[2]]) for key in sorted(keys)]
    return or_(*named) if named else None
