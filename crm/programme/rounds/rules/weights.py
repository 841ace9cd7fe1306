"""What each criterion counts: weights in hundredths of a per cent, exact, rounded once where they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

WHOLE = 10_000
"""All weights of a round together, in hundredths of a per cent."""


@dataclass(frozen=True)
class Weighed:
    """A criterion as it counts: its ``weight`` in hundredths of a per cent, its parts, and the ``highest`` score of each."""

    code: str
    weight: int
    parts: tuple[str, ...]
    highest: int

    @cached_property
    def weight_of_part(self) -> Fraction:
        """What one part at its highest score adds to the total, in per cent."""
        return Fraction(self.weight, 100 * len(self.parts))

    @cached_property
    def worth_of_point(self) -> Fraction:
        """What one point of one assessor alone adds to the total, in per cent."""
        return self.weight_of_part / self.highest


def shown(percent: Fraction) -> Decimal:
    """A per cent rounded once, half up, to two places. In whole numbers: pages show thousands of these."""
    top, bottom = percent.numerator, percent.denominator
    return Decimal((200 * top + bottom) // (2 * bottom)).scaleb(-2)


def weight_fault(weights: Sequence[int]) -> str | None:
    """Why weights, in hundredths of a per cent, cannot be published; None where they make a whole."""
    if not weights:
        return "Add at least one criterion"
    together = sum(weights)
    if together == WHOLE:
        return None
    way = "over" if together > WHOLE else "missing"
    return f"The weights add up to {percent_in_words(together)}%: {percent_in_words(abs(WHOLE - together))}% {way}"


def percent_in_words(hundredths: int) -> str:
    """Hundredths of a per cent as people write them: 4000 is "40", 3350 is "33.5"."""
    return f"{(Decimal(hundredths) / 100).normalize():f}"
