"""Who of the waiting list comes in when money is free: the first whose sum and whose subsidy limit it fits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from crm.funding.envelopes.rules import LINES, Line
from crm.kernel.money import NO_MONEY, Money
from crm.programme.cohort.rules.money import Purse, parts_of, whole_of

Headroom = Callable[[UUID], Money | None]
"""How much subsidy the business of an id can still be given; None where nothing limits it."""


def NO_LIMIT(_business_id: UUID) -> Money | None:  # noqa: N802 a value among functions: nothing limits anybody
    """Nothing limits any business."""
    return None


@dataclass(frozen=True)
class Reserve:
    """An application on the waiting list: ``id`` is that of its decision, ``wanted`` the sum it waits for, and ``capital`` its part for capital;
    ``is_told`` whether its applicant knows that it waits; ``application_id`` is the application that waits.
    """

    id: UUID
    business_id: UUID
    name: str
    place: int
    wanted: Money
    capital: Money = NO_MONEY
    is_told: bool = False
    application_id: UUID | None = None


@dataclass(frozen=True)
class Step:
    """Who is next and with how much, ``capital`` being a part of it, and who was passed with the reason; nobody where nothing fits.

    ``room`` is what it can still be given of subsidy, where there is a limit; ``limited`` are the ids of those passed for that.
    ``is_spent`` says that no money is free at all.
    """

    chosen: Reserve | None = None
    amount: Money | None = None
    capital: Money = NO_MONEY
    passed: tuple[tuple[Reserve, str], ...] = ()
    room: Money | None = None
    limited: frozenset[UUID] = frozenset()
    is_spent: bool = False

    @property
    def shortfall(self) -> str:
        """What lacks for those that were passed: the money, the limit of subsidies, or both."""
        if self.is_spent:
            return "no money is free"
        if not self.limited:
            return "the free money leaves too little"
        is_all = len(self.limited) == len(self.passed)
        return f"the {'' if is_all else 'free money or the '}limit of subsidies leaves too little"

    def why_not(self, one: UUID) -> str:
        """Why nothing is awarded to one that waits, where nobody is next."""
        said = next((f"{each.name} {why}." for each, why in self.passed if each.id == one), "")
        return f"Nobody on the waiting list can be awarded anything now: {self.shortfall}. {said}".strip()

    @property
    def is_partial(self) -> bool:
        """Whether it is less than was wanted."""
        return self.chosen is not None and self.amount is not None and self.amount < self.chosen.wanted

    @property
    def part_in_words(self) -> str:
        """Why it is less than was wanted, as its applicant reads it; nothing where it is all of it."""
        if not self.is_partial:
            return ""
        if self.amount == self.room:
            return f"{self.amount} is what the business can be given today within the limit of subsidies."
        return f"{self.amount} is what became free in the fund."


def next_of(
    reserves: Sequence[Reserve], *, free: Purse, headroom: Headroom = NO_LIMIT, partial: bool = False
) -> Step:
    """The first of the waiting list whose whole sum fits into what is free, line by line, and into its headroom.

    Where the cohort allows a partial award, the first gets what fits, if that is anything; what its headroom does not hold
    comes off revenue first.
    """
    passed: list[tuple[Reserve, str]] = []
    limited: list[UUID] = []
    for each in sorted(reserves, key=lambda one: one.place):
        room = headroom(each.business_id)
        wanted = parts_of(each.wanted, each.capital, lines=free)
        fitting = whole_of({line: min(part, free[line]) for line, part in wanted.items()})
        fitting = fitting if room is None else min(fitting, room)
        if fitting == each.wanted or (partial and fitting.pence > 0):
            capital = min(each.capital, free.get(Line.CAPITAL, NO_MONEY), fitting)
            return Step(each, fitting, capital, tuple(passed), room, frozenset(limited))
        why = _why_short(each, free)
        passed.append((each, why or f"asks for {each.wanted}, and can be given {room} of subsidy"))
        limited += [] if why else [each.id]
    return Step(passed=tuple(passed), limited=frozenset(limited), is_spent=not any(free.values()))


def _why_short(one: Reserve, free: Purse) -> str | None:
    """Of which line of the money too little is free for one; None where its limit of subsidies is what passes it."""
    for line, part in parts_of(one.wanted, one.capital, lines=free).items():
        if part > free[line]:
            of = f" of {LINES[line].lower()}" if len(free) > 1 else ""
            return f"asks for {part}{of}, and {free[line]} is free"
    return None


def words_of(step: Step) -> str:
    """Why just this one was promoted, for the record."""
    found = [f"{each.name} was passed: {why}." for each, why in step.passed]
    if step.is_partial and step.chosen is not None:
        found.append(f"{step.amount} of the {step.chosen.wanted} asked for is free.")
    return " ".join(found) or "First on the waiting list."
