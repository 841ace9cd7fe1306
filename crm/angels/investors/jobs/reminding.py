"""Investors are reminded before their statement ends."""

from __future__ import annotations

from crm.angels.investors.queries import angels
from crm.angels.investors.service import certifying
from crm.figures.queries import figure_on
from crm.kernel.clock import today

A_YEAR = 366
"""Days: no statement holds for longer."""


def remind_daily() -> None:
    """Remind investors before a statement ends."""
    if angels.statements_ending(today(), within=A_YEAR):
        days = int(figure_on("angel.remind_days", on=today()))
        for statement in angels.statements_ending(today(), within=days):
            certifying.remind(statement)
