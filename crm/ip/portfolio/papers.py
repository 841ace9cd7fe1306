"""The portfolios of businesses as the rows of a file: one row for each income."""

from __future__ import annotations

from typing import Any

from crm.ip.portfolio.queries import Listed, Row

HEAD = (
    "Business",
    "Income",
    "A year",
    "Protected by",
    "Protected for sure",
    "Not protected, at least",
    "Not protected, at most",
    "Why it is not sure",
)


def cells(found: Listed, row: Row) -> tuple[Any, ...]:
    """One income of a business, as its page says it."""
    cover = row.cover
    return (
        found.business.name,
        row.line.name,
        row.line.turnover,
        tuple(each.title for each in row.protects if each.shield.holds),
        cover.least,
        cover.gap_least,
        cover.gap_most,
        cover.why,
    )
