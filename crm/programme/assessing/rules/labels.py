"""The words of assessing."""

from __future__ import annotations

ASSESSMENT_STATUSES = {
    "allocated": "To accept or decline",
    "accepted": "Being scored",
    "submitted": "Submitted",
    "declined": "Declined",
    "excluded": "Excluded: interest",
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
AGAIN = {"returned": ("Returned", "orange"), "stale": ("Out of date", "orange")}
"""How an assessment is called that its assessor has to score again, whatever its own state, and in which colour."""
DECLINE_REASONS = {
    "interest": "I have an interest in this business",
    "capacity": "I do not have time",
    "expertise": "I do not know the sector well enough",
}
