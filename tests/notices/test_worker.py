"""The worker waits for a database that is away, longer and longer, and says so in one line each time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm.app import FEATURES
from crm.db.session import Database
from crm.kernel.clock import now
from crm.notices import jobs
from crm.notices.jobs import PAUSE, Worker
from crm.notices.queries import signs_of_life
from crm.notices.rules import BEAT, LONGEST_PAUSE, WORKER, pause_after
from crm.notices.workflow import LetterStatus
from tests.engines import Cluster, start_cluster
from tests.notices.letters import Postbox, contact, post


def worker_of(house: Any, postbox: Postbox | None = None) -> Worker:
    return Worker(house, FEATURES[:1], post(postbox or Postbox()), is_over=lambda: False)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    made = start_cluster()
    yield made
    if made.process.poll() is None:
        made.stop()


def test_the_waits_double_up_to_a_minute() -> None:
    assert [pause_after(each) for each in range(1, 9)] == [1, 2, 4, 8, 16, 32, LONGEST_PAUSE, LONGEST_PAUSE]
    assert pause_after(100_000) == LONGEST_PAUSE


@pytest.mark.faults
@pytest.mark.engine("postgresql")
def test_a43_a_stopped_database_is_waited_for_with_one_line_a_turn(
    cluster: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    house = Database(f"{cluster.address}/postgres")
    with house.reading() as opened:
        opened.connection()
    cluster.stop()
    worker = worker_of(house)
    waits = []
    with caplog.at_level("INFO"):
        for _ in range(8):
            assert worker.turn() is False
            waits.append(worker.pause(was_asked=False))
    house.engine.dispose()
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert len(caplog.records) == len(waits)
    assert not any(each.exc_info for each in caplog.records)
    assert caplog.messages[2] == "the database does not answer (OperationalError); trying again in 4 seconds"


def test_a43_a_database_that_is_back_is_worked_with_at_once(
    house: Database, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter, worker = contact(), worker_of(house)
    db.commit()
    with monkeypatch.context() as away:

        def gone(*_: Any, **__: Any) -> Any:
            raise jobs.OperationalError("BEGIN", {}, psycopg.OperationalError("gone"))

        away.setattr(house, "open", gone)
        for _ in range(5):
            worker.turn()
        assert worker.pause(was_asked=False) == 16
    worker.turn()
    assert (worker.failures, worker.pause(was_asked=False)) == (0, PAUSE)
    db.expire_all()
    assert letter.status is LetterStatus.SENT


def test_a_part_of_a_turn_that_fails_holds_no_other_up_and_is_told_with_where(
    house: Database, db: Session, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def meet(*_: Any, **__: Any) -> int:
        raise IntegrityError("INSERT", {}, Exception("two workers met"))

    monkeypatch.setattr(jobs, "drain", meet)
    worker = worker_of(house)
    worker.turn()
    assert set(signs_of_life()) == {WORKER, *(work.name for work in FEATURES[0].timed)}
    assert [bool(each.exc_info) for each in caplog.records if each.name == "crm.worker"] == [True]
    assert worker.pause(was_asked=False) == 1


def test_a42_the_worker_leaves_a_sign_of_life_every_half_minute(
    house: Database, db: Session, clock: Any
) -> None:
    worker = worker_of(house)
    worker.turn()
    first = now()
    clock.shift(BEAT - BEAT / 30)
    worker.turn()
    assert signs_of_life()[WORKER] == first
    clock.shift(BEAT / 30)
    worker.turn()
    assert signs_of_life()[WORKER] == now()


def test_a42_a_long_outbox_does_not_make_the_worker_seem_dead(
    house: Database, db: Session, clock: Any
) -> None:
    class Slow(Postbox):
        def send(self, message: Any) -> None:
            clock.shift(BEAT)
            super().send(message)

    for _ in range(3):
        contact()
    db.commit()
    worker_of(house, Slow()).turn()
    assert now() - signs_of_life()[WORKER] <= BEAT


@pytest.mark.usefixtures("_signals")
def test_the_worker_once_ends_with_1_where_the_database_is_away(
    app: Flask, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any, **__: Any) -> Any:
        raise jobs.OperationalError("BEGIN", {}, psycopg.OperationalError("gone"))

    monkeypatch.setattr(app.extensions["database"], "open", gone)
    with app.app_context():
        done = app.test_cli_runner().invoke(args=["run-worker", "--once"])
    assert done.exit_code == 1
