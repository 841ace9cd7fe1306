"""The applications that the tests run: one for each engine in each worker, migrated once."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import time_machine
from flask import Flask, g, has_request_context
from jinja2.bccache import Bucket, BytecodeCache, FileSystemBytecodeCache

from crm.db.session import Database, session
from tests import engines

TODAY = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)  # when every test begins


@dataclass
class Houses:
    """Makes an application on each engine when it is first asked for, and ends them all together.

    `address` gives the address of the tests' PostgreSQL, or raises `NoPostgreSQL`. In `shared`, a folder of all workers
    of a run, one puts what takes long to make, and the others copy it.
    """

    worker: str
    address: Callable[[], str]
    shared: Path | None = None
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="crm-tests-")))
    made: dict[str, Flask] = field(default_factory=dict)
    with_reference: dict[str, Flask] = field(default_factory=dict)
    with_people: dict[str, Flask] = field(default_factory=dict)
    committing: dict[tuple[str, str], Flask] = field(default_factory=dict)
    copies: int = 0

    def __post_init__(self) -> None:
        if self.shared is not None:
            COMPILED.keep_in(self.shared / "templates")

    def on(self, engine: str) -> Flask:
        """The application on this engine, its schema migrated and empty. The same one for every test."""
        if engine not in self.made:
            self.made[engine] = self._made_once(engine, "migrated", lambda: self._migrated(engine))
        return self.made[engine]

    def _migrated(self, engine: str) -> Flask:
        app = _app(self.folder / engine, self._new_database(engine))
        run(app, "db", "upgrade")
        return app

    def furnished(self, engine: str) -> Flask:
        """The application on this engine with its hubs, figures and services. The same one for every test."""
        if engine not in self.with_reference:
            self.with_reference[engine] = self._made_once(
                engine, "filled", lambda: self._filled_first(engine)
            )
        return self.with_reference[engine]

    def _filled_first(self, engine: str) -> Flask:
        app = self.copy(engine)
        with time_machine.travel(TODAY, tick=False):
            run(app, "reference", "load")
        return app

    def peopled(self, engine: str, move_in: Callable[[Flask], None]) -> Flask:
        """The application on this engine with what the product brings and the people whom `move_in` adds; one for every test."""
        if engine not in self.with_people:
            app = self.copy(engine, of=self.furnished(engine))
            move_in(app)
            self.with_people[engine] = app
        return self.with_people[engine]

    def empty(self, engine: str) -> Any:
        """A `Database` of its own without a single table: for the migrations themselves."""
        self.copies += 1
        name = f"crm_{self.worker}_{self.copies}"
        if engine == "sqlite":
            return Database(f"sqlite:///{self.folder / name}.db")
        return Database(engines.make_database(self.address(), name))

    def vacant(self, engine: str) -> Flask:
        """An application that was just installed: its database has no table, and its store no file."""
        self.copies += 1
        name = f"crm_{self.worker}_{self.copies}"
        is_file = engine == "sqlite"
        url = f"sqlite:///{self.folder / name}.db" if is_file else engines.make_database(self.address(), name)
        return _app(self.folder / name, url)

    def copied(self, engine: str) -> Any:
        """A `Database` of its own with every table and not a row."""
        self.copies += 1
        return Database(self._filled(engine, f"crm_{self.worker}_{self.copies}", self.on(engine)))

    def copy(self, engine: str, *, of: Flask | None = None, environment: str = "test") -> Flask:
        """Another application on a database of its own: for tests that really commit. It is empty, or a copy of another's."""
        self.copies += 1
        name = f"crm_{self.worker}_{self.copies}"
        url = self._filled(engine, name, of or self.on(engine))
        return _app(self.folder / name, url, environment=environment)

    def renewed(
        self, engine: str, kind: str, *, of: Flask, furnish: Callable[[Flask], Any] = lambda _app: None
    ) -> Flask:
        """The one application of a kind for tests that really commit; at each asking its database is as ``of``'s again.

        To make an application takes longer than to fill its database. ``furnish`` is done to it once.
        """
        if (engine, kind) not in self.committing:
            made = self.copy(engine, of=of)
            made.extensions["own files"] = made.extensions["files"]
            furnish(made)
            self.committing[engine, kind] = made
            return made
        app = self.committing[engine, kind]
        app.extensions["files"] = app.extensions["own files"]  # a test may have given it others
        database(app).engine.dispose()
        self._filled(engine, Path(database(app).engine.url.database).stem, of)
        _empty(app.extensions["settings"].data)
        return app

    def _made_once(self, engine: str, kind: str, make: Callable[[], Flask]) -> Flask:
        """What ``make`` makes, or an application on a copy of what another worker made of this kind."""
        if self.shared is None:
            return make()
        with (self.shared / f"{engine} {kind}").open("a+") as note:
            fcntl.flock(note, fcntl.LOCK_EX)
            note.seek(0)
            if kept := note.read():
                self.copies += 1
                name = f"crm_{self.worker}_{self.copies}"
                return _app(self.folder / name, self._copied_from(engine, name, kept))
            made = make()
            database(made).engine.dispose()
            note.write(self._kept(engine, kind, database(made).engine.url.database))
        return made

    def _kept(self, engine: str, kind: str, source: str) -> str:
        """Keep a database for the other workers; where it is."""
        assert self.shared is not None
        if engine != "sqlite":
            engines.copy_database(self.address(), source, f"crm_{kind}")
            return f"crm_{kind}"
        return str(shutil.copyfile(source, self.shared / f"{kind}.db"))

    def _filled(self, engine: str, name: str, of: Flask) -> str:
        """Fill the database of a name with what that of an application holds, in place of anything before; its URL."""
        source = database(of).engine
        source.dispose()
        return self._copied_from(engine, name, source.url.database)

    def _copied_from(self, engine: str, name: str, source: str) -> str:
        if engine != "sqlite":
            return engines.copy_database(self.address(), source, name)
        target = self.folder / f"{name}.db"
        for suffix in ("-wal", "-shm"):
            Path(f"{target}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(source, target)
        return f"sqlite:///{target}"

    def end(self) -> None:
        for kinds in (self.made, self.with_reference, self.with_people, self.committing):
            for app in kinds.values():  # type: ignore[attr-defined]
                database(app).engine.dispose()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _name(self) -> str:
        return f"crm_{self.worker}"

    def _new_database(self, engine: str) -> str:
        if engine == "sqlite":
            return f"sqlite:///{self.folder / 'crm.db'}"
        return engines.make_database(self.address(), self._name)


def database(app: Flask) -> Any:
    """The `Database` of an application."""
    return app.extensions["database"]


def _app(data: Path, url: str, *, environment: str = "test") -> Flask:
    from crm.app import create_app
    from crm.config import Settings

    data.mkdir(exist_ok=True)
    given = {
        "CRM_ENV": environment,
        "CRM_DATA": str(data),
        "DATABASE_URL": url,
        "CRM_BASE_URL": "http://localhost",
    }
    made = create_app(Settings.from_environment(given))
    made.jinja_env.bytecode_cache = COMPILED
    made.extensions["files"] = UnheldFiles(made.extensions["files"])
    opened = database(made)
    for engine in (opened.engine, opened._reading):
        engine.update_execution_options(compiled_cache=STATEMENTS[engine.dialect.name])
    return made


class UnheldFiles:
    """The store of an application under test. A request that asks it while it holds a transaction breaks: a store may be slow."""

    def __init__(self, files: Any) -> None:
        self.files = files

    def __getattr__(self, name: str) -> Any:
        if has_request_context() and "session_stack" in g:
            assert not session().in_transaction(), f"a request held a transaction to {name} a file"
        return getattr(self.files, name)


class Compiled(BytecodeCache):
    """The templates as they were compiled first, by whichever worker: every application of a run has the same."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[str, Any]] = {}
        self.kept: FileSystemBytecodeCache | None = None

    def keep_in(self, folder: Path) -> None:
        """Share them with the other workers, which keep theirs in the same folder."""
        folder.mkdir(exist_ok=True)
        self.kept = FileSystemBytecodeCache(str(folder))

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self.known.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code
        elif self.kept is not None:
            self.kept.load_bytecode(bucket)
            self.known[bucket.key] = bucket.checksum, bucket.code

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key] = bucket.checksum, bucket.code
        if self.kept is not None:
            self.kept.dump_bytecode(bucket)


COMPILED = Compiled()


class Statements(dict[Any, Any]):
    """The statements as they were compiled first: every application of this process on one kind of engine has the same.

    The first part of a key is the dialect, of which each application has its own.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(key[1:], compiled)


STATEMENTS = {engine: Statements() for engine in engines.ENGINES}


def _empty(folder: Path) -> None:
    """Remove all files that an application was given to keep."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(exist_ok=True)


def run(app: Flask, *words: str) -> str:
    """Run one of the product's commands, and return what it printed."""
    done = app.test_cli_runner().invoke(args=words)
    if done.exception or done.exit_code:
        raise RuntimeError(f"`{' '.join(words)}` failed:\n{done.output}") from done.exception
    return done.output
