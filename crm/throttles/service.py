"""Counting a try, and refusing one too many."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.errors import TooMany
from crm.throttles.models import ThrottleCount
from crm.throttles.rules import Limit

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
        ends = limit.window(now()) + timedelta(seconds=limit.seconds)
        wait = max(1, int((ends - now()).total_seconds()))
        raise TooMany("There were too many tries. Please wait a while and try again.", retry_after=wait)


def forget_old_counts() -> None:
    """Hourly: delete counters that no limit looks at any more."""
    session().execute(delete(ThrottleCount).where(ThrottleCount.window_start < now() - KEEP))
