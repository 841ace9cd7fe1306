"""The words of meetings."""

from __future__ import annotations

SHORTEST, LONGEST_MEETING = 5, 600
"""In minutes: nothing is arranged for less, and nothing takes longer than a long day."""
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
