"""The revisions: from nothing to the tables that the models say, back to nothing, and up again, on both engines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from crm.app import FEATURES
from crm.db.base import Base
from crm.db.migrating import configuration, newest_revision, revision_of
from crm.db.session import Database
from tests.houses import Houses
from tests.rules.house import ROOT, modules

VERSIONS = modules("migrations/versions")


@pytest.fixture
def migrated(houses: Houses, engine_name: str) -> Iterator[Database]:
    """A copy of the database that all tests begin with: every revision has made its tables."""
    made = houses.copied(engine_name)
    yield made
    made.engine.dispose()


@pytest.fixture
def bare(houses: Houses, engine_name: str) -> Iterator[Database]:
    """A database without a single table."""
    made = houses.empty(engine_name)
    yield made
    made.engine.dispose()


Described = dict[str, Any]
_described: dict[tuple[Any, ...], Described] = {}


def shape(connection: Connection) -> dict[str, Any]:
    """Every table with its columns, keys, indexes and checks, every trigger and every function."""
    seen = inspect(connection)
    if connection.dialect.name == "sqlite":
        found = {table: _as_written(seen, table, *texts) for table, texts in written(connection).items()}
    else:
        found = all_described(seen)
    found.pop("alembic_version", None)
    return {**found, "triggers": triggers(connection), "functions": functions(connection)}


def written(connection: Any) -> dict[str, list[str]]:
    """What SQLite keeps of each table: the statements that made it and its indexes."""
    rows = connection.execute(
        text(
            "SELECT tbl_name, sql FROM sqlite_master WHERE type IN ('table', 'index') ORDER BY type DESC, name"
        )
    )
    found: dict[str, list[str]] = {}
    for table, statement in rows:
        found.setdefault(table, []).append(str(statement))
    return found


def _as_written(seen: Any, table: str, *texts: str) -> Described:
    """A table of SQLite. What was made by the same statements is not looked at again: that takes many questions."""
    key = (table, *texts)
    if key not in _described:
        _described[key] = described(*(getattr(seen, f"get_{part}")(table) for part in PARTS))
    return _described[key]


PARTS = ("columns", "check_constraints", "foreign_keys", "indexes", "unique_constraints")


def all_described(seen: Any) -> dict[str, Described]:
    """Every table of PostgreSQL, which tells of all at once."""
    told = [getattr(seen, f"get_multi_{part}")() for part in PARTS]
    return {key[1]: described(*(each.get(key, []) for each in told)) for key in told[0]}


def described(columns: Any, checks: Any, foreign: Any, indexes: Any, unique: Any) -> Described:
    return {
        "columns": [(each["name"], str(each["type"]), each["nullable"]) for each in columns],
        "checks": sorted((each["name"], each["sqltext"]) for each in checks),
        "foreign": sorted(str(each["name"]) for each in foreign),
        "indexes": sorted((str(each["name"]), str(each["column_names"])) for each in indexes),
        "unique": sorted(str(each["name"]) for each in unique),
    }


def triggers(connection: Any) -> list[str]:
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname"
    return [str(each) for each in connection.execute(text(query)).scalars()]


def functions(connection: Connection) -> list[str]:
    """The functions in a database; SQLite keeps none."""
    if connection.dialect.name == "sqlite":
        return []
    query = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY proname"
    return [str(each) for each in connection.execute(text(query)).scalars()]


def test_the_models_say_what_the_revisions_made(migrated: Database) -> None:
    assert FEATURES  # every room's tables are known
    with migrated.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert revision_of(connection) == newest_revision()


def test_each_revision_leads_up_and_down_to_the_same_shape_and_nothing_stays_behind(bare: Database) -> None:
    """Down from the newest, each revision meets just what it had made on the way up, and leaves what was there before it."""
    with bare.engine.connect() as connection:
        nothing = shape(connection)
    up = [nothing, *shapes_on_the_way(bare, command.upgrade, "head")]
    down = shapes_on_the_way(bare, command.downgrade, "base")

    assert len(up) == len(VERSIONS) + 1
    assert len(up[-1]) > 15
    for revision, there, back in zip(VERSIONS, up, reversed(down), strict=False):
        assert back == there, f"down from {revision.path.stem}"
    assert len(down) == len(VERSIONS)


def shapes_on_the_way(database: Database, go: Callable[[Any, str], None], end: str) -> list[dict[str, Any]]:
    """The shape after each revision, up or down."""
    shapes: list[dict[str, Any]] = []

    def look(*, ctx: MigrationContext, **_given: Any) -> None:
        assert ctx.connection is not None
        shapes.append(shape(ctx.connection))

    config = configuration(database.engine)
    config.attributes["after_each"] = look
    go(config, end)
    return shapes


def test_revisions_are_numbered_without_gaps_and_each_follows_the_one_before() -> None:
    before = "None"
    for number, module in enumerate(VERSIONS, start=1):
        assert module.path.stem.startswith(f"{number:04}_")
        assert re.search(rf'^revision = "{number:04}"$', module.text, re.MULTILINE)
        assert re.search(rf"^down_revision = {before}$", module.text, re.MULTILINE)
        before = f'"{number:04}"'


def test_a_revision_that_was_shipped_is_never_edited() -> None:
    """Somebody has run it: what it should have done otherwise, the next one does. New ones are added to the list when they land.

    `cd migrations/versions && sha256sum 0*.py > ../.shipped` writes the list anew.
    """
    shipped = [line.split() for line in (ROOT / "migrations" / ".shipped").read_text().splitlines()]
    now = {each.path.name: sha256(each.path.read_bytes()).hexdigest() for each in VERSIONS}
    edited = [name for digest, name in shipped if now.get(name) != digest]

    assert edited == []
    assert [name for _, name in shipped] == [each.path.name for each in VERSIONS][: len(shipped)]


def test_the_head_is_the_newest_revision() -> None:
    assert newest_revision() == VERSIONS[-1].path.stem[:4]
    assert (ROOT / "migrations" / ".head").read_text().count("\n") == 1
