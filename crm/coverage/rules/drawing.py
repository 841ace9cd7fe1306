"""The tile map: each postcode district a square, about where it lies, shaded by what it has."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from crm.coverage.rules.counting import Level

TILES = Path(__file__).parent.parent / "reference" / "tiles.csv"
SIDE = 40
SHADES = ("Nothing for most of it", "Fewer than 2", "2 to 3", "4 to 7", "8 or more")
"""What each shade means where one need is shown, from 0."""
_FROM = (200, 400, 800)
NEED_SHADES = (
    "No need",
    "Up to a quarter of the needs",
    "Up to half",
    "Up to three quarters",
    "More than three quarters",
)
"""What each shade means where all needs are counted, from 0."""


@dataclass(frozen=True)
class Tile:
    """A district on the map."""

    outcode: str
    x: int
    y: int
    shade: int
    text: str


@cache
def grid() -> dict[str, tuple[int, int]]:
    """Column and row of each district."""
    with TILES.open(encoding="utf-8", newline="") as stream:
        return {row["outcode"]: (int(row["column"]), int(row["row"])) for row in csv.DictReader(stream)}


def shade_of(level: Level) -> int:
    """From 0, nothing for most of it, to 4."""
    return 0 if level.is_empty else 1 + sum(level.services >= each for each in _FROM)


def shade_of_needs(met: int, *, of: int) -> int:
    """From 0, no need met, to 4, more than three quarters of them."""
    return min(4, -(-met * 4 // of)) if of else 0


def tiles(levels: Iterable[Level], shade: Callable[[Level], int]) -> list[Tile]:
    """A tile for each district that has a place on the map."""
    found = []
    for each in levels:
        at = grid().get(each.outcode)
        if at is not None:
            found.append(Tile(each.outcode, at[0] * SIDE, at[1] * SIDE, shade(each), each.in_words))
    return found


def size() -> tuple[int, int]:
    """Width and height of the map."""
    places = grid().values()
    return (1 + max(x for x, _ in places)) * SIDE, (1 + max(y for _, y in places)) * SIDE
