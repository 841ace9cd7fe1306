"""The only clock: moments are aware UTC instants, days are days in London."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from crm.kernel.errors import BadInput

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


def moment_on(day: date, hour: time) -> datetime:
    """The moment when London's clocks show this time on a day, in UTC.

    Raises `BadInput` for the hour that is skipped in spring. Of the hour that comes twice in autumn, the first.
    """
    moment = datetime.combine(day, hour, tzinfo=LONDON).astimezone(UTC)
    if to_local(moment).time() != hour:
        raise BadInput("The clocks go forward that night, and this time is skipped")
    return moment
