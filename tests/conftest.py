"""What every test stands on: two engines, a transaction that is undone, a still clock and no network."""

from __future__ import annotations

import gc
import inspect
import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from zlib import crc32

import hypothesis
import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from tests import engines, factories
from tests.houses import TODAY, Houses, database
from tests.statements import Statements, recording

HERE = Path(__file__).parent
# The cast, the conforming client and what it notes bring fixtures of their own.
pytest_plugins = ["tests.posted", "tests.cast", "tests.client"]

# What is tried on both engines in every run: the database's own rooms and the laws about them, whatever commits for
# real, and each test that asks the database in its own words.
ON_BOTH = {"db", "faults", "test_doors", "test_demo", "test_migrations", "test_walls"}
ON_BOTH |= {"test_queries", "test_searching", "test_outbox", "throttles"}
COMMITTING = {"committing_app", "furnished"}
ASKS = {
    "queries",
    "text",
    "DBAPIError",
    "DatabaseError",
    "IntegrityError",
    "OperationalError",
    "StaleDataError",
}
FIXTURES_WITH_A_DATABASE = {"engine_name", "houses"}
MARKS_WITH_SOCKETS = ("browser", "faults", "loopback")
# Marks whose tests live in real time, since other processes do.
MARKS_IN_REAL_TIME = ("browser", "faults")

hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "house")

_cluster = pytest.StashKey[engines.Cluster]()
_no_cluster = pytest.StashKey[str]()
_shared = pytest.StashKey[str]()


# ---------------------------------------------------------------- before and after all tests


def pytest_configure(config: pytest.Config) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    for name in [name for name in os.environ if name.startswith("CRM_") or name == "DATABASE_URL"]:
        if name != "CRM_SCREENSHOTS":
            del os.environ[name]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Start PostgreSQL once, in the process that gives out the tests, and tell each worker where it is."""
    config = node.config
    if _cluster not in config.stash and _no_cluster not in config.stash:
        try:
            config.stash[_cluster] = engines.start_cluster()
        except engines.NoPostgreSQL as error:
            config.stash[_no_cluster] = str(error)
    cluster = config.stash.get(_cluster, None)
    if _shared not in config.stash:
        config.stash[_shared] = tempfile.mkdtemp(prefix="crm-shared-")
    node.workerinput["shared"] = config.stash[_shared]
    node.workerinput["postgresql"] = cluster.address if cluster else ""
    node.workerinput["no_postgresql"] = config.stash.get(_no_cluster, "")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give out whole files, the slow ones first, so that no worker is left alone with one at the end."""
    from tests.giving_out import ByFile

    return ByFile(config, log)


