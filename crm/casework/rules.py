"""Hours of help, what a record still lacks, and the words of casework."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from crm.directory.rules.labels import NEEDS
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of
from crm.kernel.errors import BadInput
from crm.kernel.measures import in_hours
from crm.kernel.text import stopped

QUARTERS_A_DAY = 96
MOST_QUARTERS = 4_000
LONGEST_SUBJECT = 255
LONGEST_NOTES = 10_000
TYPED_HOURS = re.compile(r"([0-9]{1,4})(?:\.([0-9]{1,2}))?\s*(?:h|hours?)?")
MINUTES = re.compile(r"(?:([0-9]{1,4})\s*(?::|h|hours?)(?:\s*and)?\s*)?([0-9]{1,3})\s*(?:m|mins?|minutes?)?")
NOT_HOURS = "Enter hours to the nearest 15 minutes, like 1.5, or 1 hour 30 minutes"
TOO_LONG_A_DAY = "Hours must be more than 0, and no more than 24 in a day"
CHANNELS = {
    "in_person": "in person",
    "video": "by video",
    "telephone": "by telephone",
    "email": "by email",
    "event": "at an event",
}
BARRIERS = {
    "finance": "Finance",
    "knowledge": "Knowledge",
    "capacity": "Capacity",
    "access": "Access to people and places",
    "other": "Something else",
}
STATUSES = {"draft": "Draft", "complete": "Complete", "discarded": "Deleted draft"}
COLOURS = {"draft": "yellow", "complete": "green", "discarded": "grey"}
HOURS_STATUSES = {"stated": "Not confirmed yet", "confirmed": "Confirmed", "disputed": "Disputed"}
HOURS_COLOURS = {"stated": "yellow", "confirmed": "green", "disputed": "red"}


def read_quarters(text: str) -> int:
    """Hours of one day as they are typed, in quarters of an hour: "1.5" is 6. Raises `BadInput` for over 24 hours."""
    quarters = read_total(text)
    if quarters > QUARTERS_A_DAY:
        raise BadInput(TOO_LONG_A_DAY)
    return quarters


def read_total(text: str) -> int:
    """Hours over any number of days as typed, in quarters of an hour: "1.5", "1:30", "1 hour 30 minutes", "90 minutes".

    Raises `BadInput` for none, for what is not a multiple of 15 minutes, and for over 1,000 hours.
    """
    minutes = _minutes_in(text.strip().lower())
    if minutes is None or minutes % 15:
        raise BadInput(NOT_HOURS)
    if not 0 < minutes // 15 <= MOST_QUARTERS:
        raise BadInput("Enter more than 0 hours, and 1,000 at most")
    return int(minutes) // 15


def _minutes_in(typed: str) -> Decimal | None:
    """The minutes in a number of hours, or in hours and minutes; None for anything else."""
    if TYPED_HOURS.fullmatch(typed):
        return Decimal(typed.rstrip("hours ")) * 60
    found = MINUTES.fullmatch(typed)
    return Decimal(int(found[1] or 0) * 60 + int(found[2])) if found else None


def hours_in_words(quarters: int) -> str:
    """Quarters of an hour as hours: 6 is "1.5"."""
    return f"{(Decimal(quarters) / 4).normalize():f}"


def progress_in_words(confirmed: int, threshold_hours: int) -> str:
    """How far the confirmed quarters are from the hours that count: "9.5 of 12 hours, 2.5 to go"."""
    left = threshold_hours * 4 - confirmed
    so_far = f"{hours_in_words(confirmed)} of {threshold_hours} hours"
    return f"{so_far}, {hours_in_words(left)} to go" if left > 0 else f"{so_far}: enough to count"


@dataclass(frozen=True)
class Reach:
    """Whom advisers spoke with in some days: businesses and conversations are counted apart, and never added up."""

    businesses: int
    conversations: int
    light: int
    medium: int
    high: int


def reach_of(
    quarters: Mapping[UUID, int], conversations: int, *, medium_hours: int, high_hours: int
) -> Reach:
    """How many businesses had light, medium and high help: exactly at a boundary is the higher band.

    ``quarters`` are the quarter-hours of each business that was spoken with.
    """
    hours = {"medium_hours": medium_hours, "high_hours": high_hours}
    counts = Counter(band_of(each, **hours) for each in quarters.values())
    return Reach(len(quarters), conversations, counts["light"], counts["medium"], counts["high"])


def band_of(quarters: int, *, medium_hours: int, high_hours: int) -> str:
    """Which help so many quarter-hours are: "light", "medium" or "high"; exactly at a boundary is the higher."""
    if quarters >= high_hours * 4:
        return "high"
    return "medium" if quarters >= medium_hours * 4 else "light"


def barrier_fault(removed: bool | None, types: Iterable[str], *, notes: str) -> tuple[str, str] | None:
    """What is wrong with what was said of a barrier, as field and message; None where all is well."""
    named = set(types)
    if removed and not named:
        return "barrier_types", "Choose what stood in the way"
    if removed and "other" in named and not notes.strip():
        return "barrier_notes", "Say what stood in the way"
    if not removed and named:
        return "barrier_types", "Choose none of these, or say that something was moved out of the way"
    return None


USUAL_QUIET_DAYS = (30,)
MOST_QUIET_DAYS, LONGEST_QUIET = 5, 730
REMIND_DAYS = 1
"""So many days before a step is due is its owner reminded."""
DAY_LIST = re.compile(r"[0-9]{1,3}(?:\s*,\s*[0-9]{1,3})*")


def read_quiet_days(text: str) -> tuple[int, ...]:
    """Days after which to be told, as they are typed: "30, 60". Raises `BadInput`; each once, 1 to 730, five at most."""
    if not DAY_LIST.fullmatch(text.strip()):
        raise BadInput("Enter days with commas between them, like 30, 60")
    days = tuple(int(each) for each in text.split(","))
    if len(set(days)) != len(days):
        raise BadInput("Enter each number of days once")
    if len(days) > MOST_QUIET_DAYS or not all(0 < each <= LONGEST_QUIET for each in days):
        raise BadInput(f"Enter up to {MOST_QUIET_DAYS} numbers between 1 and {LONGEST_QUIET}")
    return tuple(sorted(days))


def is_quiet(last_on: date, days: int, *, on: date) -> bool:
    """Whether nobody has spoken with a business for so many days: by the day of the talk, not of its record."""
    return (on - last_on).days >= days


PLACE = re.compile(r"\{([A-Za-z_ ]{0,40})\}")
PLACES = ("name", "business", "adviser")
"""What can stand in braces in a template: the reader's first name, the business, and whoever writes."""


