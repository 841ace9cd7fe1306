"""The tile map of the region: each local authority one square, about where it lies, shaded by what went there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.kernel.money import NO_MONEY, Money

GRID = {
    "Cannock Chase": (1, 0, "CANN"),
    "East Staffordshire": (3, 0, "E STAFF"),
    "Wolverhampton": (0, 1, "WOLV"),
    "Walsall": (1, 1, "WALS"),
    "Tamworth": (3, 1, "TAMW"),
    "Lichfield": (2, 1, "LICH"),
    "North Warwickshire": (3, 2, "N WARKS"),
    "Dudley": (0, 2, "DUDL"),
    "Sandwell": (1, 2, "SAND"),
    "Birmingham": (2, 2, "BHAM"),
    "Nuneaton and Bedworth": (4, 2, "NUN"),
    "Bromsgrove": (1, 3, "BROMS"),
    "Wyre Forest": (0, 3, "WYRE F"),
    "Solihull": (2, 3, "SOLI"),
    "Coventry": (3, 3, "COV"),
    "Rugby": (4, 3, "RUGBY"),
    "Redditch": (1, 4, "REDD"),
    "Stratford-on-Avon": (2, 4, "STRAT"),
    "Warwick": (3, 4, "WARW"),
}
"""Column, row and short name of each of the nineteen authorities that `places` knows in the region."""
SIDE, SHADES = 100, 4
WIDTH, HEIGHT = 5 * SIDE, 5 * SIDE
ELSEWHERE = "Elsewhere, or not known"


@dataclass(frozen=True)
class Placed:
    """What went to one place."""

    name: str
    awards: int
    money: Money


@dataclass(frozen=True)
class Tile:
    """One authority on the map: where its square is, and its shade from 0 for nothing to 4 for the most money.

    ``x`` is None for what has no square; ``is_hidden`` where so few awards are there that they are not shown.
    """

    name: str
    short: str
    awards: int
    money: Money
    shade: int
    x: int | None = None
    y: int | None = None
    is_hidden: bool = False


def tiles(rows: Sequence[Placed], *, least: int = 1) -> list[Tile]:
    """Every authority of the region with what went there, and last what went elsewhere; fewer awards than ``least`` are hidden."""
    known = {each.name: each for each in rows if each.name in GRID}
    beyond = [each for each in rows if each.name not in GRID]
    top = max((each.money.pence for each in rows), default=0)
    found = [_tile(known.get(name, Placed(name, 0, NO_MONEY)), top, least) for name in sorted(GRID)]
    if beyond:
        money = sum((each.money for each in beyond), start=NO_MONEY)
        found.append(_tile(Placed(ELSEWHERE, sum(each.awards for each in beyond), money), top, least))
    return found


def _tile(each: Placed, top: int, least: int) -> Tile:
    column, row, short = GRID.get(each.name, (None, None, ""))
    x, y = (None, None) if column is None or row is None else (column * SIDE, row * SIDE)
    if 0 < each.awards < least:
        return Tile(each.name, short, 0, NO_MONEY, 0, x, y, is_hidden=True)
    shade = -(-each.money.pence * SHADES // top) if top else 0
    return Tile(each.name, short, each.awards, each.money, min(SHADES, shade), x, y)
