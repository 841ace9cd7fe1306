"""What feeds are called on pages."""

from __future__ import annotations

IMPORT_STATUSES = {
    "reading": "Being read",
    "ready": "Ready to look through",
    "failed": "Stopped",
    "taking": "Being taken in",
    "taken": "Taken in",
    "undoing": "Being taken back",
    "undone": "Taken back",
    "cancelled": "Cancelled",
}
IMPORT_COLOURS = {
    "reading": "blue",
    "ready": "yellow",
    "failed": "red",
    "taking": "blue",
    "taken": "green",
    "undoing": "blue",
    "undone": "grey",
    "cancelled": "grey",
}
VERDICTS = {
    "new": "New",
    "known": "In the directory already",
    "repeated": "Twice in this feed",
    "not_running": "Not running, as its council says",
    "faulty": "Cannot be read",
}
WHICH = {
    "all": "All new services",
    "needed": "Only new services that say which of our needs they meet",
}
"""What is taken in."""
