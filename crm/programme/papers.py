"""What leaves the programme as a file."""

from __future__ import annotations

from typing import Any

from crm.programme.queries.totals import RankedApplication
from crm.programme.rules import labels

RANKING_HEAD = (
    "rank",
    "reference",
    "business",
    "asked for",
    "total",
    "assessments in",
    "to moderate",
    "below",
    "standing",
)


def ranking_cells(row: RankedApplication) -> tuple[Any, ...]:
    """One row of a ranking. What is incomplete has words in the place of a per cent."""
    place, standing = row.place, row.place.standing
    return (
        "" if place.rank is None else place.rank,
        row.reference,
        row.business_name,
        row.asked_for,
        standing.in_words,
        f"{standing.handed_in} of {standing.wanted}",
        standing.apart,
        standing.fails,
        labels.APPLICATION_STATUSES[row.status],
    )
