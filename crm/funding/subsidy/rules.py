"""Minimal financial assistance: what counts on a day, what still fits, and who is counted together.

Subsidy Control Act 2022 sections 36 and 37. The window is the elapsed part of this financial year and the two before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from crm.kernel.calendar import FinancialYear, add_months, day_in_words
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
    """Under which rules it was given.

    All of these count against the limit of minimal financial assistance (Subsidy Control Act 2022, section 36(1)), under which alone
    we give. What others give as SPEI assistance has a higher limit of its own (section 38), which is theirs to keep (decision 0144).
    """

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

ONLY_MFA = "We give minimal financial assistance only. Assistance for services of public economic interest has a limit of its own"


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


@dataclass(frozen=True)
class Part:
    """A sum that is taken off a limit: its words, and the place on the page of subsidies that lists it, as on a day."""

    words: str
    amount: Money
    place: str
    on: date | None


@dataclass(frozen=True)
class Room:
    """The businesses of one enterprise, and what still fits for them together on a day.

    "Given or promised" has one meaning (decision 0122): what counts on ``until``, the day that leaves least. That is the day itself,
    or a later one on which more will count: ``planned`` is what is given after the day until then. ``decided`` is what was decided
    and is not in the register yet (decision 0114).
    """

    members: frozenset[UUID]
    limit: Money
    counted: Money
    decided: Money = NO_MONEY
    planned: Money = NO_MONEY
    until: date | None = None

    @property
    def left(self) -> Money:
        """What can still be given: below nought where more is taken than the limit."""
        return self.limit - self.counted - self.decided

    @property
    def fits(self) -> Money:
        """The most that can still be given."""
        return max(NO_MONEY, self.left)

    @property
    def given_words(self) -> str:
        """What of the register takes room, as every page calls it."""
        return f"given or promised by {self._day}" if self.planned else "given or promised"

    @property
    def parts(self) -> list[Part]:
        """What is taken off the limit. All of them with what fits come to the limit, where it is not passed."""
        found = [Part(self.given_words, self.counted, "subsidies", self.until)]
        return (
            [*found, Part("decided and not offered yet", self.decided, "decided", None)]
            if self.decided
            else found
        )

    @property
    def later_words(self) -> str:
        """What later help takes, in a sentence; nothing where none does."""
        if not self.planned:
            return ""
        return (
            f"Later help uses some of this room: {self.planned.in_full()} more counts by {self._day}, "
            f"{self.counted.in_full()} in all on that day."
        )

    @property
    def _day(self) -> str:
        return day_in_words(self.until) if self.until else "then"


@dataclass(frozen=True)
class Fit:
    """Whether a sum can be given to a business on a day, beside all that is given, prepared or decided for its enterprise.

    ``room`` is what is left without the sum itself, and ``about`` what was decided and is not offered yet. ``told`` is the room as
    far as businesses know of it. ``opens_on`` is the first day of a later financial year on which the sum fits.
    """

    amount: Money
    limit: Money
    room: Room
    told: Room
    about: tuple[str, ...] = ()
    opens_on: date | None = None

    @property
    def over(self) -> Money | None:
        """By how much the limit is passed with it; None where it fits."""
        over = self.amount - self.room.left
        return over if over > NO_MONEY else None

    @property
    def why(self) -> str | None:
        """Why it does not fit, for staff: with the sums, and the awards whose room it would take."""
        return why_taken(self.amount, self.room, about=self.about) or self._why_too_much(self.room)

    @property
    def why_told(self) -> str | None:
        """The same for a business, which learns of no award that it was not told of (decision 0114)."""
        why = self._why_too_much(self.told)
        awarded = self.told.decided
        also = (
            f" Of the limit, {awarded.in_full()} is awarded to your enterprise and not offered yet."
            if awarded
            else ""
        )
        return f"{why}{also}" if why else (NOT_NOW if self.over else None)

    def _why_too_much(self, room: Room) -> str | None:
        return why_too_much(self.amount, room, limit=self.limit)

    def to_do(self, *, later: str, own: str, until: date | None = None) -> str:
        """What staff can do where it does not fit: give it ``later``, on a day up to ``until``, see to its ``own`` award, or free room."""
        opens = self.opens_on if until is None or (self.opens_on and self.opens_on <= until) else None
        ways = [later.format(day=day_in_words(opens))] if opens and later else []
        ways += [own, *(["lower or withdraw one of the awards named here"] if self.about else [])]
        words = f"{', '.join(ways[:-1])}, or {ways[-1]}" if len(ways) > 1 else ways[0]
        return f"{words[:1].upper()}{words[1:]}."


@dataclass(frozen=True)
class Past:
    """That an award passes the limit of subsidies: ``words`` say so with by how much, and ``do`` what staff can do about it."""

    words: str
    fit: Fit
    do: str

    @property
    def sums(self) -> list[tuple[str, Money]]:
        """What decides it, a sum a line: the award, the limit, what is taken off that, and what is left."""
        room = self.fit.room
        given = f"{room.given_words[:1].upper()}{room.given_words[1:]}"
        found = [("This award", self.fit.amount), ("Limit", room.limit), (given, room.counted)]
        if room.decided:
            found.append((f"Awarded to {series(self.fit.about)} and not offered yet", room.decided))
        return [*found, ("Can still be given", room.fits)]

    @property
    def later(self) -> str:
        """What later help takes, in a sentence; nothing where none does."""
        return self.fit.room.later_words

    def __str__(self) -> str:
        return f"{self.words} {self.fit.why} {self.do}"


NOT_NOW = "It does not fit under the limit of subsidies, as we count it now."


def why_too_much(amount: Money, room: Room, *, limit: Money) -> str | None:
    """Why a subsidy does not fit, with the largest that does (P38), and the later help that takes its room."""
    if amount <= room.left:
        return None
    over, under = (amount - room.left).in_full(), limit.in_full()
    passes = f"{amount.in_full()} is {over} more than fits under the limit of {under}"
    if room.left < NO_MONEY:
        passes = f"With {amount.in_full()} the limit of {under} is passed by {over}"
    return f"{passes}: {room.fits.in_full()} is the most that can be given on that day. {room.later_words}".strip()


def why_taken(amount: Money, room: Room, *, about: Sequence[str]) -> str | None:
    """Why a subsidy would take the room of awards that were decided before; None where nothing is decided."""
    if not about or amount <= room.left:
        return None
    return (
        f"{amount.in_full()} takes room that is decided for {series(about)}: {room.decided.in_full()} was awarded and is not offered yet, "
        f"and {room.counted.in_full()} was {room.given_words}, so {room.fits.in_full()} of {room.limit.in_full()} can still be given. "
        f"{room.later_words}"
    ).strip()


def lower_or_free(room: Room, *, about: Sequence[str]) -> str:
    """What to do about a subsidy of no award, which would take the room of some: enter less, or free their room."""
    first = "the award" if len(about) == 1 else "one of these awards"
    if not room.fits:
        return f"Withdraw or lower {first} first."
    return f"Enter {room.fits.in_full()} or less, or withdraw or lower {first} first."


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
