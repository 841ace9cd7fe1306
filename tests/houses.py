"""The applications that the tests run: one for each engine in each worker, migrated once."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask

from crm.db.session import Database
from tests import engines

TODAY = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)  # when every test begins


@dataclass
class Houses:
    """Makes an application on each engine when it is first asked for, and ends them all together.

    `address` gives the address of the tests' PostgreSQL, or raises `NoPostgreSQL`.
    """

    worker: str
    address: Callable[[], str]
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="crm-tests-")))
    made: dict[str, Flask] = field(default_factory=dict)
    with_reference: dict[str, Flask] = field(default_factory=dict)
    with_people: dict[str, Flask] = field(default_factory=dict)
    copies: int = 0

    def on(self, engine: str) -> Flask:
        """The application on this engine, its schema migrated and empty. The same one for every test."""
        if engine not in self.made:
            app = _app(self.folder / engine, self._new_database(engine))
            run(app, "db", "upgrade")
            self.made[engine] = app
        return self.made[engine]

    def furnished(self, engine: str) -> Flask:
        """The application on this engine with its hubs, figures and services. The same one for every test."""
        if engine not in self.with_reference:
            app = self.copy(engine)
            run(app, "reference", "load")
            self.with_reference[engine] = app
        return self.with_reference[engine]

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

    def copy(self, engine: str, *, of: Flask | None = None, environment: str = "test") -> Flask:
        """Another application on a database of its own: for tests that really commit. It is empty, or a copy of another's."""
        self.copies += 1
        name = f"crm_{self.worker}_{self.copies}"
        source = database(of or self.on(engine)).engine
        source.dispose()
        if engine == "sqlite":
            target = self.folder / f"{name}.db"
            shutil.copyfile(source.url.database, target)
            url = f"sqlite:///{target}"
        else:
            url = engines.copy_database(self.address(), source.url.database, name)
        return _app(self.folder / name, url, environment=environment)

    def end(self) -> None:
        for app in (*self.made.values(), *self.with_reference.values(), *self.with_people.values()):
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
    return create_app(Settings.from_environment(given))


def run(app: Flask, *words: str) -> str:
    """Run one of the product's commands, and return what it printed."""
    done = app.test_cli_runner().invoke(args=words)
    if done.exception or done.exit_code:
        raise RuntimeError(f"`{' '.join(words)}` failed:\n{done.output}") from done.exception
    return done.output
