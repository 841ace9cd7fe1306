"""What there is to back up, seen through one connection: the rows of every table, and the files that rows speak of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, column, func, inspect, literal, select, table

from crm.documents.models import Document
from crm.documents.rules import key_of

INNER = ("sqlite_",)
"""How tables begin that SQLite keeps for itself."""


def rows_by_table(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    names = [each for each in inspect(connection).get_table_names() if not each.startswith(INNER)]
    counts = {
        name: select(func.count(column("*", is_literal=True))).select_from(table(name)) for name in names
    }
    return {name: connection.execute(query).scalar_one() for name, query in counts.items()}


@dataclass(frozen=True)
class Kept:
    """A file that a row speaks of: its key in the store, and the digest of its bytes."""

    key: str
    sha256: str


def files_kept(connection: Connection) -> Sequence[Kept]:
    """The files that were not removed. Of a database of an older version too: that is what is backed up before an upgrade."""
    seen = inspect(connection)
    if not seen.has_table(Document.__tablename__):
        return ()
    known, rows = {each["name"] for each in seen.get_columns(Document.__tablename__)}, Document.__table__.c
    shelf = rows.shelf if "shelf" in known else literal("")
    query = (
        select(rows.id, rows.sha256, shelf).where(rows.removed_at.is_(None)).order_by(rows.kept_at, rows.id)
    )
    return [Kept(key_of(file_id, on), sha256) for file_id, sha256, on in connection.execute(query)]


def letters_waiting(connection: Connection) -> int:
    """How many letters are still to be sent: a worker on a restored copy would send them again."""
    letter = table("letter", column("status"))
    return connection.execute(
        select(func.count()).select_from(letter).where(letter.c.status == "queued")
    ).scalar_one()
