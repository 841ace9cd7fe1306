"""The list of investments as a file."""

from __future__ import annotations

from typing import Any

from crm.angels.deals.models import Investment
from crm.angels.deals.rules.labels import INVESTMENT_STATUSES, SHARE_RELIEFS
from crm.angels.investors.rules.labels import INSTRUMENTS

INVESTMENTS_HEAD = (
    "Our reference",
    "Business",
    "Investor",
    "What was bought",
    "Amount",
    "Number of shares",
    "Share class",
    "Day of issue",
    "Tax relief",
    "Status",
    "Reported",
    "Confirmed",
)


def investment_cells(found: Investment, *, business: str, investor: str) -> tuple[Any, ...]:
    """One investment, with the names that its reader may see."""
    return (
        found.reference,
        business,
        investor,
        INSTRUMENTS[found.instrument],
        found.amount,
        found.shares,
        found.share_class,
        found.issued_on,
        SHARE_RELIEFS[found.relief],
        INVESTMENT_STATUSES[found.status],
        found.reported_at,
        found.completed_at,
    )
