"""Payments as rows of a file. Account numbers are not in it."""

from __future__ import annotations

from typing import Any

from crm.funding.payments.models import Payment

PAYMENTS_HEAD = (
    "Reference",
    "Business",
    "For",
    "Envelope",
    "Line",
    "Amount",
    "Status",
    "Asked for",
    "Paid",
    "Why not paid",
)


def payment_cells(found: Payment) -> tuple[Any, ...]:
    """One payment as the cells of a row."""
    tries = sorted(found.tries, key=lambda each: each.end_to_end_id)
    return (
        tries[-1].end_to_end_id if tries else "",
        found.business.name,
        found.reason,
        found.envelope.name,
        found.line_label,
        found.amount,
        found.status_label,
        found.requested_at,
        found.paid_on,
        found.cancel_reason or (found.fail_reason if found.status == "failed" else ""),
    )
