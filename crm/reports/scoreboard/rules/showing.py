"""How the numbers of the scoreboard are said, told to people outside, and compared with a target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm.db.counting import Confidence, Kind, Measure
from crm.kernel.eligibility import DCMS_GROUPS, LEPS
from crm.kernel.measures import in_hours, in_hundredths
from crm.kernel.money import Money
from crm.kernel.small_numbers import HIDDEN, can_be_told, held_back

CONFIDENCE = {
    Confidence.LEDGER: "From the ledger of public money",
    Confidence.CONFIRMED: "Confirmed by a second person or by the business",
    Confidence.RECORDED: "Recorded by staff as part of their work",
    Confidence.EITHER: "Recorded by staff, or told by the business or provider and not checked, as each record says",
    Confidence.REPORTED: "Told by the business or provider, not checked",
}
SIZES = {
    "micro": "Micro: fewer than 10 people",
    "small": "Small: 10 to 49 people",
    "medium": "Medium: 50 to 249 people",
    "large": "Large: 250 people or more",
}
SIZES_SOURCE = "Bands by number of employees, as in the business population estimates"
NONE = "none"
"""Stands in an address for what is not on record."""
NOT_RECORDED = {
    "hub": "No hub",
    "authority": "No local authority recorded",
    "sector": "No sub-sector recorded",
    "size": "No number of employees recorded",
}
BY = {"hub": "Hub", "authority": "Local authority", "sector": "Sub-sector", "size": "Size"}
SECTORS, AREAS = DCMS_GROUPS, LEPS
ADDS_UP = (Kind.MONEY, Kind.HOURS, Kind.HUNDREDTHS)
"""Measures whose number is what the amounts of their rows come to."""


@dataclass(frozen=True)
class Wanted:
    """What the numbers are narrowed to; what is empty asks nothing, and ``none`` is what is not on record."""

    hub: str = ""
    area: str = ""
    authority: str = ""
    sector: str = ""
    size: str = ""

    @property
    def filters(self) -> dict[str, str]:
        """As the address has it."""
        return {name: value for name, value in vars(self).items() if value}


@dataclass(frozen=True)
class Tally:
    """What a measure comes to: its rows, their amounts, and how many businesses are behind them.

    A row without a business counts as one of its own. ``counted_at`` is set where the number is that of an earlier count.
    """

    count: int = 0
    amount: int = 0
    behind: int = 0
    counted_at: datetime | None = None

    def __add__(self, other: Tally) -> Tally:
        """Two parts of a whole that have no business in common."""
        times = [each for each in (self.counted_at, other.counted_at) if each]
        sums = (self.count + other.count, self.amount + other.amount, self.behind + other.behind)
        return Tally(*sums, min(times, default=None))


def value_of(measure: Measure, tally: Tally) -> int:
    """The number of a measure, in its unit."""
    if measure.kind is Kind.BUSINESSES:
        return tally.behind
    return tally.count if measure.kind is Kind.THINGS else tally.amount


def said(measure: Measure, value: int) -> str:
    """A number of a measure in words."""
    if measure.kind is Kind.MONEY:
        return Money(value).in_full()
    if measure.kind is Kind.HOURS:
        return in_hours(value).removesuffix(" hours").removesuffix(" hour")
    return in_hundredths(value) if measure.kind is Kind.HUNDREDTHS else f"{value:,}"


def told(measure: Measure, tally: Tally, *, whole: Tally | None) -> str:
    """The number for people outside: held back where few are behind it, or behind what is left of a larger measure."""
    is_told = can_be_told(tally.behind, of=whole.behind if whole else None)
    return said(measure, value_of(measure, tally)) if is_told else HIDDEN


def lines_told(lines: Mapping[str, Tally]) -> set[str]:
    """Which lines of a table are held back from people outside, so that none can be worked out from its total."""
    return held_back({key: each.behind for key, each in lines.items()})


def towards(measure: Measure, value: int, *, target: Any) -> str:
    """How much of a target is reached, in whole per cent."""
    goal = target.pence if isinstance(target, Money) else target * _unit(measure)
    return f"{value * 100 // goal}% of {said(measure, goal)}" if goal else ""


def _unit(measure: Measure) -> int:
    return {Kind.HOURS: 4, Kind.HUNDREDTHS: 100}.get(measure.kind, 1)


def change(measure: Measure, value: int, *, earlier: int) -> str:
    """A number beside that of the period before."""
    if value == earlier:
        return "Same as before"
    return f"{'Up' if value > earlier else 'Down'} from {said(measure, earlier)}"


def summed(parts: Iterable[Tally]) -> Tally:
    """Parts of a whole that have no business in common, added up."""
    return sum(parts, Tally())
