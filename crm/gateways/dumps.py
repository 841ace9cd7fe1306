"""A whole database as one file, and back: SQLite by its online backup, PostgreSQL by pg_dump and pg_restore."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, inspect, text

PRIVATE = 0o600


class DumpFailed(Exception):
    """The database could not be copied or filled; the message says what its own program said."""


@contextmanager
def dumped(engine: Engine, to: Path) -> Iterator[Connection]:
    """Copy a database to a file while others go on working, and lend a connection that sees just what the copy holds.

    Raises `DumpFailed`.
    """
    to.touch(mode=PRIVATE)
    copied = _copied_sqlite if engine.dialect.name == "sqlite" else _copied_postgresql
    with copied(engine, to) as seeing:
        yield seeing


def load(engine: Engine, source: Path) -> None:
    """Fill an empty database from such a file: all of it or, where that fails, nothing. Raises `DumpFailed`."""
    fill = _fill_sqlite if engine.dialect.name == "sqlite" else _fill_postgresql
    fill(engine, source)
    engine.dispose()  # connections from before have the old tables in mind


def is_empty(engine: Engine) -> bool:
    """Whether a database has no table yet."""
    return not inspect(engine).get_table_names()


@contextmanager
def _copied_sqlite(engine: Engine, to: Path) -> Iterator[Connection]:
    with closing(engine.raw_connection()) as source, closing(sqlite3.connect(to)) as target:
        _driver(source).backup(target)
    copy = create_engine(f"sqlite:///{to}")
    try:
        with copy.connect() as seeing:
            yield seeing
    finally:
        copy.dispose()


def _fill_sqlite(engine: Engine, source: Path) -> None:
    assert engine.url.database is not None
    Path(engine.url.database).chmod(PRIVATE)
    try:
        with closing(sqlite3.connect(source)) as kept, closing(engine.raw_connection()) as target:
            kept.backup(_driver(target))
    except sqlite3.Error as fault:
        raise DumpFailed(str(fault)) from fault


def _driver(pooled: object) -> sqlite3.Connection:
    """SQLite's own connection behind one of the pool."""
    found = getattr(pooled, "driver_connection", None)
    assert isinstance(found, sqlite3.Connection)
    return found


@contextmanager
def _copied_postgresql(engine: Engine, to: Path) -> Iterator[Connection]:
    """The program looks through the eyes of a transaction of ours, so that both see the same rows."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as seeing:
        snapshot = seeing.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        _run(["pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={to}"], engine.url)
        yield seeing


def _fill_postgresql(engine: Engine, source: Path) -> None:
    whole = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    _run(["pg_restore", *whole, f"--dbname={engine.url.database}", str(source)], engine.url)


def _run(words: Sequence[str], url: URL) -> None:
    """Run one of PostgreSQL's programs. Its password is in no list of processes."""
    program = shutil.which(words[0])
    if program is None:
        raise DumpFailed(f"{words[0]} is not installed here (Debian: postgresql-client)")
    called, seen = [program, *words[1:]], _environment(url)
    done = subprocess.run(called, env=seen, capture_output=True, text=True, check=False)  # noqa: S603 the words are ours
    if done.returncode:
        raise DumpFailed(f"{words[0]}: {done.stderr.strip()[:2000]}")


def _environment(url: URL) -> Mapping[str, str]:
    """Where the database is, as PostgreSQL's programs are told."""
    told = {"PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username}
    told |= {"PGPASSWORD": url.password, "PGDATABASE": url.database}
    told |= {f"PG{name.upper()}": value for name, value in url.query.items() if isinstance(value, str)}
    return {"LC_ALL": "C.UTF-8"} | {name: str(value) for name, value in told.items() if value}
