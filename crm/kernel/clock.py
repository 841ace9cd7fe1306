"""The only clock: moments are aware UTC instants, days are days in London."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date as people in the region read it off the wall."""
    return to_local(now()).date()


def to_local(moment: datetime) -> datetime:
    """The same moment on a London clock. ``moment`` must be aware."""
    return moment.astimezone(LONDON)


def start_of(day: date) -> datetime:
    """The first moment of a London day, in UTC."""
    return datetime.combine(day, time.min, tzinfo=LONDON).astimezone(UTC)
