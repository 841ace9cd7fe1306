"""Outcome reports as rows of a file."""

from __future__ import annotations

from typing import Any

from crm.programme.outcomes.models import OutcomeReport
from crm.programme.outcomes.rules.labels import MEASURES, STATUSES

HEAD = (
    "Business",
    "Time",
    "Figures for",
    "Due by",
    "Standing",
    *(each.label for each in MEASURES),
    "Confirmed",
)


def report_cells(report: OutcomeReport) -> tuple[Any, ...]:
    """One report as the cells of a row. A figure that is not known is said to be so; one not sent is empty."""
    found = report.figures
    figures = [each.say(getattr(found, each.name)) if found else "" for each in MEASURES]
    return (
        report.business.name,
        report.time,
        report.as_at,
        report.due_on,
        STATUSES[report.status],
        *figures,
        report.confirmed_at,
    )
