"""The words for the states and strands of awards."""

from __future__ import annotations

STATUSES = {
    "prepared": "Offer being prepared",
    "offered": "Offer sent",
    "accepted": "Accepted",
    "declined": "Declined",
    "lapsed": "Not answered in time",
    "withdrawn": "Withdrawn",
    "ended": "Ended early",
    "completed": "Completed",
}
COLOURS = {
    "prepared": "grey",
    "offered": "blue",
    "accepted": "green",
    "declined": "orange",
    "lapsed": "orange",
    "withdrawn": "red",
    "ended": "red",
    "completed": "turquoise",
}
