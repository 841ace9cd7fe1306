"""Where the region has nothing for a need: how much of it, how many businesses are there, and who asked in vain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from crm.coverage.rules.bands import Band
from crm.coverage.rules.counting import BANDS_COUNTED, WHOLE, Counts, Key, Part, levels
from crm.directory.rules.labels import NEEDS

MOST_GAPS, MOST_OF_A_DISTRICT = 30, 3
"""How many of the emptiest are kept for each size, and how many of them of one district, so that the list names several."""

NEED_OF_ASK = {
    "grant": "grant",
    "loan": "loan",
    "equity": "equity",
    "other": "finance",
    "not_sure": "finance",
}
"""The need of the directory for each kind of finance that was asked for."""
NEED_OF_WISH = {
    "not_paid": "insurance",
    "contract_cash": "finance",
    "general_cash": "finance",
    "bond": "finance",
    "advice": "export",
}
"""The need of the directory for what an export contract was checked for."""


class How(StrEnum):
    """How a need is known to have been asked for in vain."""

    NOT_FOUND = "not_found"
    NOT_IN_PLAN = "not_in_plan"
    SHUT_OUT = "shut_out"


HOW = {
    How.NOT_FOUND: "asked for finance and did not find it",
    How.NOT_IN_PLAN: "nothing open could go into its plan",
    How.SHUT_OUT: "a rule excluded it",
}

Where = tuple[str, str]
"""A district and a need."""


@dataclass(frozen=True)
class Gap:
    """One district and need for one size, of which a share has nothing. ``asked`` is how many businesses there asked in vain."""

    outcode: str
    need: str
    band: Band
    unreached: int
    businesses: int
    asked: int

    @property
    def unserved(self) -> int:
        """How many of the businesses have nothing, by the share of the district without."""
        return (self.businesses * self.unreached + WHOLE // 2) // WHOLE

    @property
    def weight(self) -> int:
        """The businesses without, once more for each business that asked in vain."""
        return self.businesses * self.unreached * (1 + self.asked)


@dataclass(frozen=True)
class Total:
    """For one need and size: hundredths of districts that have nothing, and how many businesses are there."""

    need: str
    band: Band
    uncovered: int
    unserved: int


def need_of(wanted: str) -> str:
    """The need of the directory that a row of evidence is about; "" where it is about none."""
    need = NEED_OF_WISH.get(wanted, wanted)
    return need if need in NEEDS else ""


def gaps_of(
    counts: Mapping[Key, Counts],
    parts: Sequence[Part],
    *,
    businesses: Mapping[str, int],
    asked: Mapping[Where, int],
) -> list[Gap]:
    """Every district, need and size of which any share has nothing."""
    found = []
    for need in dict.fromkeys(need for _, _, need in counts):
        for at, band in enumerate(BANDS_COUNTED):
            here = {
                (part.outcode, part.authority): counts[part.outcode, part.authority, need][at]
                for part in parts
            }
            found += [
                Gap(
                    each.outcode,
                    need,
                    band,
                    each.unreached,
                    businesses.get(each.outcode, 0),
                    asked.get((each.outcode, need), 0),
                )
                for each in levels(parts, here).values()
                if each.unreached
            ]
    return found


def totals_of(gaps: Iterable[Gap], needs: Iterable[str]) -> list[Total]:
    """How much of the region has nothing for each need and size."""
    nothing: dict[tuple[str, Band], int] = {}
    unserved: dict[tuple[str, Band], int] = {}
    for each in gaps:
        key = (each.need, each.band)
        nothing[key] = nothing.get(key, 0) + each.unreached
        unserved[key] = unserved.get(key, 0) + each.businesses * each.unreached
    return [
        Total(
            need,
            band,
            nothing.get((need, band), 0) * 100 // WHOLE,
            (unserved.get((need, band), 0) + WHOLE // 2) // WHOLE,
        )
        for need in needs
        for band in BANDS_COUNTED
    ]


def emptiest(gaps: Iterable[Gap], band: Band) -> list[Gap]:
    """The weightiest gaps of a size: by businesses without and asks in vain, then by how much of the district has nothing."""
    ranked = sorted(
        (each for each in gaps if each.band is band),
        key=lambda each: (-each.weight, -each.asked, -each.unreached, each.outcode, each.need),
    )
    taken: dict[str, int] = {}
    found = []
    for each in ranked:
        if taken.get(each.outcode, 0) < MOST_OF_A_DISTRICT:
            taken[each.outcode] = taken.get(each.outcode, 0) + 1
            found.append(each)
        if len(found) == MOST_GAPS:
            break
    return found