def pytest_unconfigure(config: pytest.Config) -> None:
    cluster = config.stash.get(_cluster, None)
    if cluster:
        cluster.stop()
    if _shared in config.stash:
        shutil.rmtree(config.stash[_shared], ignore_errors=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--pages-on-one-engine",
        action="store_true",
        help="try pages and verbs on one engine each; queries, constraints, races and the database's laws still on both",
    )
    parser.addoption(
        "--odd",
        type=float,
        default=0.1,
        help="how often, on average, everybody who walks through the product sends each form with odd things in it",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that touches the database runs on both engines, unless it says that it is about one."""
    if "engine_name" in metafunc.fixturenames:
        metafunc.parametrize("engine_name", engines_for(metafunc))


def engines_for(metafunc: pytest.Metafunc) -> tuple[str, ...]:
    """Where a run tries each page and verb on one engine, its name decides on which: the same in every run."""
    mark = metafunc.definition.get_closest_marker("engine")
    if mark:
        return tuple(mark.args)
    if not metafunc.config.getoption("--pages-on-one-engine") or is_about_engines(metafunc):
        return engines.ENGINES
    return (engines.ENGINES[crc32(metafunc.definition.name.encode()) % len(engines.ENGINES)],)


def is_about_engines(metafunc: pytest.Metafunc) -> bool:
    """Whether what a test finds may be found on one engine alone. A page draws what it was answered, and a verb says the
    same to both: all verbs together load the demonstration, on each of them (`tests/rules/test_demo.py`).
    """
    path, fixtures = Path(metafunc.definition.path), set(metafunc.fixturenames)
    if {path.parent.name, path.stem} & ON_BOTH or fixtures & COMMITTING:
        return True
    words = inspect.unwrap(metafunc.function).__code__.co_names
    return "client" not in fixtures and bool(ASKS & set(words))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    browser, faults = (f"{HERE / each}{os.sep}" for each in ("browser", "faults"))
    for item in items:
        where = str(item.path)
        if where.startswith(browser):
            item.add_marker("browser")
        elif where.startswith(faults):
            item.add_marker("faults")
        elif not FIXTURES_WITH_A_DATABASE & set(getattr(item, "fixturenames", ())):
            item.add_marker("fast")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[Any]:
    """What is there once the tests are found stays to the end: the search for garbage begins after it.

    It took a tenth of the tests' time, since two million objects were gone through again and again. What is new is
    searched as often as ever, since rows that are garbage and not yet found would be read as they were before.
    """
    gc.disable()
    found = yield
    gc.freeze()
    gc.set_threshold(700, 10, 100)  # what has grown old already is gone through seldom
    gc.enable()
    return found


# ---------------------------------------------------------------- engines and applications


@pytest.fixture(scope="session")
def houses(request: pytest.FixtureRequest) -> Iterator[Houses]:
    """The applications of this worker, by engine."""
    worker = getattr(request.config, "workerinput", {"workerid": "main"})

    def address() -> str:
        if "postgresql" not in worker:
            if _cluster not in request.config.stash:
                request.config.stash[_cluster] = engines.start_cluster()
            return request.config.stash[_cluster].address
        if worker["no_postgresql"]:
            raise engines.NoPostgreSQL(worker["no_postgresql"])
        return str(worker["postgresql"])

    made = Houses(worker["workerid"], address, Path(worker["shared"]) if "shared" in worker else None)
    yield made
    made.end()


@pytest.fixture
def app(request: pytest.FixtureRequest, houses: Houses, engine_name: str) -> Flask:
    """The application on one engine, migrated. Whatever changes rows also asks for `db`.

    It is empty, but for those who ask for `reference`, or for a client, which stands on it, or for the cast, who live in it.
    """
    from tests.cast import move_in  # a plugin: pytest must be the first to import it

    if "cast" in request.fixturenames:
        found = houses.peopled(engine_name, move_in)
    else:
        is_furnished = "reference" in request.fixturenames
        found = houses.furnished(engine_name) if is_furnished else houses.on(engine_name)
    factories.STORES.append(found.extensions["files"])
    return found


@pytest.fixture
def reference() -> None:
    """Asked for by whoever needs the hubs, figures and services that come with the product."""


@pytest.fixture
def db(app: Flask) -> Iterator[Session]:
    """A session inside one transaction that is undone after the test; what the application commits lies in it."""
    opened = database(app)
    with opened.engine.connect() as connection:
        outer = connection.begin()
        try:
            with opened.within(connection), opened.using(opened.open()) as session:
                yield session
        finally:
            outer.rollback()


@pytest.fixture
def count_queries(app: Flask) -> Callable[[], AbstractContextManager[Statements]]:
    """`with count_queries() as asked:` and afterwards `len(asked)`, `asked.while_rendering`, `asked.writes`."""
    return lambda: recording(app)


@pytest.fixture
def committing_app(houses: Houses, engine_name: str) -> Iterator[Flask]:
    """An empty application on a database of its own, where commits are real: for two at once, and for faults."""
    made = houses.renewed(engine_name, "empty", of=houses.on(engine_name))
    yield made
    database(made).engine.dispose()


@pytest.fixture
def furnished(houses: Houses, engine_name: str) -> Iterator[Flask]:
    """As `committing_app`, with the hubs, figures and services that come with the product."""
    made = houses.renewed(engine_name, "furnished", of=houses.furnished(engine_name))
    yield made
    database(made).engine.dispose()


# ---------------------------------------------------------------- the still clock and the blocked sockets


@pytest.fixture(autouse=True)
def clock(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Tuesday 24 November 2026, ten o'clock in London, until the test moves it: `clock.move_to`, `clock.shift`."""
    if _has_mark(request, MARKS_IN_REAL_TIME):
        yield None
        return
    with time_machine.travel(TODAY, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _sockets(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches the network; those that need a server of their own reach loopback."""
    may_use_loopback = _has_mark(request, MARKS_WITH_SOCKETS)
    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name), may_use_loopback))


def _has_mark(request: pytest.FixtureRequest, names: tuple[str, ...]) -> bool:
    return any(request.node.get_closest_marker(name) for name in names)


def _guarded(real: Any, may_use_loopback: bool) -> Any:
    def connect(self: socket.socket, address: Any) -> Any:
        if not (may_use_loopback and (self.family == socket.AF_UNIX or _is_loopback(address))):
            self.close()
            raise RuntimeError(
                f"a test tried to connect to {address!r}; mark it `loopback` if it is its own server"
            )
        return real(self, address)

    return connect


def _is_loopback(address: Any) -> bool:
    host = address[0] if isinstance(address, tuple) else ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
