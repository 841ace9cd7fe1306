"""Which unique wall of the database an error is about, by its name, the same on both engines."""

from __future__ import annotations

import re

from sqlalchemy import Table, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from crm.db.base import Base

UNIQUE = "23505"
"""What PostgreSQL calls a row that is there already: the SQL standard's class 23, integrity constraint violation."""
COLUMNS = re.compile(r"UNIQUE constraint failed: ([\w., ]+)")


def is_duplicate(error: IntegrityError) -> bool:
    """Whether a row was there already."""
    return getattr(error.orig, "sqlstate", "") == UNIQUE or "unique" in str(error.orig).lower()


def wall_of(error: IntegrityError) -> str:
    """The name of the index or constraint that refused a row; empty where it is not known.

    PostgreSQL names it. SQLite names its columns: of several over the same columns, the first by name.
    """
    named = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    if named:
        return str(named)
    found = COLUMNS.search(str(error.orig))
    if found is None:
        return ""
    columns = [each.strip().partition(".") for each in found[1].split(",")]
    table = Base.metadata.tables.get(columns[0][0])
    return _over(table, {name for _, _, name in columns}) if table is not None else ""


def _over(table: Table, columns: set[str]) -> str:
    walls = [each for each in table.indexes if each.unique]
    walls += [each for each in table.constraints if isinstance(each, UniqueConstraint)]  # type: ignore[misc]
    names = [str(each.name) for each in walls if {column.name for column in each.columns} == columns]
    return min(names, default="")
