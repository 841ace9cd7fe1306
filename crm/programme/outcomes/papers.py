"""Outcome reports as rows of a file."""

from __future__ import annotations

from typing import Any

from crm.kernel.money import Money
from crm.programme.outcomes.models import OutcomeReport
from crm.programme.outcomes.rules.labels import MEASURES, STATUSES, Asked

HEAD = (
    "Business",
    "Grant",
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
    figures = [_figure(each, getattr(found, each.name)) if found else "" for each in MEASURES]
    return (
        report.business.name,
        report.application.reference,
        report.time,
        report.as_at,
        report.due_on,
        STATUSES[report.status],
        *figures,
        report.confirmed_at,
    )


def _figure(asked: Asked, value: Any) -> Any:
    """A figure as it can be counted with: money as every other file has it."""
    return value if isinstance(value, Money) else asked.say(value)
