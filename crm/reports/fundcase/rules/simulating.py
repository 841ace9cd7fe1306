"""What a fund would have done: asks in the order of their days, each paid, or not and why, in whole pence.

Nothing is rounded in the fund's favour: a ticket and what comes back of it are rounded down to the penny, as the workbook does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from heapq import heappop, heappush

from crm.kernel.calendar import add_months
from crm.kernel.clock import has_come
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.small_numbers import FEWEST_TOLD
from crm.reports.fundcase.rules.sought import Sought

SMALLEST_FUND, LARGEST_FUND = Money.pounds(1_000_000), Money.pounds(20_000_000)
"""What line 6.4 of the plan says: "£1m-20m"."""
SIZES = tuple(Money.pounds(millions * 1_000_000) for millions in (1, 2, 5, 10, 20))
RETURNING = ("loan", "equity")
"""The kinds of finance of which something may come back."""


@dataclass(frozen=True)
class Fund:
    """The rules of an imagined fund. ``match`` is the share in per cent of each ask that others bring.

    ``back`` is what comes back of each kind of finance, in per cent of what was paid, so many ``months`` later. It is lent again.
    """

    size: Money
    smallest: Money
    largest: Money
    match: int
    instruments: tuple[str, ...]
    media: tuple[str, ...]
    loan_back: int
    equity_back: int
    months: int

    @property
    def back(self) -> Mapping[str, int]:
        """What comes back of each kind of finance, in per cent; of any other, nothing."""
        return {"loan": self.loan_back, "equity": self.equity_back}


DEFAULT = Fund(
    size=Money.pounds(5_000_000),
    smallest=Money.pounds(10_000),
    largest=Money.pounds(500_000),
    match=50,
    instruments=("grant", "loan", "equity"),
    media=("screen", "mixed_media"),
    loan_back=80,
    equity_back=50,
    months=36,
)
"""Assumptions to begin with, and no forecast: the page says that they are the reader's to change."""


class Fate(StrEnum):
    """What a fund would have made of an ask."""

    FUNDED = "funded"
    OTHER_MEDIUM = "other_medium"
    OTHER_INSTRUMENT = "other_instrument"
    NO_AMOUNT = "no_amount"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    NO_MONEY = "no_money"


@dataclass(frozen=True)
class Ruled:
    """One ask with what the fund would have made of it. ``ticket`` is what it would be asked for, ``free`` what it then had."""

    ask: Sought
    fate: Fate
    ticket: Money = NO_MONEY
    free: Money = NO_MONEY
    back: Money = NO_MONEY
    back_on: date | None = None

    @property
    def paid(self) -> Money:
        """What the fund would have paid."""
        return self.ticket if self.fate is Fate.FUNDED else NO_MONEY

    @property
    def matched(self) -> Money:
        """What others would have had to bring beside it."""
        return self.ask.missing - self.ticket if self.fate is Fate.FUNDED else NO_MONEY


@dataclass(frozen=True)
class Simulated:
    """What a fund would have done with all asks that were not found."""

    fund: Fund
    rows: tuple[Ruled, ...]

    def of(self, fate: Fate) -> list[Ruled]:
        """The asks of which it would have made this."""
        return [each for each in self.rows if each.fate is fate]

    @property
    def funded(self) -> list[Ruled]:
        """The asks that it would have met."""
        return self.of(Fate.FUNDED)

    @property
    def paid(self) -> Money:
        """What it would have paid in all."""
        return sum((each.paid for each in self.rows), start=NO_MONEY)

    @property
    def matched(self) -> Money:
        """What others would have brought."""
        return sum((each.matched for each in self.rows), start=NO_MONEY)

    @property
    def met(self) -> Money:
        """What of the missing money would have been found: the fund's and that of others."""
        return self.paid + self.matched

    @property
    def missing(self) -> Money:
        """What was missing before there was a fund."""
        return sum((each.ask.missing for each in self.rows), start=NO_MONEY)

    @property
    def back(self) -> Money:
        """What would come back in the end."""
        return sum((each.back for each in self.rows), start=NO_MONEY)

    def back_by(self, day: date) -> Money:
        """What would have come back by the end of a day."""
        came = (each.back for each in self.rows if each.back_on and has_come(each.back_on, on=day))
        return sum(came, start=NO_MONEY)

    def left_on(self, day: date) -> Money:
        """What the fund would hold at the end of a day."""
        paid = (each.paid for each in self.rows if has_come(each.ask.asked_on, on=day))
        return self.fund.size - sum(paid, start=NO_MONEY) + self.back_by(day)

    @property
    def businesses(self) -> frozenset[object]:
        """The businesses that it would have funded."""
        return frozenset(each.ask.business_id for each in self.funded)


