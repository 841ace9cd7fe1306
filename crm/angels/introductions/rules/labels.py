"""What the states and choices of introductions are called on a page."""

from __future__ import annotations

INTRODUCTION_STATUSES = {
    "requested": "Waiting for the business",
    "held": "On hold",
    "agreed": "Introduced",
    "declined": "Not taken up",
    "lapsed": "No answer in time",
    "expired": "Not introduced in time",
    "cancelled": "Cancelled",
    "taken_back": "Withdrawn",
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
    "ticket": "The amount does not fit",
    "fit": "Not the right investor for us",
    "other": "Another reason",
}
FIELDS = {
    "introduction.account_id": "Investor",
    "introduction.contact_ids": "Contacts",
    "introduction.nudge_on": "Reminder on",
    "introduction.task_on": "Late from",
    "introduction.lapse_on": "Lapses after",
    "introduction.nudged_at": "Reminded",
    "introduction.met_at": "Introduced",
    "introduction.refusal": "Reason for declining",
    "introduction.refusal_note": "Note for the network’s staff",
    "introduction.end_reason": "Reason for ending it",
}
"""What a stored field is called on the audit log, where its own name would not do."""
