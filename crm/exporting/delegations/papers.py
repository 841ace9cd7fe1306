"""The places of a delegation as a file."""

from __future__ import annotations

from typing import Any

from crm.exporting.delegations import rules
from crm.exporting.delegations.models import DelegationPlace

HEAD = (
    "Business",
    "Who goes",
    "State",
    "Seat",
    "Waiting number",
    "Marks",
    "Reason",
    "Applied on",
    "Answer by",
)


def place_cells(found: DelegationPlace) -> tuple[Any, ...]:
    """A place, as a row."""
    marks = found.points if found.assessed_at else None
    told = (
        found.business.name,
        found.person.name,
        rules.PLACE_STATUSES[found.status],
        found.seat,
        found.queue,
    )
    return (*told, marks, found.reason, found.applied_at, found.answer_by)
