"""What a list of businesses is asked for: its filters, its orders, and the views that everybody has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from uuid import UUID

ORDERS = {
    "name": "Name, A to Z",
    "-name": "Name, Z to A",
    "lead": "Lead adviser, A to Z",
    "-lead": "Lead adviser, Z to A",
    "contact": "Last contact, longest ago first",
    "-contact": "Last contact, latest first",
    "step": "Next step, soonest first",
    "-step": "Next step, latest first",
    "stage": "Stage, earliest first",
    "-stage": "Stage, latest first",
}
COLUMNS = ("name", "lead", "contact", "step", "stage")
"""The columns by whose heading a list is sorted."""
MINE, NOBODY, LEFT = "me", "nobody", "left"
LED_BY = {
    MINE: "Me",
    NOBODY: "Nobody",
    LEFT: "Somebody who can no longer work with it",
}
MOST_DAYS, QUIET = 3_650, 60
"""The longest time without contact that a list is asked for, and the one that everybody's views and desks ask for, in days."""


@dataclass(frozen=True)
class Wanted:
    """What a list is asked for, as its address says it. Filters combine; the sectors are alternatives.

    ``lead`` is one of `LED_BY` or the id of an account, ``quiet`` the days in which nobody spoke with a business.
    """

    q: str = ""
    lead: str = ""
    quiet: int | None = None
    need: str = ""
    stage: str = ""
    group: tuple[str, ...] = ()
    place: str = ""
    hub: UUID | None = None
    tag: UUID | None = None
    sort: str = "name"

    def asked(self) -> dict[str, list[str]]:
        """The same for an address: what is not asked is left out."""
        return {name: list(values) for name, values in self._asked()}

    def _asked(self) -> Iterator[tuple[str, list[str]]]:
        usual = Wanted()
        for each in fields(self):
            value = getattr(self, each.name)
            if value != getattr(usual, each.name):
                yield each.name, [str(one) for one in value] if isinstance(value, tuple) else [str(value)]


def toggled(sort: str, column: str) -> str:
    """The order that the heading of a column leads to: its own, or the other way round where it is that already."""
    return f"-{column}" if sort == column else column


def direction(sort: str, column: str) -> str:
    """How the column is sorted now, as `aria-sort` says it."""
    return {column: "ascending", f"-{column}": "descending"}.get(sort, "none")


MOST_VIEWS, LONGEST_NAME = 50, 60
STANDARD: Mapping[str, Mapping[str, list[str]]] = {
    "My businesses": {"lead": [MINE]},
    f"Mine, not contacted in {QUIET} days": {"lead": [MINE], "quiet": [str(QUIET)], "sort": ["contact"]},
    "No lead adviser": {"lead": [NOBODY]},
    "Lead adviser has left": {"lead": [LEFT]},
    "All": {},
}
"""The views that everybody has."""
