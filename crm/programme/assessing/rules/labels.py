"""The words of assessing."""

from __future__ import annotations

ASSESSMENT_STATUSES = {
    "allocated": "Waits for you",
    "accepted": "Being scored",
    "submitted": "Submitted",
    "declined": "Declined",
    "excluded": "Left out: an interest",
    "closed": "Closed",
}
ASSESSMENT_STATUSES_OF_OTHERS = ASSESSMENT_STATUSES | {"allocated": "Not accepted yet"}
"""The same, as whoever leads the round reads it."""
ASSESSMENT_COLOURS = {
    "allocated": "yellow",
    "accepted": "blue",
    "submitted": "green",
    "declined": "grey",
    "excluded": "red",
    "closed": "grey",
}
DECLINE_REASONS = {
    "interest": "I have an interest in this business",
    "capacity": "I have no time for it",
    "expertise": "I do not know the field well enough",
}
