"""The words of complaints, and by which day one is acknowledged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

CHANNELS = {"form": "the form on this site", "email": "email", "letter": "letter", "telephone": "telephone"}
STATUSES = {"open": "to acknowledge", "acknowledged": "to answer", "answered": "answered"}
COLOURS = {"open": "red", "acknowledged": "blue", "answered": "green"}
SHOWS = {
    "": "All that wait",
    "acknowledge": "To acknowledge",
    "late": "Not acknowledged in time",
    "answer": "To answer",
    "answered": "Answered",
    "all": "All",
}
"""The lists that can be shown, by the name in the address."""
FIRST_DAY = date(2018, 5, 25)
"""The Data Protection Act 2018 came into force: nothing that came before is recorded here."""


@dataclass(frozen=True)
class Days:
    """On which day administrators are alerted, and the last on which a complaint is acknowledged in time."""

    alert_on: date
    due_on: date


def day_number(received_on: date, number: int) -> date:
    """The day of that number of a complaint. The day on which it came is day 1, so the 30th is 29 days later."""
    return received_on + timedelta(days=number - 1)


def days_of(received_on: date, *, alert: int, acknowledge: int) -> Days:
    """The days of a complaint. The alert never comes after the last day."""
    due_on = day_number(received_on, acknowledge)
    return Days(min(day_number(received_on, alert), due_on), due_on)
