"""The tile map of the region with all of its nineteen authorities, each one square, about where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.programme.outcomes.rules.places import ELSEWHERE, GRID, SHADES, SIDE
from crm.reports.fundcase.rules.sought import NOT_KNOWN

NAMES = {**{name: name for name in sorted(GRID)}, NOT_KNOWN: ELSEWHERE}


@dataclass(frozen=True)
class Tile:
    """One authority on the map. ``words`` is the number in it; ``shade`` goes from 0 for nothing to 4 for the most money."""

    key: str
    short: str
    words: str
    shade: int
    x: int
    y: int


def tiles(rows: Sequence[tuple[str, str, int | None]]) -> list[Tile]:
    """Every authority, with its number in words and its pence; None is held back, and one that is not named has nothing."""
    told = {key: (words, pence) for key, words, pence in rows}
    most = max((pence or 0 for _, pence in told.values()), default=0)
    found = []
    for name, (column, row, short) in GRID.items():
        words, pence = told.get(name, ("0", 0))
        shade = -(-(pence or 0) * SHADES // most) if most else 0
        found.append(Tile(name, short, words, shade, column * SIDE, row * SIDE))
    return found
