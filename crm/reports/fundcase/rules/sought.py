"""One ask as the fund case reads it: how much was sought, what became of it to the penny, and under which headings it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from crm.kernel.calendar import ONE_DAY
from crm.kernel.clock import has_come, is_past
from crm.kernel.money import NO_MONEY, Money

NOT_KNOWN = "unknown"
BANDS = (
    ("under_25k", "Under £25,000", 25_000),
    ("under_50k", "£25,000 to £49,999", 50_000),
    ("under_250k", "£50,000 to £249,999", 250_000),
    ("under_1m", "£250,000 to £999,999", 1_000_000),
    ("under_5m", "£1 million to £4,999,999", 5_000_000),
    ("over_5m", "£5 million or more", None),
)
"""The bands of what was sought, each with the pounds that it stays under."""


class Standing(StrEnum):
    """What became of an ask. One of which a part was found counts as not found, for the rest."""

    MET = "met"
    PART = "part"
    UNMET = "unmet"
    OPEN = "open"
    DROPPED = "dropped"


NOT_FOUND = frozenset({Standing.PART, Standing.UNMET})


@dataclass(frozen=True)
class Sought:
    """A sum that a business sought on a day. ``amount`` is None where it is not known; ``found`` is what it was given.

    ``number`` puts those of one day in the order in which they were recorded. ``medium`` tells screen-based work from mixed media.
    """

    id: UUID
    business_id: UUID
    business: str
    asked_on: date
    number: int
    instrument: str
    medium: str
    standing: Standing
    amount: Money | None = None
    found_amount: Money | None = None
    stage: str = NOT_KNOWN
    sector: str = NOT_KNOWN
    place: str = NOT_KNOWN
    area: str = NOT_KNOWN
    reason: str = ""

    @property
    def is_unmet(self) -> bool:
        """Whether its money was not found, or only a part of it."""
        return self.standing in NOT_FOUND

    @cached_property
    def sought(self) -> Money:
        """What it adds to the sum sought; nothing where the amount is not known."""
        return self.amount or NO_MONEY

    @cached_property
    def found(self) -> Money:
        """What was found of it, and never more than was sought. What was met without a sum was met in full."""
        if self.standing is Standing.MET:
            return min(self.found_amount or self.sought, self.sought)
        return min(self.found_amount or NO_MONEY, self.sought) if self.standing is Standing.PART else NO_MONEY

    @cached_property
    def missing(self) -> Money:
        """What was looked for and not found."""
        return self.sought - self.found if self.is_unmet else NO_MONEY

    @property
    def still_sought(self) -> Money:
        """What is being looked for."""
        return self.sought if self.standing is Standing.OPEN else NO_MONEY

    @property
    def given_up(self) -> Money:
        """What is no longer sought, also of one that was met with less than it sought."""
        return self.sought - self.found - self.missing - self.still_sought

    @cached_property
    def size(self) -> str:
        """The band of what was sought."""
        if self.amount is None:
            return NOT_KNOWN
        pence = self.amount.pence
        return next(key for key, _, below in BANDS if below is None or pence < below * 100)

    @cached_property
    def parts(self) -> Mapping[str, str]:
        """The headings under which it counts, each by its key."""
        return {
            "medium": self.medium,
            "instrument": self.instrument,
            "size": self.size,
            "stage": self.stage,
            "sector": self.sector,
            "place": self.place,
            "area": self.area,
        }


@dataclass(frozen=True)
class Scope:
    """Which asks a case is about: those made from a first to a last day, both included, and for which kind of work."""

    first: date | None = None
    last: date | None = None
    medium: str = ""

    def holds(self, ask: Sought) -> bool:
        """Whether an ask is one of them."""
        begun = self.first is None or has_come(self.first, on=ask.asked_on)
        ended = self.last is not None and is_past(self.last, on=ask.asked_on)
        return begun and not ended and self.medium in ("", ask.medium)


def within(asks: Iterable[Sought], scope: Scope) -> list[Sought]:
    """The asks of a case, in the order of their days."""
    return sorted((each for each in asks if scope.holds(each)), key=lambda each: (each.asked_on, each.number))


def ended_quarter(on: date) -> date:
    """The last day of the quarter that has ended: what people outside read changes no more often."""
    return date(on.year, 3 * ((on.month - 1) // 3) + 1, 1) - ONE_DAY
