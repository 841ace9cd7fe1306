"""The words of applications."""

from __future__ import annotations

APPLICATION_STATUSES = {
    "draft": "Not submitted yet",
    "submitted": "Submitted",
    "assessed": "Assessed",
    "ineligible": "Ruled out",
    "withdrawn": "Withdrawn",
}
APPLICATION_COLOURS = {
    "draft": "yellow",
    "submitted": "green",
    "assessed": "turquoise",
    "ineligible": "red",
    "withdrawn": "grey",
}
CLEARANCE_STATUSES = {"waiting": "With an adviser", "cleared": "Can apply", "denied": "Cannot apply"}
CLEARANCE_COLOURS = {"waiting": "yellow", "cleared": "green", "denied": "red"}
SECTION_STATES = {
    "not_started": ("Not started", "blue"),
    "in_progress": ("In progress", "light-blue"),
    "complete": ("Finished", None),
}
QUERY_STATUSES = {"open": "To be answered", "answered": "Answered", "closed": "Closed"}
QUERY_COLOURS = {"open": "yellow", "answered": "green", "closed": "grey"}
