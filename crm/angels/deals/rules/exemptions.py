"""Whether an offer of shares or loan notes is exempt from the ban on public offers, and how near its limits are.

Public Offers and Admissions to Trading Regulations 2024, in force since 19 January 2026: the total that is paid for the
offer within twelve months, fewer than so many people, or qualified investors alone. Any one of them is enough.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from crm.kernel.money import Money


class Exemption(StrEnum):
    """What lets shares or loan notes be offered without a prospectus: alternatives (POATRs 2024, schedule 1)."""

    TOTAL = "total"
    PEOPLE = "people"
    QUALIFIED = "qualified"


@dataclass(frozen=True)
class OfferLimits:
    """The limits of the law on a day, and from what share of them on the network is warned, in per cent."""

    total: Money
    people: int
    warn: int


@dataclass(frozen=True)
class Counters:
    """What an offer counts: the people it was made to, and what is paid for it and others within twelve months."""

    people: int
    total: Money
    relied_on: frozenset[Exemption]
    limits: OfferLimits

    def holds(self, kind: Exemption) -> bool:
        """Whether one exemption holds as things are: that investors are qualified rests on what was recorded."""
        if kind is Exemption.TOTAL:
            return self.total <= self.limits.total
        if kind is Exemption.PEOPLE:
            return self.people < self.limits.people
        return True

    def is_near(self, kind: Exemption) -> bool:
        """Whether one exemption that holds is near its limit."""
        if not self.holds(kind) or kind is Exemption.QUALIFIED:
            return False
        if kind is Exemption.TOTAL:
            return self.total.pence * 100 >= self.limits.total.pence * self.limits.warn
        return self.people * 100 >= self.limits.people * self.limits.warn

    @property
    def holding(self) -> list[Exemption]:
        """The exemptions relied on that hold."""
        return [each for each in Exemption if each in self.relied_on and self.holds(each)]

    @property
    def is_last_near(self) -> bool:
        """Whether all that hold of those relied on are near their limits."""
        return bool(self.holding) and all(self.is_near(each) for each in self.holding)


def why_not_exempt(counters: Counters | None) -> str | None:
    """Why an offer may not be shown now, in words; None where one exemption that it relies on holds."""
    if counters is None:
        return "The public-offer exemption that this raise relies on is not recorded."
    if counters.holding:
        return None
    return f"No public-offer exemption that it relies on holds: {said(counters)}."


def said(counters: Counters) -> str:
    """The counters of what is relied on, in words, and which of them hold no longer: "150 people, of fewer than 150"."""
    told = {
        Exemption.TOTAL: f"{counters.total} within twelve months, of at most {counters.limits.total}",
        Exemption.PEOPLE: f"{count_people(counters.people)}, of fewer than {counters.limits.people}",
        Exemption.QUALIFIED: "qualified investors only",
    }
    return "; ".join(
        words if counters.holds(kind) else f"{words} (this no longer holds)"
        for kind, words in told.items()
        if kind in counters.relied_on
    )


def count_people(count: int) -> str:
    """So many people, in words."""
    return "1 person" if count == 1 else f"{count:,} people"


def kinds_of(words: Collection[str]) -> frozenset[Exemption]:
    """The exemptions that a row names."""
    return frozenset(Exemption(each) for each in words)
