"""What the states and choices of introductions are called on a page."""

from __future__ import annotations

INTRODUCTION_STATUSES = {
    "requested": "Waits for the business",
    "held": "Held until the investor certifies again",
    "agreed": "Introduced",
    "declined": "The business said no",
    "lapsed": "No answer came",
    "expired": "The investor did not certify again in time",
    "cancelled": "Cancelled",
    "taken_back": "Taken back",
}
WAITS = {"late": "Waiting too long"} | INTRODUCTION_STATUSES
"""What a list of introductions can be narrowed to."""
INTRODUCTION_COLOURS = {
    "requested": "blue",
    "held": "yellow",
    "agreed": "green",
    "declined": "grey",
    "lapsed": "grey",
    "expired": "grey",
    "cancelled": "grey",
    "taken_back": "grey",
}
REFUSALS = {
    "not_now": "Not now",
    "raised": "We have raised what we need",
    "ticket": "The sum does not fit",
    "fit": "Not the right investor for us",
    "other": "Another reason",
}
