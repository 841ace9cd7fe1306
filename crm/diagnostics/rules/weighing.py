"""How the weights and shares of a readiness question set are said."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from crm.diagnostics.rules.readiness import exact

SCORING = {
    "minimum_answered_share": "Questions that must be answered",
    "sector_boost": "A question counts in its sectors",
    "screen_boost": "A question counts for a bid for screen funding",
}


def said_weighing(name: str, value: Any) -> str:
    """How answers are weighed, in words: a share, or how many times a question counts."""
    found = exact(value)
    return f"{plain(found * 100)}%" if name == "minimum_answered_share" else f"{plain(found)} times"


def plain(number: Fraction) -> str:
    """A number as it is typed: 3/2 is "1.5"."""
    return str(number.numerator) if number.denominator == 1 else f"{float(number):g}"
