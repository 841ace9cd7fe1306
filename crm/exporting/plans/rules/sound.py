"""What a country of an export plan, a barrier and an edition can be."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from crm.kernel.clock import is_past
from crm.kernel.errors import says_something
from crm.kernel.money import NO_MONEY, Money

OTHER = "other"
LONGEST = timedelta(days=60)
"""More than any market or festival lasts: of one that seems longer, one of its two days has the wrong year."""
Fault = tuple[str, str]
"""At which field, and in which words."""


def fault_in_country(value: Money | None, win_on: date | None, *, is_active: bool, on: date) -> Fault | None:
    """What is wrong with what a country is expected to bring, on a day (A56)."""
    if value is not None and value < NO_MONEY:
        return "value", "The expected sales must be £0 or more"
    if win_on is not None and win_on < on and is_active:
        return "win_on", "The date of the first sale must be today or later, as you are still working on it"
    return None


def fault_in_first_sale(won_on: date | None, *, on: date) -> Fault | None:
    """What is wrong with the day of the first sale in a country."""
    if won_on is None:
        return "won_on", "Enter the day of the first sale"
    return ("won_on", "The day of the first sale must be today or earlier") if won_on > on else None


def fault_in_barrier(
    kind: str, words: str, *, met_on: date, removed_on: date | None, how: str, on: date
) -> Fault | None:
    """What is wrong with a barrier, on a day (A20)."""
    if kind == OTHER and not says_something(words):
        return "words", "Say what stood in the way"
    if met_on > on:
        return "met_on", "The date you met it must be today or earlier"
    if removed_on is None:
        return ("removed_on", "Enter when it was removed") if how.strip() else None
    if removed_on > on:
        return "removed_on", "The date it was removed must be today or earlier"
    if removed_on < met_on:
        return "removed_on", "It was removed before it was met"
    return None if says_something(how) else ("how", "Say how it was removed")


def next_year_of(months: Iterable[str], *, on: date) -> int:
    """The year in which a market is held next, by its usual months: this one while one of them is still ahead."""
    return on.year if any(int(each) > on.month for each in months) else on.year + 1


def fault_in_dates(starts_on: date | None, ends_on: date | None) -> Fault | None:
    """What is wrong with the dates of an edition: both or none, in order."""
    if (starts_on is None) != (ends_on is None):
        return ("ends_on", "Enter the last day") if ends_on is None else ("starts_on", "Enter the first day")
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        return "ends_on", "The last day must be on or after the first day"
    if starts_on is not None and ends_on is not None and ends_on - starts_on >= LONGEST:
        return (
            "ends_on",
            f"A market or festival lasts {LONGEST.days} days at most. Check the years of both days",
        )
    return None


def is_over(ends_on: date | None, *, on: date) -> bool:
    """Whether an edition with this last day is over on a day; one without days is still to come."""
    return ends_on is not None and is_past(ends_on, on=on)


def is_news(kept: date | None, ends_on: date | None, *, on: date) -> bool:
    """Whether other days or another place matter to who goes: the edition was still to come, or is now. By its last days."""
    return not (is_over(kept, on=on) and is_over(ends_on, on=on))


def doubt_in_move(kept: date | None, ends_on: date | None, *, on: date) -> Fault | None:
    """What is asked where an edition that is still to come is given days that are over; by its last days, before and after."""
    if is_over(kept, on=on) or not is_over(ends_on, on=on):
        return None
    return "took_place", "These days are over. Correct them, or tick that it took place on them"


def first_known(first: date | None, *, before: date, now: date | None, on: date) -> date | None:
    """From which day an edition counts as moved: the one ``before``; none once a slip into the past is put right."""
    return None if before < on and first == now else before