def simulate(asks: Iterable[Sought], fund: Fund) -> Simulated:
    """Offer what was not found to a fund, in the order of days and, within one, of recording. It pays each that fits its rules and that
    it has the money for on that day; what comes back on that day can be paid out again.
    """
    return _paid_out(_offers(asks, fund), fund)


def _offers(asks: Iterable[Sought], fund: Fund) -> list[Ruled]:
    """Each ask that was not found as the rules alone have it, whatever money there is."""
    order = sorted((each for each in asks if each.is_unmet), key=lambda each: (each.asked_on, each.number))
    return [_offer(each, fund) for each in order]


def _offer(ask: Sought, fund: Fund) -> Ruled:
    ticket = ticket_of(ask.missing, match=fund.match)
    fate = _fate(ask, fund, ticket)
    back = Money(ticket.pence * fund.back.get(ask.instrument, 0) // 100) if fate is Fate.FUNDED else NO_MONEY
    return Ruled(ask, fate, ticket, NO_MONEY, back, add_months(ask.asked_on, fund.months) if back else None)


def _paid_out(offers: Sequence[Ruled], fund: Fund) -> Simulated:
    """What the money of a fund allows of these offers, one after another."""
    rows: list[Ruled] = []
    free, coming = fund.size, list[tuple[date, int]]()
    for each in offers:
        while coming and coming[0][0] <= each.ask.asked_on:
            free += Money(heappop(coming)[1])
        is_short = each.fate is Fate.FUNDED and each.ticket > free
        ruled = Ruled(each.ask, Fate.NO_MONEY, each.ticket, free) if is_short else replace(each, free=free)
        rows.append(ruled)
        free -= ruled.paid
        if ruled.back_on is not None:
            heappush(coming, (ruled.back_on, ruled.back.pence))
    return Simulated(fund, tuple(rows))


def ticket_of(missing: Money, *, match: int) -> Money:
    """The fund's share of what is missing, to the penny below."""
    return Money(missing.pence * (100 - match) // 100)


def _fate(ask: Sought, fund: Fund, ticket: Money) -> Fate:
    """What the rules alone say: the first that an ask breaks, in the order of the page."""
    tests = (
        (Fate.OTHER_MEDIUM, ask.medium not in fund.media),
        (Fate.OTHER_INSTRUMENT, ask.instrument not in fund.instruments),
        (Fate.NO_AMOUNT, ask.amount is None),
        (Fate.TOO_SMALL, ticket < fund.smallest or not ticket),
        (Fate.TOO_LARGE, ticket > fund.largest),
    )
    return next((fate for fate, breaks in tests if breaks), Fate.FUNDED)


def sizes_of(asks: Sequence[Sought], fund: Fund) -> list[Simulated]:
    """The same rules with each size of fund, from £1m to £20m."""
    offers = _offers(asks, fund)
    return [_paid_out(offers, replace(fund, size=size)) for size in SIZES]


def told_apart(found: Sequence[Simulated]) -> list[bool]:
    """Which of several results over the same asks people outside may read: each funds nobody or five businesses, leaves nobody
    or five without, and so differs from every other that they read.
    """
    everyone = frozenset(row.ask.business_id for each in found for row in each.rows)
    shown: list[frozenset[object]] = [everyone]
    told = []
    for each in found:
        kept = each.businesses
        differences = [kept, *(kept ^ other for other in shown)]
        is_told = all(not some or len(some) >= FEWEST_TOLD for some in differences)
        told.append(is_told)
        if is_told:
            shown.append(kept)
    return told
