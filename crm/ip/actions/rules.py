"""How the state of a readiness action is said."""

from __future__ import annotations

from crm.diagnostics.rules.readiness import IP

STATUSES = {"to_do": "To do", "done": "Done", "dropped": "Dropped"}
COLOURS = {"to_do": "blue", "done": "green", "dropped": "grey"}
LONGEST_REASON = 500
SELF_HELP = "self_help"
"""Among those who help, by its short name: nobody. The business does it alone."""
GENERAL = "A business adviser at your Growth Hub can help you with this, free of charge"
"""Who can always help, where no service is confirmed and open to a business."""
TAKES = {"ex05": (IP, frozenset({"ownership", "licensing"}))}
"""The questions whose action is to take another assessment, and the parts of it that are to be answered."""
LATER = "Each of these has somebody to do it and a day already. They are not among the first things to do."
"""What is meant by the actions under "Later", on the page and on paper."""
ALL_DONE = "Every action is done or was dropped. Take the assessment again to see your new score."
"""What is said where a result asked for actions and none is left."""
