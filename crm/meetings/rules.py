"""Times of the day as people type them, and the words of meetings."""

from __future__ import annotations

import re
from datetime import time

from crm.kernel.errors import BadInput

TIME = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?\s*(am|pm)?", re.IGNORECASE)
SHORTEST, LONGEST_MEETING = 5, 600
"""In minutes: nothing is arranged for less, and nothing takes longer than a long day."""
MOST_SEATS = 1_000
LONGEST_TITLE = 200
LONGEST_ABOUT = 5_000
APPOINTMENT_STATUSES = {"planned": "Arranged", "held": "Held", "cancelled": "Called off"}
APPOINTMENT_COLOURS = {"planned": "blue", "held": "green", "cancelled": "grey"}
WORKSHOP_STATUSES = {
    "draft": "Not shown yet",
    "open": "Open for sign-up",
    "held": "Held",
    "cancelled": "Called off",
}
WORKSHOP_COLOURS = {"draft": "yellow", "open": "blue", "held": "green", "cancelled": "grey"}
PLACE_STATUSES = {
    "taken": "Has a place",
    "waiting": "On the waiting list",
    "given_up": "Gave it up",
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


def read_time(text: str) -> time:
    """A time of the day as it is typed: "14:30", "2.30pm" or "9am". Raises `BadInput`."""
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


def seats_in_words(seats: int, taken: int) -> str:
    """How many places are left: "3 places left", or that there is a waiting list."""
    left = seats - taken
    if left <= 0:
        return "Full: you can join the waiting list"
    return f"{left} place{'' if left == 1 else 's'} left"
