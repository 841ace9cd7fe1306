"""The worker: sends the outbox and does the timed work of every room."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import cycle
from types import FrameType
from typing import Any, TypeVar

import click
from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError

from crm.config import Settings
from crm.db.session import Database, is_held, session
from crm.gateways.mail import Line, Mail, mail_from_url
from crm.kernel.clock import now
from crm.notices.models import TimedRun
from crm.notices.rules import BEAT, WORKER, pause_after, period_of
from crm.notices.service import Post, drain, leave_sign
from crm.web.feature import DAILY, Feature, Timed

log = logging.getLogger("crm.worker")
PAUSE = 1
LETTERS_ALONE = 2
"""Turns between two whole ones of a worker that has nothing to do: somebody may wait for a letter, for the rest nobody does."""
AWAY = (OperationalError, InterfaceError)
T = TypeVar("T")


def mail_of(settings: Settings) -> Mail:
    """The mail gateway of this installation."""
    line = Line(settings.has_plain_mail, settings.ca_file, settings.mail_timeout)
    return mail_from_url(settings.mail_url, line)


def post_of(settings: Settings, rooms: Iterable[Feature]) -> Post:
    """The mail gateway and the gates of this installation."""
    return Post(
        mail=mail_of(settings),
        sender=(settings.service_name, settings.mail_from),
        base_url=settings.base_url,
        answers_to=settings.contact_email,
        gates={kind: gate for room in rooms for kind, gate in room.send_gates.items()},
    )


def run_due(database: Database, rooms: Iterable[Feature]) -> list[str]:
    """Do all timed work that was not done in this period yet; return the names of what was done.

    What was done is asked for at once: the worker looks every second, and each attempt would hold the database.
    """
    timed = [work for room in rooms for work in room.timed]
    done = _done(database, {period_of(now(), work.every) for work in timed})
    due = [work for work in timed if (work.name, period_of(now(), work.every)) not in done]
    return [work.name for work in due if _run_once(database, work)]


def _done(database: Database, periods: Collection[datetime]) -> set[tuple[str, datetime]]:
    """The work that was done in these periods."""
    with database.reading():
        query = select(TimedRun.name, TimedRun.period).where(TimedRun.period.in_(periods))
        return {(name, period) for name, period in session().execute(query)}


def _run_once(database: Database, work: Timed) -> bool:
    """The row and the work are one transaction: if the work fails, the period is open again."""
    try:
        seen = _seen(database, work)
        with database.transaction():
            if not _claim(work):
                return False
            work.run(*seen)
            leave_sign(work.name)
            return True
    except OperationalError as error:
        if not is_held(error):
            raise
        log.info("another worker has the database; tried again in the next turn: %s", work.name)
        return False
    except Exception:
        log.exception("timed work failed, and will be tried again: %s", work.name)
        return False


def _seen(database: Database, work: Timed) -> tuple[Any, ...]:
    """What the work saw where it looks first."""
    if work.look is None:
        return ()
    with database.reading():
        return (work.look(),)


def _claim(work: Timed) -> bool:
    """Write the row that is the right to do it; False where another worker was first."""
    period = period_of(now(), work.every)
    if session().get(TimedRun, (work.name, period)):
        return False
    try:
        with session().begin_nested():
            session().add(TimedRun(name=work.name, period=period))
    except IntegrityError:
        return False
    return True


def run_asked(database: Database, rooms: Iterable[Feature], *, pause: Callable[[], bool]) -> list[str]:
    """Do one of each kind of work that people asked for; return the names of what there was.

    ``pause`` is called between two steps: it does what is due meanwhile, and says whether the worker is to end.
    """
    jobs = (job for room in rooms for job in room.jobs)
    return [job.name for job in jobs if job.run(database, pause)]


def forget_old_runs() -> None:
    """Daily: delete the notes of timed work older than a month."""
    session().execute(delete(TimedRun).where(TimedRun.period < now() - 30 * DAILY))


class _Stop:
    """Set by SIGTERM or SIGINT: the worker ends after the letter it has in hand."""

    def __init__(self) -> None:
        self.is_asked = False
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.is_asked = True

    def wait(self, seconds: int) -> None:
        """Sleep, but for a second at most once the worker was told to stop."""
        for _ in range(seconds):
            if not self.is_asked:
                time.sleep(1)


@dataclass
class Worker:
    """One worker: what it sends with, when it last left a sign of life, and how often in a row the database did not answer."""

    database: Database
    rooms: tuple[Feature, ...]
    post: Post
    is_over: Callable[[], bool]
    failures: int = 0
    was_away: bool = False
    beaten: datetime | None = field(default=None)

    def turn(self, *, letters_alone: bool = False) -> bool:
        """Do all that is due, each part although another failed; say whether there was work that people asked for.

        A database that is away ends the turn: one line of the log says so, and for how long we wait.
        """
        before = self.failures
        try:
            asked = self._parts(letters_alone=letters_alone)
        except AWAY as error:
            self._note_away(error)
            return False
        if self.failures == before:
            self.failures = 0
        return asked

    def pause(self, *, was_asked: bool) -> int:
        """For how many seconds to wait before the next turn."""
        if self.failures:
            return pause_after(self.failures)
        return 0 if was_asked else PAUSE

    def _parts(self, *, letters_alone: bool) -> bool:
        self._try(self._send)
        if letters_alone:
            return False
        self._try(lambda: run_due(self.database, self.rooms))
        return bool(self._try(lambda: run_asked(self.database, self.rooms, pause=self._send_between)))

    def _send(self) -> None:
        self._beat()
        drain(self.database, self.post, is_over=self._between_letters)

    def _between_letters(self) -> bool:
        self._beat()
        return self.is_over()

    def _send_between(self) -> bool:
        """Between two steps of long work what is due is sent; what fails there does not reach the work."""
        try:
            self._try(self._send)
        except AWAY as error:
            self._note_away(error)
        return self.is_over()

    def _beat(self) -> None:
        """Leave a sign of life, so often that nobody doubts it and so rarely that it is no work."""
        if self.beaten is None or now() - self.beaten >= BEAT:
            with self.database.transaction():
                leave_sign(WORKER)
            self.beaten = now()

    def _try(self, act: Callable[[], T]) -> T | None:
        """Do one part of a turn: where two workers meet, what was not done is done in the next turn."""
        try:
            return act()
        except AWAY as error:
            if not is_held(error):
                raise
            return None  # two workers met: what was not done is done in the next turn
        except SQLAlchemyError:
            self.failures += 1
            log.exception(
                "a part of this turn failed; trying again in %d seconds", pause_after(self.failures)
            )
            return None

    def _note_away(self, error: DBAPIError) -> None:
        self.failures += 1
        self.was_away = not is_held(error)
        told = type(error.orig).__name__, pause_after(self.failures)
        log.warning("the database does not answer (%s); trying again in %d seconds", *told)


@click.command("run-worker")
@click.option(
    "--once", is_flag=True, help="Do what is due now and end; exit 1 where the database did not answer."
)
def run_worker(once: bool) -> None:
    """Send the outbox, run timed work and do what people asked for, until told to stop."""
    settings, rooms = current_app.extensions["settings"], current_app.extensions["features"]
    stop = _Stop()
    worker = Worker(
        current_app.extensions["database"], rooms, post_of(settings, rooms), is_over=lambda: stop.is_asked
    )
    was_asked, turns = False, cycle([False] + [True] * LETTERS_ALONE)
    while not stop.is_asked:
        is_idle = not (was_asked or worker.failures or once)
        was_asked = worker.turn(letters_alone=next(turns) and is_idle)
        if once and not was_asked:
            raise SystemExit(1 if worker.was_away else 0)
        stop.wait(worker.pause(was_asked=was_asked))
