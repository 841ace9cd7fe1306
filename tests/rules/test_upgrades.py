"""What a database of an older version holds is there after an upgrade, row by row, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, MetaData, select

from tests.houses import Houses, database, run

OLDER = ("0100",)
"""Versions from which is upgraded. The way down to them loses what only newer ones can hold, as it says."""
ANEW = {"decision": frozenset({"amount"})}
"""Columns that a later revision writes anew, by table: what was decided is kept beside what was released of it (0110)."""
Rows = dict[str, dict[str, set[str]]]


@pytest.fixture
def lived_in(demo: Flask, houses: Houses, engine_name: str) -> Iterator[Flask]:
    """The demonstration, to be changed."""
    app = houses.copy(engine_name, of=demo, environment="demo")
    yield app
    database(app).engine.dispose()


def rows(connection: Connection) -> Rows:
    """Every row of every table, by its columns: what stands in each, for each row as the database has it."""
    known = MetaData()
    known.reflect(connection)
    found: Rows = {}
    for name, table in known.tables.items():
        if name != "alembic_version":
            keys = [each.name for each in table.primary_key]
            found[name] = {each.name: set() for each in table.c}
            for row in connection.execute(select(table)).mappings():
                who = " ".join(str(row[key]) for key in keys)
                for column, value in row.items():
                    found[name][column].add(f"{who}: {value!r}")
    return found


def seen(app: Flask) -> Rows:
    with database(app).engine.connect() as connection:
        return rows(connection)


def lost(before: Rows, after: Rows) -> dict[str, Any]:
    """What was there and is not, where its table and column still are."""
    return {
        f"{table}.{column}": sorted(gone)[:3]
        for table, columns in before.items()
        for column, values in columns.items()
        if column not in ANEW.get(table, ())
        if (gone := values - after.get(table, {}).get(column, values))
    }


def test_rows_of_older_versions_are_there_after_an_upgrade(lived_in: Flask) -> None:
    for revision in OLDER:
        run(lived_in, "db", "downgrade", revision)
        before = seen(lived_in)
        run(lived_in, "db", "upgrade")

        assert sum(len(columns) > 0 for columns in before.values()) > 50
        assert lost(before, seen(lived_in)) == {}, f"up from {revision}"
