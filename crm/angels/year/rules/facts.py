"""What the network's figures are worked out from: raises, investments and pledges, each with its day; and what a figure is of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from crm.kernel.clock import has_come
from crm.kernel.money import Money

NOT_SAID = "none"
"""Stands for a sub-sector or an area that is not on record."""


@dataclass(frozen=True)
class RaiseFact:
    """One raise of a creative company. ``sector`` and ``area`` are the first on record, so that each raise counts in one."""

    pitch_id: UUID
    business: str
    reference: str
    instrument: str
    sector: str
    area: str
    amount: Money
    applied_on: date | None
    presented_on: date | None
    examined: bool
    met_on: date | None
    ended_on: date | None
    unmet_for: str | None

    @property
    def days_to_meeting(self) -> int | None:
        """From the day it was first presented to the first meeting that both sides agreed to; None where there was none."""
        if self.presented_on is None or self.met_on is None:
            return None
        return max(0, (self.met_on - self.presented_on).days)


@dataclass(frozen=True)
class DealFact:
    """One investment in a raise of a creative company. ``investor`` tells apart who invested, in the network or not."""

    investment_id: UUID
    pitch_id: UUID
    investor: str
    name: str
    business: str
    reference: str
    instrument: str
    sector: str
    area: str
    amount: Money
    issued_on: date
    is_completed: bool
    reversed_on: date | None


@dataclass(frozen=True)
class PledgeFact:
    """One pledge that was made and still stands: no money yet, and never added to any. An offered place is not one."""

    pledge_id: UUID
    pitch_id: UUID
    investor: str
    name: str
    business: str
    reference: str
    sector: str
    area: str
    amount: Money
    pledged_on: date
    is_committed: bool


@dataclass(frozen=True)
class Stay:
    """A time in the network, from the day an investor was accepted until the day they left."""

    first: date
    left: date | None

    def covers(self, on: date) -> bool:
        """Whether they were in the network at the end of a day."""
        return has_come(self.first, on=on) and (self.left is None or not has_come(self.left, on=on))


@dataclass(frozen=True)
class SignedFact:
    """One statement of a member: valid from its day until the day before the last. ``inside`` is when they were a member."""

    account_id: UUID
    name: str
    signed_on: date
    until: date
    revoked_on: date | None
    inside: tuple[Stay, ...] = ()

    def holds(self, on: date) -> bool:
        """Whether it was valid on a day, and its member was in the network."""
        if not any(each.covers(on) for each in self.inside):
            return False
        is_over = has_come(self.until, on=on) or (
            self.revoked_on is not None and has_come(self.revoked_on, on=on)
        )
        return has_come(self.signed_on, on=on) and not is_over


@dataclass(frozen=True)
class SyndicateFact:
    """The syndicate of a raise of a creative company, from the day on which its first terms were agreed."""

    syndicate_id: UUID
    pitch_id: UUID
    business: str
    reference: str
    sector: str
    area: str
    agreed_on: date


@dataclass(frozen=True)
class PlaceFact:
    """An investor who began to lead a syndicate by agreement, or joined one. It says nothing of money."""

    syndicate_id: UUID
    pitch_id: UUID
    investor: str
    name: str
    business: str
    reference: str
    sector: str
    area: str
    began_on: date


@dataclass(frozen=True)
class Period:
    """From a first to a last day, both included, and what it is called."""

    key: str
    words: str
    first: date
    last: date

    def holds(self, day: date | None) -> bool:
        """Whether a day is in it."""
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True)
class Facts:
    """All that the figures are worked out from. ``left_out`` are the raises of companies with no creative industry on record."""

    raises: tuple[RaiseFact, ...]
    deals: tuple[DealFact, ...]
    pledges: tuple[PledgeFact, ...]
    signed: tuple[SignedFact, ...]
    left_out: tuple[RaiseFact, ...] = ()
    syndicates: tuple[SyndicateFact, ...] = ()
    places: tuple[PlaceFact, ...] = ()

    def of(self, sector: str, area: str) -> Facts:
        """Only those of a sub-sector and an area, where these are asked for. Statements belong to neither."""

        def fits(each: RaiseFact | DealFact | PledgeFact | SyndicateFact | PlaceFact) -> bool:
            return sector in ("", each.sector) and area in ("", each.area)

        return Facts(
            tuple(each for each in self.raises if fits(each)),
            tuple(each for each in self.deals if fits(each)),
            tuple(each for each in self.pledges if fits(each)),
            self.signed,
            tuple(each for each in self.left_out if not sector and area in ("", each.area)),
            tuple(each for each in self.syndicates if fits(each)),
            tuple(each for each in self.places if fits(each)),
        )


def periods(on: date) -> tuple[Period, ...]:
    """The last twelve months, this year and the year before with their quarters, and everything so far."""
    ago = on.replace(year=on.year - 1, day=min(on.day, 28))
    found = [Period("12m", "Last 12 months", ago, on)]
    for year in (on.year, on.year - 1, on.year - 2):
        found.append(Period(f"{year}", f"{year}", date(year, 1, 1), date(year, 12, 31)))
        found += [
            Period(f"{year}-q{quarter}", f"{_ordinal(quarter)} quarter of {year}", *_quarter(year, quarter))
            for quarter in (4, 3, 2, 1)
            if _quarter(year, quarter)[0] <= on and year >= on.year - 1
        ]
    return (*found, Period("all", "Since the network began", date(1990, 1, 1), on))


def _quarter(year: int, quarter: int) -> tuple[date, date]:
    first = date(year, 3 * quarter - 2, 1)
    following = date(year + (quarter == 4), 3 * quarter % 12 + 1, 1)
    return first, date.fromordinal(following.toordinal() - 1)


def _ordinal(number: int) -> str:
    return ("First", "Second", "Third", "Fourth")[number - 1]


def whole_years(on: date) -> tuple[Period, ...]:
    """The years that have ended: what people outside are told of, since no two of these overlap."""
    return tuple(each for each in periods(on) if each.key.isdigit() and each.last < on)


def total_of(sums: Iterable[Money]) -> Money:
    """Some sums added up."""
    return sum(sums, Money(0))
