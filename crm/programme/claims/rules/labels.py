"""How the states and kinds of claims and what belongs to them are said."""

from __future__ import annotations

CLAIM_STATUSES = {
    "draft": "Draft",
    "submitted": "Submitted",
    "returned": "Returned",
    "approved": "Approved, to be paid",
    "paid": "Paid",
    "rejected": "Rejected",
    "discarded": "Discarded",
}
PAYMENT_OF_CLAIM = {
    "in_run": "Approved, payment being prepared",
    "sent": "Approved, released to be paid",
    "failed": "Approved, not paid by the bank",
    "cancelled": "Approved, payment cancelled",
}
"""How an approved claim is said while its payment is not simply due."""
PAYMENT_COLOURS = {"failed": "red", "cancelled": "red"}
EVIDENCE_STATUSES = {
    "draft": "Not handed in yet",
    "handed_in": "Being checked",
    "accepted": "Confirmed",
    "sent_back": "Sent back",
}
CHANGE_STATUSES = {
    "asked": "Requested",
    "supported": "Supported, to be approved",
    "approved": "Approved",
    "refused": "Refused",
    "withdrawn": "Withdrawn",
}
RECOVERY_STATUSES = {
    "asked": "Requested",
    "received": "Received",
    "released": "Received and released",
    "cancelled": "Cancelled",
}
SUMS = {"paid": "Paid", "due": "Approved, not paid yet", "waits": "Claimed, being checked"}
"""The sums of an award that its claims come to."""
CHANGE_KINDS = {"time": "Dates", "scope": "Scope", "money": "Money"}
MONEY_KINDS = {"return": "Return an approved claim, unpaid", "repayment": "Ask for a repayment"}
REMINDERS = {"before": "Before the day", "after": "After the day"}
COLOURS = {
    "draft": "grey",
    "submitted": "blue",
    "returned": "yellow",
    "approved": "green",
    "paid": "green",
    "rejected": "red",
    "discarded": "grey",
    "handed_in": "blue",
    "accepted": "green",
    "sent_back": "yellow",
    "asked": "blue",
    "supported": "blue",
    "refused": "red",
    "withdrawn": "grey",
    "received": "green",
    "released": "green",
    "cancelled": "grey",
}


def cost_in_words(place: int, what: str) -> str:
    """A cost of a claim as a message names it: two of one supplier for one purpose are told apart by their place."""
    return f"cost {place} ({what})"
