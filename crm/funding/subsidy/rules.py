"""Minimal financial assistance: what counts on a day, what still fits, and who is counted together.

Subsidy Control Act 2022 sections 36 and 37. The window is the elapsed part of this financial year and the two before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from crm.kernel.calendar import FinancialYear, add_months
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.text import series

YEARS_BEFORE = 2
MOST_GIVEN = Money.pounds(10_000_000)
"""The most that is recorded as one subsidy: more than thirty times the limit is a slip of the keyboard."""
MONTHS_TO_PUBLISH = 3
"""Within three months of the decision being confirmed (section 36(4))."""


MONTHS_AHEAD = 36
"""How far ahead a subsidy can be prepared: a later day is a slip of the keyboard."""


class SubsidyKind(StrEnum):
    """Where a subsidy comes from: our award, another that the business told us of, or our help at its cash equivalent."""

    OURS = "ours"
    DECLARED = "declared"
    IN_KIND = "in_kind"


class Regime(StrEnum):
    """Under which rules it was given. All of these count against the one limit."""

    MFA = "mfa"
    SPEI = "spei"
    DE_MINIMIS = "de_minimis"
    SMALL_AMOUNTS = "small_amounts"


KINDS = {
    SubsidyKind.OURS: "Ours",
    SubsidyKind.DECLARED: "Declared by the business",
    SubsidyKind.IN_KIND: "Help in kind",
}
REGIMES = {
    Regime.MFA: "Minimal financial assistance",
    Regime.SPEI: "Services of public economic interest assistance",
    Regime.DE_MINIMIS: "EU de minimis aid",
    Regime.SMALL_AMOUNTS: "Small amounts of financial assistance (UK-EU agreement)",
}
STATUSES = {
    "prepared": "To notify",
    "notified": "To be confirmed",
    "confirmed": "To give",
    "given": "Given",
    "issued": "Given, confirmation issued",
    "recorded": "Recorded",
    "cancelled": "Cancelled",
}
SUMS = {"all": "Counts", "to_give": "Counts, not given yet", "later": "Counts later"}
"""The sums of the day that is looked at, besides those of its financial years."""
GOODS = (
    "Help for goods that depends on exporting them, or on using goods made here, cannot be given as minimal financial "
    "assistance (Subsidy Control Act 2022, section 36(6))."
)


@dataclass(frozen=True)
class Gift:
    """A subsidy as the sums need it: on which day it was or will be given, and its gross amount."""

    given_on: date
    amount: Money


LimitOn = Callable[[date], Money]
"""The limit on a day: a dated figure."""


def window(on: date) -> tuple[date, date]:
    """The first and last day that count on a day: from 1 April two financial years back, up to that day."""
    return FinancialYear.of(on).back(YEARS_BEFORE).first_day, on


def counted(gifts: Iterable[Gift], *, on: date) -> Money:
    """What counts on a day."""
    first, last = window(on)
    return sum((each.amount for each in gifts if first <= each.given_on <= last), start=NO_MONEY)


def headroom(gifts: Iterable[Gift], limit_on: LimitOn, *, on: date) -> Money:
    """What could be given on a day: below nought where too much was given.

    What was or will be given later counts too, on its own day: a gift on a day must leave every later one lawful.
    """
    return tightest(gifts, limit_on, on=on)[0]


def tightest(gifts: Iterable[Gift], limit_on: LimitOn, *, on: date) -> tuple[Money, date]:
    """The same, with the day that leaves so little: the day itself, or a later one on which more will count."""
    known = tuple(gifts)
    later = {each.given_on for each in known if each.given_on > on and window(each.given_on)[0] <= on}
    return min((limit_on(day) - counted(known, on=day), day) for day in (on, *sorted(later)))


def largest(gifts: Iterable[Gift], limit_on: LimitOn, *, on: date) -> Money:
    """The largest sum that fits on a day; nothing where there is no headroom."""
    return max(NO_MONEY, headroom(gifts, limit_on, on=on))


def why_too_much(amount: Money, room: Money, *, limit: Money) -> str | None:
    """Why a subsidy does not fit, with the largest that does (P38)."""
    if amount <= room:
        return None
    fits = max(NO_MONEY, room)
    return (
        f"{amount.in_full()} is {(amount - fits).in_full()} more than fits under the limit of {limit.in_full()}: "
        f"{fits.in_full()} is the most that can be given on that day."
    )


def why_taken(amount: Money, room: Money, *, decided: Money, about: Sequence[str]) -> str | None:
    """Why a subsidy would take the room of awards that were decided before, with what to do."""
    left = max(NO_MONEY, room - decided)
    if amount <= left:
        return None
    return (
        f"{amount.in_full()} takes room that is decided for {series(about)}: {decided.in_full()} was awarded and is not offered yet, "
        f"so {left.in_full()} can still be given. Enter that or less, or withdraw or lower the award first."
    )


@dataclass(frozen=True)
class Year:
    """What was given in one financial year of the window, and the day from which it no longer counts."""

    year: FinancialYear
    amount: Money
    falls_out_on: date


def years(gifts: Iterable[Gift], *, on: date) -> list[Year]:
    """The three financial years that count on a day, the oldest first: each falls out whole on a 1 April."""
    known, this = tuple(gifts), FinancialYear.of(on)
    found = []
    for back in range(YEARS_BEFORE, -1, -1):
        year = this.back(back)
        amount = counted((each for each in known if FinancialYear.of(each.given_on) == year), on=on)
        found.append(Year(year, amount, year.back(-(YEARS_BEFORE + 1)).first_day))
    return found


def publish_by(confirmed_on: date) -> date:
    """The last day to enter a subsidy over the threshold in the national database."""
    return add_months(confirmed_on, MONTHS_TO_PUBLISH)


def enterprises(numbers: Mapping[UUID, Iterable[str]]) -> dict[UUID, frozenset[UUID]]:
    """Which businesses are one enterprise: those that share a company number, their own or a parent's, however far."""
    found: dict[UUID, frozenset[UUID]] = {}
    holders: dict[str, set[UUID]] = {}
    for business_id, own in numbers.items():
        group = {business_id}.union(*(holders.get(number, set()) for number in own))
        for each in tuple(group):
            group |= found.get(each, frozenset())
        together = frozenset(group)
        for each in together:
            found[each] = together
        for number in (number for member in together for number in numbers[member]):
            holders.setdefault(number, set()).update(together)
    return found
