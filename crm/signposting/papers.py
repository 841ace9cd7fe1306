"""Enquiries and plans as they leave: rows of an extract."""

from __future__ import annotations

from typing import Any

from crm.signposting.models import Enquiry

ENQUIRY_HEAD = (
    *("Reference", "Business", "Person", "Came", "Hub", "Standing", "Received", "Due", "Answered"),
    *("In the hands of", "Closed", "Why closed"),
)


def enquiry_row(enquiry: Enquiry) -> tuple[Any, ...]:
    """One line of the file, in the order of its head. What was told in confidence stays out of it."""
    return (
        enquiry.reference,
        enquiry.business_name,
        enquiry.person_name,
        enquiry.way,
        enquiry.hub.name if enquiry.hub else None,
        enquiry.status,
        enquiry.received_at,
        enquiry.due_on,
        enquiry.answered_at,
        enquiry.claimed_by.name if enquiry.claimed_by else None,
        enquiry.closed_at,
        enquiry.close_reason,
    )
