"""What an investor takes along for a tax return: the investments of one tax year, as the return asks for them."""

from __future__ import annotations

from typing import Any

from crm.angels.deals.rules.labels import INVESTMENT_STATUSES
from crm.angels.holdings.queries.portfolio import Holding
from crm.angels.holdings.rules.labels import FILED_RELIEFS, KINDS

HEAD = (
    "Company",
    "Company number",
    "Day of issue",
    "What was bought",
    "Number of shares",
    "Amount",
    "Relief",
    "Unique investment reference",
    "Certificate given",
    "Claim by",
    "Status",
    "Our reference",
)


def cells(found: Holding) -> tuple[Any, ...]:
    """One investment. A relief is named as the company issued it; it can be claimed once there is a certificate."""
    bought, given = found.investment, found.certificate
    return (
        found.business.name,
        found.business.company_number,
        bought.issued_on,
        KINDS[bought.instrument],
        bought.shares,
        bought.amount,
        FILED_RELIEFS.get(bought.relief, ""),
        given.uir if given else "",
        given.given_on if given else None,
        found.claim_by,
        INVESTMENT_STATUSES[bought.status],
        bought.reference,
    )
