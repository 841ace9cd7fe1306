"""Quarters of the calendar, and what a stated valuation makes of one holding."""

from __future__ import annotations

from datetime import date, timedelta

from crm.kernel.money import Money


def quarter_before(day: date) -> date:
    """The last day of the quarter that ended before a day."""
    month = day.month - (day.month - 1) % 3
    return date(day.year, month, 1) - timedelta(days=1)


def quarter_in_words(end: date) -> str:
    """A quarter by its months: "July to September 2026"."""
    return f"{date(end.year, end.month - 2, 1):%B} to {end:%B %Y}"


def share_of(valuation: Money, shares: int, *, of: int) -> Money:
    """What so many shares come to at a company's stated valuation, to the nearest penny, half a penny up."""
    return Money((2 * valuation.pence * shares + of) // (2 * of))
