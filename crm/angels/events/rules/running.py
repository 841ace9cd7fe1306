"""The running order of a pitch night, its windows in time, and what its name may say."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta

from crm.angels.events.rules.labels import TOLD
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, moment_on
from crm.kernel.folding import plain_words, telling_words

ONE_DAY = timedelta(days=1)
SHORTEST, LONGEST = 15, 600
"""In minutes: what a night may take."""
MOST_MINUTES = 120
MOST_SEATS = 1_000
MIDDAY = time(12)
VIDEO_OPENS = timedelta(hours=1)
DAYS_OF_OUTCOMES = 90
"""How long after a night what came of it is counted."""
FEWEST_SCORES = 3
"""An average of fewer scores would tell a business who gave which: its people saw who came."""
UNNAMED = "Take out “{name}”: invitations and calendars must not name a business that is raising money"


def begin_times(starts_at: datetime, minutes: Iterable[int]) -> list[datetime]:
    """When each turn begins, one after another from the start of the night."""
    found, moment = [], starts_at
    for each in minutes:
        found.append(moment)
        moment += timedelta(minutes=each)
    return found


def why_no_room(turns: Iterable[int], night: int) -> str | None:
    """Why these turns do not fit into a night of so many minutes; None where they do."""
    needed = sum(turns)
    if needed <= night:
        return None
    return f"The pitches would take {needed} minutes together, and the night lasts {night}"


def moved(ids: Sequence[object], one: object, *, up: bool) -> list[object]:
    """The same things with one of them a place further up or down; at the end of the list it stays."""
    order = list(ids)
    here = order.index(one)
    there = here - 1 if up else here + 1
    if 0 <= there < len(order):
        order[here], order[there] = order[there], order[here]
    return order


def named_in(text: str, names: Collection[str]) -> str:
    """The first of some businesses that a text names, whatever its accents and capitals; empty where it names none."""
    said = f" {' '.join(plain_words(text))} "
    return next((each for each in names if f" {' '.join(telling_words(each))} " in said), "")


def what_changed(names: Collection[str]) -> str:
    """What has changed about a night, for a letter: "its name and where it is". A later night ends later as a matter of course."""
    left = set(names) - ({"ends_at"} if "starts_at" in names else set())
    parts = [words for name, words in TOLD.items() if name in left]
    return " and ".join([*filter(None, [", ".join(parts[:-1])]), *parts[-1:]])


def holiday_hint(day: date, holidays: Collection[date]) -> str:
    """That a day is a bank holiday or at a weekend, as a hint; empty where it is an ordinary one."""
    if day in holidays:
        return f"{day_in_words(day)} is a bank holiday."
    return f"{day_in_words(day)} is a {day:%A}." if day.weekday() > 4 else ""


def video_opens(starts_at: datetime) -> datetime:
    """From when investors can join by video: an hour before the night begins, and not in the morning of its day."""
    return starts_at - VIDEO_OPENS


def feedback_until(starts_at: datetime) -> datetime:
    """When feedback is released to businesses: at midday on the day after the night."""
    return moment_on(day_of(starts_at) + ONE_DAY, MIDDAY)


def outcomes_until(starts_at: datetime) -> date:
    """The last day on which what came of a night is counted."""
    return day_of(starts_at) + timedelta(days=DAYS_OF_OUTCOMES)


def average_of(scores: Sequence[int]) -> str:
    """The average of some scores, to one decimal; empty where there are too few to hide whose they are."""
    return f"{sum(scores) / len(scores):.1f}" if len(scores) >= FEWEST_SCORES else ""
