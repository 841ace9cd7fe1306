"""The only clock: moments are aware UTC instants, days are days in London."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from crm.kernel.calendar import ONE_DAY, day_in_words
from crm.kernel.errors import BadInput, Invalid

Answer_co = TypeVar("Answer_co", covariant=True)


class Comparable(Protocol[Answer_co]):
    """A day, or a column of days: comparing a day answers at once, comparing a column makes a condition in SQL."""

    def __lt__(self, other: Any, /) -> Answer_co:
        """Earlier than the other."""

    def __le__(self, other: Any, /) -> Answer_co:
        """Earlier than the other, or the same day."""


LONDON = ZoneInfo("Europe/London")
TIME = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?\s*(am|pm)?", re.IGNORECASE)


_BACK = ContextVar("back", default=timedelta(0))


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC) - _BACK.get()


@contextmanager
def earlier(by: timedelta) -> Iterator[None]:
    """Let everything within happen so much earlier: invented data has a past of its own, as its history tells it."""
    before = _BACK.set(by)
    try:
        yield
    finally:
        _BACK.reset(before)


def today() -> date:
    """Today's date as people in the region read it off the wall."""
    return to_local(now()).date()


def to_local(moment: datetime) -> datetime:
    """The same moment on a London clock. ``moment`` must be aware."""
    return moment.astimezone(LONDON)


def day_of(moment: datetime) -> date:
    """The day it is in London at this moment. ``moment`` must be aware."""
    return to_local(moment).date()


def start_of(day: date) -> datetime:
    """The first moment of a London day, in UTC: what holds *before* that day ends now."""
    return datetime.combine(day, time.min, tzinfo=LONDON).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The first moment after a London day, in UTC: what holds *by* or *until* that day ends now, and not earlier."""
    return start_of(day + ONE_DAY)


def is_past(last_day: Comparable[Answer_co], *, on: date) -> Answer_co:
    """Whether "by" or "until" a day is over: the whole of that day still counts. ``on`` is a day in London.

    Takes a column of days as well, and answers with the condition in SQL.
    """
    return last_day < on


def has_come(day: Comparable[Answer_co], *, on: date) -> Answer_co:
    """Whether "before" a day is over, and "from" or "on" that day has begun: at its first moment.

    ``on`` is a day in London. Takes a column of days as well, and answers with the condition in SQL.
    """
    return day <= on


def require_ahead(day: date | None, *, field: str, kept: date | None = None, named: str = "The date") -> None:
    """Refuse a day for something still to be done that is over already. Raises `Invalid` at its field.

    The day that was ``kept`` before may stay as it is, so that late work can still be changed.
    """
    if day is not None and day != kept and is_past(day, on=today()):
        raise Invalid(f"{named} must be today or later", field=field)


def last_day_before(moment: datetime) -> date:
    """The day to name in "until …" for something that ends at this moment: midnight belongs to the day before."""
    return day_of(moment - timedelta(microseconds=1))


def moment_on(day: date, hour: time) -> datetime:
    """The moment when London's clocks show this time on a day, in UTC.

    Raises `BadInput` for the hour that is skipped in spring. Of the hour that comes twice in autumn, the first.
    """
    moment = datetime.combine(day, hour, tzinfo=LONDON).astimezone(UTC)
    if to_local(moment).time() != hour:
        raise BadInput("The clocks go forward that night, and this time is skipped")
    return moment


def days_later(moment: datetime, days: int) -> datetime:
    """The same time on London's clocks so many days later, in UTC, also where the clocks change in between.

    A time that is skipped that night is the one an hour later.
    """
    return (to_local(moment) + timedelta(days=days)).astimezone(UTC)


NAMED = {"midday": time(12), "noon": time(12), "12 noon": time(12), "midnight": time(0)}


def read_time(text: str) -> time:
    """A time of the day as it is typed: "14:30", "2.30pm", "9am", or a word that the product says itself: "midday",
    "midnight", which is the first moment of its day. Raises `BadInput`.
    """
    if (named := NAMED.get(text.strip().lower())) is not None:
        return named
    found = TIME.fullmatch(text.strip())
    if found is None or (found[2] is None and found[3] is None):
        raise BadInput("Enter a time, like 14:30 or 2.30pm")
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise BadInput("Enter a time, like 14:30 or 2.30pm")
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        raise BadInput("Enter a time, like 14:30 or 2.30pm")
    return time(hour, minute)


def write_time(hour: time) -> str:
    """A time of the day as the form shows it: "14:30"."""
    return f"{hour:%H:%M}"


def time_in_words(hour: time) -> str:
    """A time of the day as people read it: "9am", "2:30pm", "midday", "midnight"."""
    if hour.minute == 0 and hour.hour % 12 == 0:
        return "midday" if hour.hour else "midnight"
    minutes = f":{hour:%M}" if hour.minute else ""
    return f"{hour.hour % 12 or 12}{minutes}{'am' if hour.hour < 12 else 'pm'}"


def moment_with_weekday(moment: datetime) -> str:
    """A moment as an invitation says it: "Tuesday 24 November 2026 at 2:30pm"."""
    return f"{to_local(moment):%A} {moment_in_words(moment)}"


def told_apart(moment: datetime, other: datetime | None) -> str:
    """The day of a moment in London; with its time where the other was on the same day."""
    is_same_day = other is not None and day_of(other) == day_of(moment)
    return moment_in_words(moment) if is_same_day else day_in_words(day_of(moment))


def moment_in_words(moment: datetime) -> str:
    """A moment on a London clock: "24 November 2026 at 2:30pm".

    In the hour that comes twice, when the clocks go back, it says which: "25 October 2026 at 1:30am BST".
    """
    local = to_local(moment)
    comes_twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    zone = f" {local:%Z}" if comes_twice else ""
    return f"{day_in_words(local.date())} at {time_in_words(local.time())}{zone}"
