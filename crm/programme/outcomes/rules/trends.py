"""The trend of a measure as points to draw and as sums: what is missing stays missing, and is never nought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

WIDTH, HEIGHT = 300, 100


@dataclass(frozen=True)
class Drawn:
    """One measure over the times of asking: a dot for each known value, and a line between neighbours that are known.

    ``top`` is the highest value, which is drawn at the top.
    """

    dots: tuple[tuple[int, int], ...]
    lines: tuple[str, ...]
    gaps: tuple[int, ...]
    top: Fraction | int = 0


def drawn(values: Sequence[Fraction | int | None], *, joined: Sequence[bool] | None = None) -> Drawn:
    """The trend of some values over 300 by 100 units, nought at the bottom. A gap is at the place of what is not known.

    ``joined`` says of each pair of neighbours whether a line may join them: values of different businesses are no trend.
    """
    steps, top = max(1, len(values) - 1), max([each for each in values if each], default=0)
    at = [
        None if each is None else (place * WIDTH // steps, HEIGHT - (each * HEIGHT // top if top else 0))
        for place, each in enumerate(values)
    ]
    may = joined if joined is not None else [True] * steps
    lines = [
        f"{one[0]},{one[1]} {other[0]},{other[1]}"
        for (one, other), is_joined in zip(pairwise(at), may, strict=False)
        if one and other and is_joined
    ]
    gaps = [place * WIDTH // steps for place, each in enumerate(values) if each is None]
    return Drawn(tuple(each for each in at if each), tuple(lines), tuple(gaps), top)


@dataclass(frozen=True)
class Summed:
    """A measure across businesses at one time of asking: of how many it is known, their sum and median.

    Both are None where too few are known to be shown to this reader.
    """

    known: int
    asked: int
    total: int | None
    median: Fraction | None

    @property
    def is_hidden(self) -> bool:
        """Whether it is not shown because so few businesses gave it."""
        return self.known > 0 and self.total is None


def median(values: Sequence[int]) -> Fraction | None:
    """The middle value, or the mean of the two in the middle; None of none."""
    rows, middle = sorted(values), len(values) // 2
    if not rows:
        return None
    return Fraction(rows[middle]) if len(rows) % 2 else Fraction(rows[middle - 1] + rows[middle], 2)


def summed(values: Sequence[int | None], *, least: int = 1) -> Summed:
    """The sum and median of what is known, where at least so many are known."""
    known = [each for each in values if each is not None]
    if len(known) < max(1, least):
        return Summed(len(known), len(values), None, None)
    return Summed(len(known), len(values), sum(known), median(known))
