"""How the state of a readiness action is said."""

from __future__ import annotations

STATUSES = {"to_do": "To do", "done": "Done", "dropped": "Dropped"}
COLOURS = {"to_do": "blue", "done": "green", "dropped": "grey"}
LONGEST_REASON = 500
