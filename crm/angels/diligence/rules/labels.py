"""What the states and choices of due diligence are called on a page."""

from __future__ import annotations

ITEM_STATUSES = {
    "asked": "Waiting for the business",
    "answered": "Answered",
    "unavailable": "Not available",
    "withdrawn": "Question withdrawn",
    "ended": "Closed",
}
ENDED_AS = {
    "answered": "Answered, now closed",
    "unavailable": "Not available, now closed",
    "asked": "Closed without an answer",
}
"""What a closed question is called, by what had become of it."""
SHOWN = {"late": "Waiting too long"} | ITEM_STATUSES
"""What a list of questions can be narrowed to."""
ITEM_COLOURS = {
    "asked": "blue",
    "answered": "green",
    "unavailable": "yellow",
    "withdrawn": "grey",
    "ended": "grey",
}
SHARING = {
    "asker": "Only investors who asked for it",
    "introduced": "Every investor introduced to you for this pitch",
}
SYNDICATE = "Also share it with the lead and the confirmed members of the raise’s syndicate"
FIELDS = {
    "diligence_item.kind": "Usual item",
    "diligence_item.nudge_on": "Reminder on",
    "diligence_item.task_on": "Late from",
    "diligence_item.nudged_at": "Reminded",
    "diligence_item.told_at": "Investor told",
    "diligence_item.closed_for": "Why the network closed it",
    "diligence_item.reason": "Reason it is not available",
    "diligence_item.answer_id": "Answer given",
    "diligence_item.sharing": "Shared with",
    "diligence_answer.words": "Answer",
    "diligence_answer.made_at": "Answered",
    "diligence_answer.made_by_id": "Answered by",
    "diligence_answer.sharing": "Shared with",
    "diligence_answer.with_syndicate": "Shared with the syndicate",
    "diligence_item.with_syndicate": "Shared with the syndicate",
    "diligence_answer.withdrawn_at": "Answer withdrawn",
}
"""What a stored field is called on the audit log, where its own name would not do."""
