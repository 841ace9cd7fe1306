"""The words of meetings."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import date, datetime, time

from crm.kernel.calendar import day_in_words, is_working_day
from crm.kernel.clock import time_in_words

SHORTEST, LONGEST_MEETING = 5, 600
"""In minutes: nothing is arranged for less, and nothing takes longer than a long day."""
USUAL_HOURS = time(7), time(21)
"""Between which hours of the day a meeting begins, unless whoever plans it says that another is meant."""
USUAL_APPOINTMENT, USUAL_WORKSHOP = 240, 480
"""In minutes: how long each takes at most, unless more is meant."""
MOST_SEATS = 1_000
LONGEST_TITLE = 200
LONGEST_ABOUT = 5_000
APPOINTMENT_STATUSES = {"planned": "Arranged", "held": "Held", "cancelled": "Cancelled"}
APPOINTMENT_COLOURS = {"planned": "blue", "held": "green", "cancelled": "grey"}
WORKSHOP_STATUSES = {
    "draft": "Not shown yet",
    "open": "Open for sign-up",
    "held": "Held",
    "cancelled": "Cancelled",
}
WORKSHOP_COLOURS = {"draft": "yellow", "open": "blue", "held": "green", "cancelled": "grey"}
PLACE_STATUSES = {
    "taken": "Has a place",
    "waiting": "On the waiting list",
    "given_up": "No longer signed up",
    "attended": "Came",
    "absent": "Did not come",
}
PLACE_COLOURS = {
    "taken": "green",
    "waiting": "yellow",
    "given_up": "grey",
    "attended": "green",
    "absent": "grey",
}


def why_unusual(begins: datetime, minutes: int, *, longest: int, bank_holidays: AbstractSet[date]) -> str:
    """What of a time on London's clocks is rarely meant: the day, the hour or how long it takes; nothing where it is usual.

    Workshops are held at weekends too, so a weekend alone is said of an appointment only.
    """
    day, at = begins.date(), begins.time()
    doubts = []
    if day in bank_holidays:
        doubts.append(f"{day_in_words(day)} is a bank holiday")
    elif longest == USUAL_APPOINTMENT and not is_working_day(day, bank_holidays):
        doubts.append(f"{day_in_words(day)} is a {day:%A}")
    if not USUAL_HOURS[0] <= at <= USUAL_HOURS[1]:
        doubts.append(f"it begins at {time_in_words(at)}")
    if minutes > longest:
        doubts.append(f"it takes {minutes} minutes")
    said = " and ".join(filter(None, (", ".join(doubts[:-1]), *doubts[-1:])))
    return said[:1].upper() + said[1:]


def seats_in_words(seats: int, taken: int) -> str:
    """How many places are left: "3 places left", or that there is a waiting list."""
    left = seats - taken
    if left <= 0:
        return "Full: you can join the waiting list"
    return f"{left} place{'' if left == 1 else 's'} left"


def told_in_words(told: int) -> str:
    """That so many people were told, as a sentence behind another; nothing where nobody was."""
    if not told:
        return ""
    return (
        f" We have emailed the {told} people who signed up."
        if told > 1
        else " We have emailed the person who signed up."
    )
