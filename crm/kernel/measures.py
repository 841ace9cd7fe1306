"""Stored numbers with their unit, as they are said."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any


def _plain(number: Decimal) -> str:
    return f"{number.normalize():,f}"


def in_hours(quarters: int) -> str:
    """Quarters of an hour as hours: 6 is "1.5 hours", 4 is "1 hour"."""
    hours = Decimal(quarters) / 4
    return f"{_plain(hours)} {'hour' if hours == 1 else 'hours'}"


def in_percent(hundredths: int) -> str:
    """Hundredths of a per cent: 6000 is "60%", 1250 is "12.5%"."""
    return f"{_plain(Decimal(hundredths) / 100)}%"


def in_hundredths(number: int) -> str:
    """A number kept in hundredths: 350 is "3.5"."""
    return _plain(Decimal(number) / 100)


def percent(number: Any) -> str:
    """A number that is a per cent already: 95 is "95%"."""
    return f"{number}%"


def counted(one: str, many: str = "") -> Callable[[Any], str]:
    """A number with its noun in agreement: ``counted("month")(1)`` is "1 month", of 14 "14 months"."""

    def said(number: Any) -> str:
        return f"{number} {one if str(number) == '1' else many or f'{one}s'}"

    return said
