"""Counting a try, and refusing one too many."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.errors import TooMany
from crm.throttles.models import ThrottleCount
from crm.throttles.rules import LETTERS_BY_NETWORK, LETTERS_BY_RECEIVER, Limit, Source

KEEP = timedelta(days=2)


def count_try(limit: Limit, subject: str, *, secret: str) -> int:
    """Count one more try and return how many there are in this window. Two at once are both counted."""
    is_postgresql = session().get_bind().dialect.name == "postgresql"
    insert = postgresql_insert if is_postgresql else sqlite_insert
    row = insert(ThrottleCount).values(
        key=limit.key(subject, secret=secret), window_start=limit.window(now()), tries=1
    )
    counted = row.on_conflict_do_update(
        index_elements=["key", "window_start"], set_={"tries": ThrottleCount.tries + 1}
    ).returning(ThrottleCount.tries)
    return int(session().execute(counted).scalar_one())


def require_within(limit: Limit, subject: str, *, secret: str) -> None:
    """Refuse with `TooMany` where the tries of this window are used up. Reads only: count with `count_try`."""
    tries = session().scalar(
        select(ThrottleCount.tries).where(
            ThrottleCount.key == limit.key(subject, secret=secret),
            ThrottleCount.window_start == limit.window(now()),
        )
    )
    if tries is not None and tries >= limit.tries:
        raise _too_many("There were too many tries. Wait {minutes} and try again.", limit)


def take(limit: Limit, subject: str, *, secret: str, words: str = "") -> None:
    """Count one more, or refuse it with `TooMany`. Counted before it is judged, so that of many at once none slips by."""
    if count_try(limit, subject, secret=secret) > limit.tries:
        raise _too_many(words or "There were too many tries. Wait {minutes} and try again.", limit)


def give_back(limit: Limit, subject: str, *, secret: str) -> None:
    """Take one try back that was counted before it was judged, and was none that a limit is for."""
    session().execute(
        update(ThrottleCount)
        .where(
            ThrottleCount.key == limit.key(subject, secret=secret),
            ThrottleCount.window_start == limit.window(now()),
            ThrottleCount.tries > 0,
        )
        .values(tries=ThrottleCount.tries - 1)
    )


def count_letter(receiver: str, source: Source) -> None:
    """Count a letter to an address that was typed, or refuse it: so many from one network, so many to one reader."""
    if not has_room_for_letter(receiver, source):
        raise _too_many(
            "Too many emails were sent to this address, or from your network. Wait {minutes} and try again.",
            LETTERS_BY_RECEIVER,
        )


def has_room_for_letter(receiver: str, source: Source) -> bool:
    """Count a letter to an address that was typed, and say whether it may still go out."""
    from_here = count_try(LETTERS_BY_NETWORK, source.address, secret=source.secret)
    to_them = count_try(LETTERS_BY_RECEIVER, receiver, secret=source.secret)
    return from_here <= LETTERS_BY_NETWORK.tries and to_them <= LETTERS_BY_RECEIVER.tries


def _too_many(words: str, limit: Limit) -> TooMany:
    ends = limit.window(now()) + timedelta(seconds=limit.seconds)
    wait = max(1, int((ends - now()).total_seconds()))
    minutes = -(-wait // 60)
    said = f"{minutes} minute{'' if minutes == 1 else 's'}" if minutes < 120 else f"{-(-minutes // 60)} hours"
    return TooMany(words.format(minutes=said), retry_after=wait)


def forget_old_counts() -> None:
    """Hourly: delete counters that no limit looks at any more."""
    session().execute(delete(ThrottleCount).where(ThrottleCount.window_start < now() - KEEP))
