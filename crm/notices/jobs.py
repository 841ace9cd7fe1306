"""The worker: sends the outbox and does the timed work of every room."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from types import FrameType
from typing import Any

import click
from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError

from crm.config import Settings
from crm.db.session import Database, session
from crm.gateways.mail import mail_from_url
from crm.kernel.clock import now
from crm.notices.models import TimedRun
from crm.notices.rules import period_of
from crm.notices.service import Post, drain
from crm.web.feature import DAILY, Feature, Timed

log = logging.getLogger("crm.worker")
PAUSE = 1.0


def post_of(settings: Settings, rooms: Iterable[Feature]) -> Post:
    """The mail gateway and the gates of this installation."""
    return Post(
        mail=mail_from_url(settings.mail_url),
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
            return True
    except OperationalError:
        raise
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


@click.command("run-worker")
@click.option("--once", is_flag=True, help="Do what is due now and end.")
def run_worker(once: bool) -> None:
    """Send the outbox, run timed work and do what people asked for, until told to stop."""
    database: Database = current_app.extensions["database"]
    rooms: tuple[Feature, ...] = current_app.extensions["features"]
    post = post_of(current_app.extensions["settings"], rooms)
    stop = _Stop()

    def send() -> bool:
        with answering():
            drain(database, post, is_over=lambda: stop.is_asked)
        return stop.is_asked

    while not send():
        asked: list[str] = []
        with answering():
            run_due(database, rooms)
            asked = run_asked(database, rooms, pause=send)
        if once and not asked:
            return
        time.sleep(0 if asked else PAUSE)


@contextmanager
def answering() -> Iterator[None]:
    """Go on where the database does not answer, or two workers meet: what was not done is done in the next turn."""
    try:
        yield
    except SQLAlchemyError:
        log.exception("the database did not answer, or two workers met; trying again")
