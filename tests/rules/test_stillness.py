"""The ground that the tests stand on: a still clock, no network, and rows that are undone on both engines."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from crm.db.session import session
from tests.houses import database


def test_the_clock_stands_still_until_it_is_moved(clock: Any) -> None:
    before = datetime.now(UTC)
    clock.shift(timedelta(days=1))

    assert before == datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    assert datetime.now(UTC) - before == timedelta(days=1)


def test_no_test_reaches_the_network() -> None:
    with pytest.raises(RuntimeError, match="tried to connect"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


@pytest.mark.loopback
def test_a_test_that_says_so_reaches_loopback_and_nothing_else() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()
    with pytest.raises(RuntimeError, match="tried to connect"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


@pytest.mark.parametrize("run", [1, 2])
def test_what_a_test_commits_is_undone(app: Flask, db: Session, run: int) -> None:
    assert not inspect(db.connection()).has_table("passing")
    db.execute(text("CREATE TABLE passing (number INTEGER)"))
    db.commit()

    with database(app).transaction() as writing:
        writing.execute(text("INSERT INTO passing VALUES (1)"))
    with pytest.raises(ZeroDivisionError):
        fail_while_writing(app)

    assert session() is db
    assert db.execute(text("SELECT number FROM passing")).scalars().all() == [1]


def fail_while_writing(app: Flask) -> None:
    with database(app).transaction() as writing:
        writing.execute(text("INSERT INTO passing VALUES (2)"))
        raise ZeroDivisionError


def test_an_application_of_ones_own_commits_for_real(committing_app: Flask) -> None:
    with database(committing_app).transaction() as writing:
        writing.execute(text("CREATE TABLE kept (number INTEGER)"))
        writing.execute(text("INSERT INTO kept VALUES (1)"))

    with database(committing_app).reading() as reading:
        assert reading.execute(text("SELECT number FROM kept")).scalars().all() == [1]


@pytest.mark.engine("postgresql")
def test_a_test_may_be_about_one_engine(db: Session) -> None:
    assert db.connection().dialect.name == "postgresql"
