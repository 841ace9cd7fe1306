"""The rows behind a number as a file."""

from __future__ import annotations

from typing import Any

from crm.db.counting import Kind, Measure
from crm.kernel.money import Money
from crm.reports.scoreboard.queries.rows import Row

ROWS_HEAD = ("Measure", "Date", "Business", "Who says so", "Amount", "Record")


def cells_of(measure: Measure, row: Row) -> tuple[Any, ...]:
    """One row as cells; its amount only where the measure adds amounts up."""
    return measure.words, row.on, row.called, row.by, _amount(measure, row), str(row.id)


def _amount(measure: Measure, row: Row) -> Any:
    if measure.kind is Kind.MONEY:
        return Money(row.amount)
    if measure.kind is Kind.HOURS:
        return f"{row.amount / 4:g}"
    return f"{row.amount / 100:g}" if measure.kind is Kind.HUNDREDTHS else ""