def unknown_places(text: str) -> list[str]:
    """The places in a template that stand for nothing, with their braces, each once."""
    return [f"{{{each}}}" for each in dict.fromkeys(PLACE.findall(text)) if each not in PLACES]


def filled(text: str, words: Mapping[str, str]) -> str:
    """A template with its places filled; a brace that is no place stays as it is."""
    return PLACE.sub(lambda found: words.get(found[1], found[0]), text)


CHECK_FIRST = (
    "We have not confirmed that this service is running. Check with the provider and confirm it in the directory, "
    "then refer the business. If it is not running, answer the business without referring it."
)
"""What is done first where a business asks to be referred to a service that is not confirmed, for as long as it is not."""
NO_LONGER_AGREES = (
    "Answer the business: it has withdrawn its agreement to be referred, and asked for this: {title}"
)
"""What is to do about something that a business asked for and that can no longer be done."""
HOURS_SHOWN = {"unasked": "Hours to ask businesses about", "disputed": "Disputed hours"}


def said_kind(kind_code: str) -> str:
    """The words of a kind of support by its code: "finance.grant" is a need within an area of triage."""
    need = kind_code.rpartition(".")[2]
    return NEEDS.get(need, need)


def correction_in_words(changes: Mapping[str, Any], *, who: str, at: datetime) -> str:
    """Who corrected hours, when and why, and what the business had said before."""
    before, after = changes["quarters"]
    reason, status = changes["reason"][1], changes.get("status", ("stated",))[0]
    said = f"{who} corrected {in_hours(before)} to {in_hours(after)} on {day_in_words(day_of(at))}: {stopped(reason)}"
    answered_by = changes.get("answered_by", (None,))[0]
    if not answered_by:
        return said
    word = {"confirmed": "confirmed", "disputed": "disputed"}.get(status, "answered for")
    return f"{said} Before that, {answered_by} had {word} {in_hours(before)}."
