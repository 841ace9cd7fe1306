"""What there is to back up, seen through one connection: the rows of every table, and the files that rows speak of."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, column, func, inspect, select, table
from sqlalchemy.orm import Session

from crm.documents.models import Document

INNER = ("sqlite_",)
"""How tables begin that SQLite keeps for itself."""


def rows_by_table(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    names = [each for each in inspect(connection).get_table_names() if not each.startswith(INNER)]
    counts = {
        name: select(func.count(column("*", is_literal=True))).select_from(table(name)) for name in names
    }
    return {name: connection.execute(query).scalar_one() for name, query in counts.items()}


def files_kept(connection: Connection) -> Sequence[Document]:
    """The rows of the files that were not removed: each says what its bytes must be."""
    query = select(Document).where(Document.removed_at.is_(None)).order_by(Document.kept_at, Document.id)
    with Session(connection) as reading:
        return reading.scalars(query).all()


def letters_waiting(connection: Connection) -> int:
    """How many letters are still to be sent: a worker on a restored copy would send them again."""
    letter = table("letter", column("status"))
    return connection.execute(
        select(func.count()).select_from(letter).where(letter.c.status == "queued")
    ).scalar_one()
