"""What several laws stand on: the demonstration, loaded once for each engine in each process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy import Connection

from tests.houses import Houses, database, run


@pytest.fixture(scope="session")
def demos() -> dict[str, Flask]:
    """One loaded demonstration for each engine, read and never changed."""
    return {}


@pytest.fixture
def demo(demos: dict[str, Flask], houses: Houses, engine_name: str) -> Iterator[Flask]:
    if engine_name not in demos:
        demos[engine_name] = houses.copy(engine_name, environment="demo")
        with _the_same_ids_in_each_run():
            run(demos[engine_name], "demo", "load")
    yield demos[engine_name]
    database(demos[engine_name]).engine.dispose()


@contextmanager
def _the_same_ids_in_each_run() -> Iterator[None]:
    """Ids and references are random; drawn from one seed, rows of one moment stand in one order in each run."""
    drawn = Random(15)
    with patch("os.urandom", drawn.randbytes), patch("crm.kernel.references.secrets.choice", drawn.choice):
        yield


@pytest.fixture
def connection(demo: Flask) -> Iterator[Connection]:
    """The demonstration in one transaction that is undone, with a session of its own."""
    opened = database(demo)
    with opened.engine.connect() as connection:
        connection.begin()
        with opened.within(connection), opened.using(opened.open()):
            yield connection
        connection.rollback()
