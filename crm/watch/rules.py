"""When something about the running of the service is wrong, said in words, with what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crm.gateways.disk import Disk
from crm.kernel.clock import moment_in_words
from crm.kernel.measures import counted
from crm.kernel.text import series
from crm.notices.rules import WORKER, period_of

SILENT_AFTER = timedelta(minutes=5)
"""Ten signs of life of the worker were missed by then."""
SLOWEST_OUTBOX = timedelta(minutes=15)
GRACE = timedelta(hours=1)
"""How long timed work may be due before anybody is told: what failed is tried again, and a server may be restarted."""
LEAST_FREE = 1024**3
GIGABYTE = 1000**3
EVERY = {timedelta(hours=1): "every hour", timedelta(days=1): "every day", timedelta(days=7): "every week"}


@dataclass(frozen=True)
class Seen:
    """What was read: ``revision`` and all after ``disk`` only where the database answers and is migrated."""

    disk: Disk
    expected: str
    answers: bool = False
    revision: str = ""
    signs: Mapping[str, datetime] = field(default_factory=dict)
    waiting: int = 0
    oldest: datetime | None = None
    failed: int = 0
    loaded: Mapping[str, bool] = field(default_factory=dict)

    @property
    def is_migrated(self) -> bool:
        """Whether the database is as this version of the product expects."""
        return self.answers and self.revision == self.expected


@dataclass(frozen=True)
class Fact:
    """One thing that has to be so. ``name`` is what machines call it; ``todo`` what to do where it is not so."""

    name: str
    title: str
    told: str
    is_wrong: bool
    todo: str
    is_told_elsewhere: bool = False

    @property
    def is_on_desk(self) -> bool:
        """Whether the desk of administrators counts it."""
        return self.is_wrong and not self.is_told_elsewhere


@dataclass(frozen=True)
class Work:
    """One timed work: how often it is to be done, and when it last was."""

    name: str
    every: timedelta
    done: datetime | None
    is_late: bool

    @property
    def rhythm(self) -> str:
        """How often it is to be done, in words."""
        return EVERY.get(self.every, f"every {self.every}")


def works_of(timed: Iterable[tuple[str, timedelta]], seen: Seen, *, at: datetime) -> list[Work]:
    """Each timed work with when it was last done, the late ones first."""
    signs = seen.signs
    found = [
        Work(name, every, signs.get(name), is_late(every, signs.get(name), at=at)) for name, every in timed
    ]
    return sorted(found, key=lambda each: (not each.is_late, each.name))


def is_late(every: timedelta, done: datetime | None, *, at: datetime) -> bool:
    """Whether timed work should have been done again by now: it is due as soon as the next period begins."""
    return done is None or at - (period_of(done, every) + every) > GRACE


def facts_of(seen: Seen, works: Iterable[Work], *, at: datetime) -> list[Fact]:
    """Everything that has to be so, what is wrong first. Of a database that is away nothing else can be told."""
    facts = [_database(seen), _disk(seen.disk)]
    if seen.is_migrated:
        late = [each for each in works if each.is_late]
        facts += [_worker(seen, at), _outbox(seen, at), _failed(seen), _timed(late), _reference(seen)]
    return sorted(facts, key=lambda each: not each.is_wrong)


def _database(seen: Seen) -> Fact:
    told = f"It answers, and is at revision {seen.revision}" if seen.answers else "It does not answer"
    if seen.answers and not seen.is_migrated:
        told = f"It is at revision {seen.revision or 'none'}, and this version needs {seen.expected}"
    todo = "Run flask --app wsgi db upgrade." if seen.answers else "Start the database, and look at its log."
    return Fact("database", "Database", told, not seen.is_migrated, todo)


def _disk(disk: Disk) -> Fact:
    told = f"{disk.free / GIGABYTE:.1f} GB of {disk.total / GIGABYTE:.1f} GB are free"
    todo = "Make room or enlarge the disk: without any, nothing can be saved."
    return Fact("disk", "Disk of the data folder", told, disk.free < LEAST_FREE, todo)


def _worker(seen: Seen, at: datetime) -> Fact:
    beat = seen.signs.get(WORKER)
    told = f"Last seen {moment_in_words(beat)}" if beat else "It has never run"
    is_wrong = beat is None or at - beat > SILENT_AFTER
    todo = "Start the worker (make run-worker). Without it no email is sent and no daily work is done. Its log says why it ended."
    return Fact("worker", "Worker", told, is_wrong, todo)


def _outbox(seen: Seen, at: datetime) -> Fact:
    told = "No emails are waiting"
    if seen.oldest:
        told = f"{seen.waiting:,}, the oldest written {moment_in_words(seen.oldest)}"
    is_wrong = seen.oldest is not None and at - seen.oldest > SLOWEST_OUTBOX
    todo = (
        "If the worker runs, the mail server does not take them. Its log says why at “try … failed”. "
        "Each email is tried for three days."
    )
    return Fact("outbox", "Emails waiting to be sent", told, is_wrong, todo)


def _failed(seen: Seen) -> Fact:
    todo = "Read why, correct wrong addresses, and send them again."
    told = counted("email")(seen.failed) if seen.failed else "All were delivered"
    return Fact(
        "failed", "Emails that could not be delivered", told, bool(seen.failed), todo, is_told_elsewhere=True
    )


def _timed(late: list[Work]) -> Fact:
    told = f"{len(late)} late" if late else "All done in time"
    todo = "If the worker runs, its log says why at “timed work failed”. The table below says which."
    return Fact("timed", "Timed work", told, bool(late), todo)


def _reference(seen: Seen) -> Fact:
    lacking = [what for what, is_there in seen.loaded.items() if not is_there]
    told = f"Missing: {series(lacking)}" if lacking else "All there"
    return Fact(
        "reference",
        "What comes with the product",
        told,
        bool(lacking),
        "Run flask --app wsgi reference load.",
    )
