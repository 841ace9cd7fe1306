"""Timed work: once in each period, by whichever worker comes first; what was missed is caught up once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.app import FEATURES
from crm.db.session import Database
from crm.links import service as links
from crm.links.models import OneTimeLink
from crm.links.rules import Purpose
from crm.notices.jobs import forget_old_runs, post_of, run_due
from crm.notices.models import TimedRun
from crm.notices.workflow import LetterStatus
from crm.web.feature import DAILY, HOURLY, Feature, Timed
from tests.houses import database
from tests.notices.letters import contact


@dataclass
class Work:
    """Timed work that counts how often it was done."""

    every: timedelta = DAILY
    name: str = "count sheep"
    done: int = 0
    rooms: tuple[Feature, ...] = field(init=False)
    fault: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.rooms = (Feature(name="fields", timed=(Timed(self.name, self.every, self.run),)),)

    def run(self) -> None:
        self.done += 1
        self.fault()


def test_work_is_done_once_in_its_period(house: Database, clock: Any) -> None:
    work = Work()
    assert run_due(house, work.rooms) == ["count sheep"]
    clock.move_to(datetime(2026, 11, 24, 23, 59, 59, tzinfo=UTC))
    assert run_due(house, work.rooms) == []
    assert work.done == 1


def test_work_is_done_again_from_the_first_moment_of_the_next_period(house: Database, clock: Any) -> None:
    work = Work(every=HOURLY)
    run_due(house, work.rooms)
    clock.move_to(datetime(2026, 11, 24, 11, 0, tzinfo=UTC))
    assert run_due(house, work.rooms) == ["count sheep"]


@pytest.mark.engine("sqlite")
def test_while_work_looks_around_others_can_save(committing_app: Flask) -> None:
    house, seen = database(committing_app), []

    def look() -> str:
        with house.transaction():
            links.mint(Purpose.SIGN_IN, "saved meanwhile")
        return "what it saw"

    work = Timed("look around", DAILY, seen.append, look=look)
    assert run_due(house, (Feature(name="fields", timed=(work,)),)) == ["look around"]
    assert seen == ["what it saw"]


def test_days_that_were_missed_are_caught_up_once(house: Database, clock: Any) -> None:
    work = Work()
    run_due(house, work.rooms)
    clock.shift(timedelta(days=5))
    assert run_due(house, work.rooms) == ["count sheep"]
    assert run_due(house, work.rooms) == []
    assert work.done == 2


def test_work_that_fails_is_tried_again_and_holds_nothing_up(house: Database, db: Session) -> None:
    bad, good = Work(name="bad"), Work(name="good")

    def fall_over() -> None:
        links.mint(Purpose.SIGN_IN, "half done")
        raise ZeroDivisionError

    bad.fault = fall_over
    assert run_due(house, (*bad.rooms, *good.rooms)) == ["good"]
    assert db.scalar(select(func.count()).select_from(OneTimeLink)) == 0
    bad.fault = lambda: None
    assert run_due(house, (*bad.rooms, *good.rooms)) == ["bad"]
    assert (bad.done, good.done) == (2, 1)


def test_works_of_the_same_period_do_not_stand_in_for_each_other(house: Database) -> None:
    one, two = Work(name="one"), Work(name="two")
    assert run_due(house, (*one.rooms, *two.rooms)) == ["one", "two"]


def test_no_two_rooms_give_their_work_the_same_name() -> None:
    names = [work.name for room in FEATURES for work in room.timed]
    assert len(names) == len(set(names))
    assert all(len(name) <= 80 for name in names)


def test_the_houses_own_work_runs_on_an_empty_database(app: Flask, house: Database) -> None:
    with (
        app.app_context()
    ):  # as the worker's command has one: some of the work asks the application for its store
        assert set(run_due(house, FEATURES)) == {work.name for room in FEATURES for work in room.timed}


def test_notes_of_what_was_done_are_kept_for_a_month(house: Database, db: Session, clock: Any) -> None:
    run_due(house, Work().rooms)
    clock.move_to(datetime(2026, 12, 24, 0, 0, tzinfo=UTC))
    forget_old_runs()
    assert db.scalar(select(func.count()).select_from(TimedRun)) == 1
    clock.shift(timedelta(seconds=1))
    forget_old_runs()
    assert db.scalar(select(func.count()).select_from(TimedRun)) == 0


@pytest.mark.usefixtures("_signals")
def test_the_worker_once_sends_what_is_due_and_ends(app: Flask, db: Session) -> None:
    letter = contact()
    db.commit()
    with app.app_context():
        done = app.test_cli_runner().invoke(args=["run-worker", "--once"])
    assert (done.exception, done.exit_code) == (None, 0)
    db.expire_all()
    assert letter.status is LetterStatus.SENT
    kept = app.extensions["settings"].data / "mailbox" / f"{letter.id}.eml"
    assert b"A message from Ann" in kept.read_bytes()
    assert db.scalar(select(func.count()).select_from(TimedRun)) == len(
        [work for room in FEATURES for work in room.timed]
    )


def test_every_gate_of_every_room_is_asked(app: Flask) -> None:
    post = post_of(app.extensions["settings"], FEATURES)
    assert set(post.gates) == {kind for room in FEATURES for kind in room.send_gates}
