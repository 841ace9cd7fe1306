"""Claims as rows of a file."""

from __future__ import annotations

from typing import Any

from crm.programme.claims.models import AwardClaim
from crm.programme.claims.rules.labels import CLAIM_STATUSES

CLAIMS_HEAD = (
    "Business",
    "Application",
    "Claim",
    "Milestone",
    "Status",
    "Award",
    "Claimed",
    "Approved",
    "Submitted",
    "Decided",
    "Paid",
)


def claim_cells(each: AwardClaim) -> tuple[Any, ...]:
    """One claim as the cells of a row."""
    return (
        each.business.name,
        each.award.application.reference,
        each.number,
        each.milestone.title,
        CLAIM_STATUSES[each.status],
        each.award.amount,
        each.amount,
        each.approved,
        each.submitted_at,
        each.decided_at,
        each.paid_on,
    )
