"""How the states of bank details, payments, runs and the bank's answers are said."""

from __future__ import annotations

DETAILS_STATUSES = {
    "entered": "Waiting for our call",
    "confirmed": "Confirmed",
    "refused": "Refused",
    "withdrawn": "Withdrawn",
    "replaced": "Replaced",
}
PAYMENT_STATUSES = {
    "due": "Due",
    "in_run": "In a run",
    "sent": "Released",
    "paid": "Paid",
    "failed": "Not paid by the bank",
    "cancelled": "Cancelled",
}
RUN_STATUSES = {"made": "To be checked", "released": "Released", "discarded": "Discarded"}
ANSWER_STATUSES = {"uploaded": "To be recorded", "recorded": "Recorded", "discarded": "Discarded"}
