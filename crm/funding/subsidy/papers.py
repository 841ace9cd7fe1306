"""The register of subsidies as rows of a file."""

from __future__ import annotations

from typing import Any

from crm.funding.subsidy.models import Subsidy
from crm.funding.subsidy.rules import KINDS, REGIMES, STATUSES

REGISTER_HEAD = (
    "Business",
    "Company number",
    "Given by",
    "Kind",
    "Given as",
    "Purpose",
    "Gross amount",
    "Day",
    "Status",
    "Publish by",
    "Published on",
    "Reference",
)


def register_cells(each: Subsidy) -> tuple[Any, ...]:
    """One subsidy as the cells of a row."""
    return (
        each.business.name,
        each.business.company_number,
        each.giver,
        KINDS[each.kind],
        REGIMES[each.regime],
        each.purpose,
        each.amount,
        each.given_on,
        STATUSES[each.status],
        each.publish_by,
        each.published_on,
        each.reference,
    )
