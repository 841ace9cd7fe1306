"""What the rooms hold about one person: which of their tables name people, and what of each row is in a person's copy."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, or_, select

from crm.db.base import Base
from crm.db.session import session

MOST = 20_000
"""Rows of one kind in a copy: nobody has so many, and no copy is without an end."""
PEOPLE = ("account.id", "person.id", "angel.id")
"""The columns by which rows name a person."""
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
                    {each: row[each] for each in held.shows.split()},
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
    query = select(table).where(about.named_in(column)).order_by(*table.primary_key).limit(MOST)
    return session().execute(query).mappings()


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
