"""What may be moved where, whether there is enough of it, and how that is said. Whole pence throughout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from crm.kernel.calendar import FinancialYear, add_months
from crm.kernel.clock import has_come
from crm.kernel.money import MOST_PENCE, NO_MONEY, Money


class Line(StrEnum):
    """What the money of an envelope may be spent on. The limits of the lines add up to the envelope's."""

    CAPITAL = "capital"
    REVENUE = "revenue"
    IN_KIND = "in_kind"


class LedgerAccount(StrEnum):
    """Where money can be. ``FUND`` is outside: what comes from there makes the envelope's limit."""

    FUND = "fund"
    FREE = "free"
    RESERVED = "reserved"
    COMMITTED = "committed"
    CLAIMED = "claimed"
    PAID = "paid"
    RECOVERED = "recovered"


class Movement(StrEnum):
    """Why money was moved from one account to another."""

    RAISE = "raise"
    LOWER = "lower"
    RESERVE = "reserve"
    COMMIT = "commit"
    CLAIM = "claim"
    PAY = "pay"
    RECOVER = "recover"
    RELEASE = "release"
    REVERSE = "reverse"


A, M = LedgerAccount, Movement
MOVES: dict[Movement, tuple[tuple[LedgerAccount, LedgerAccount], ...]] = {
    M.RAISE: ((A.FUND, A.FREE),),
    M.LOWER: ((A.FREE, A.FUND),),
    M.RESERVE: ((A.FREE, A.RESERVED),),
    M.COMMIT: ((A.RESERVED, A.COMMITTED), (A.FREE, A.COMMITTED)),
    M.CLAIM: ((A.COMMITTED, A.CLAIMED),),
    M.PAY: ((A.CLAIMED, A.PAID),),
    M.RECOVER: ((A.PAID, A.RECOVERED),),
    M.RELEASE: ((A.RESERVED, A.FREE), (A.COMMITTED, A.FREE), (A.RECOVERED, A.FREE)),
}
"""From where to where each movement goes. A reversal goes back the way its entry came."""

LINES = {Line.CAPITAL: "Capital", Line.REVENUE: "Revenue", Line.IN_KIND: "In kind"}
ACCOUNTS = {
    A.FUND: "The fund",
    A.FREE: "Free",
    A.RESERVED: "Reserved",
    A.COMMITTED: "Committed, not yet claimed",
    A.CLAIMED: "Claimed, not yet paid",
    A.PAID: "Paid",
    A.RECOVERED: "Recovered",
}
EVER_CLAIMED = (A.CLAIMED, A.PAID, A.RECOVERED)
EVER_COMMITTED = (A.COMMITTED, *EVER_CLAIMED)
"""Where money lies that was committed or claimed once, whatever became of it, until it is released."""
IN_ALL_WORDS = {
    EVER_COMMITTED: "Committed in all, claimed and paid included",
    EVER_CLAIMED: "Claimed in all, paid included",
}
MOVEMENTS = {
    M.RAISE: "Limit raised",
    M.LOWER: "Limit lowered",
    M.RESERVE: "Reserved",
    M.COMMIT: "Committed",
    M.CLAIM: "Claimed",
    M.PAY: "Paid",
    M.RECOVER: "Recovered",
    M.RELEASE: "Released",
    M.REVERSE: "Reversed",
}
REVERSAL_STATUSES = {
    "asked": "To be confirmed",
    "confirmed": "Reversed",
    "refused": "Refused",
    "withdrawn": "Withdrawn",
}
_THERE = {
    A.FUND: "is in the fund",
    A.FREE: "is free",
    A.RESERVED: "is reserved",
    A.COMMITTED: "is committed and not yet claimed",
    A.CLAIMED: "is claimed and not yet paid",
    A.PAID: "is paid",
    A.RECOVERED: "is recovered",
}


@dataclass(frozen=True)
class Subject:
    """What an entry is about: a row of a room above, by its table and id, such as an award."""

    table: str
    id: UUID


@dataclass(frozen=True)
class Posted:
    """One entry as the sums need it."""

    source: LedgerAccount
    target: LedgerAccount
    amount: Money


@dataclass(frozen=True)
class Balances:
    """What lies in each account. The fund's is below nought by what came from it, so that all of them add up to nothing."""

    held: Mapping[LedgerAccount, Money]

    def __getitem__(self, account: LedgerAccount) -> Money:
        return self.held.get(account, NO_MONEY)

    def together(self, accounts: Iterable[LedgerAccount]) -> Money:
        """What lies in some accounts together."""
        return sum((self[each] for each in accounts), start=NO_MONEY)

    @property
    def limit(self) -> Money:
        """What came from the fund."""
        return -self[A.FUND]

    @property
    def committed(self) -> Money:
        """Committed in all: what was claimed, paid or recovered of it counts until it is released."""
        return self.together(EVER_COMMITTED)

    @property
    def taken(self) -> Money:
        """Reserved or committed in all: what a subject has of the envelope."""
        return self[A.RESERVED] + self.committed

    @property
    def claimed(self) -> Money:
        """Claimed in all: what was paid or recovered of it was claimed first."""
        return self.together(EVER_CLAIMED)

    @property
    def paid_net(self) -> Money:
        """Paid and not recovered (P46)."""
        return self[A.PAID]


def balances(posted: Iterable[Posted]) -> Balances:
    """The balance of each account after some entries, or after sums of entries."""
    held = dict.fromkeys(LedgerAccount, NO_MONEY)
    for each in posted:
        held[each.source] -= each.amount
        held[each.target] += each.amount
    return Balances(held)


def why_no_amount(amount: Money) -> str | None:
    """Why an amount cannot be posted, whatever there is."""
    if amount.pence <= 0:
        return "Enter an amount of £0.01 or more"
    if amount.pence > MOST_PENCE:
        return "This amount is too large: the most is £99,999,999,999.99"
    return None


def why_not_enough(amount: Money, have: Money, *, account: LedgerAccount, line: Line) -> str | None:
    """Why an account cannot give an amount: by how much it is more than there is (P27)."""
    if amount <= have:
        return None
    short = (amount - have).in_full()
    return (
        f"{amount.in_full()} is {short} more than {_THERE[account]}: "
        f"{have.in_full()} {_THERE[account]} ({LINES[line].lower()})."
    )


def share_out(amount: Money, reserved: Money) -> tuple[tuple[LedgerAccount, Money], ...]:
    """Where a commitment takes its money: first what was reserved for the same subject, then what is free."""
    first = min(amount, reserved)
    parts = ((A.RESERVED, first), (A.FREE, amount - first))
    return tuple((account, part) for account, part in parts if part)


def why_not_lowered(line: Line, *, to: Money, taken: Money) -> str | None:
    """Why the limit of a line cannot be lowered so far (P29): ``taken`` is committed or reserved of it."""
    if to >= taken:
        return None
    return (
        f"{LINES[line]} cannot be lowered to {to.in_full()}: {taken.in_full()} of it is committed or reserved, "
        f"{(taken - to).in_full()} more than that."
    )


@dataclass(frozen=True)
class Instalment:
    """What is planned to be paid to a subject by a day, with the whole of that day; ``claimed_on`` is when it was claimed."""

    subject: Subject
    on: date
    amount: Money
    claimed_on: date | None = None

    @property
    def expected_on(self) -> date:
        """The day that counts for a forecast: that of the claim, else the day that was planned."""
        return self.claimed_on or self.on


def planned_by(instalments: Iterable[Instalment], *, on: date) -> Money:
    """What was planned to be paid by a day: an instalment counts from its own day on."""
    return sum((each.amount for each in due_by(instalments, on=on)), start=NO_MONEY)


def due_by(instalments: Iterable[Instalment], *, on: date) -> list[Instalment]:
    """The instalments whose day has come, the earliest first."""
    return sorted((each for each in instalments if has_come(each.on, on=on)), key=lambda each: each.on)


def still_to_claim(
    instalments: Iterable[Instalment], *, claimed: Mapping[Subject, Money]
) -> list[Instalment]:
    """What of each instalment is still to be claimed: what a subject claimed covers its earliest instalments first."""
    left, found = dict(claimed), []
    for each in sorted(instalments, key=lambda one: (one.expected_on, str(one.subject.id))):
        covered = min(each.amount, left.get(each.subject, NO_MONEY))
        left[each.subject] = left.get(each.subject, NO_MONEY) - covered
        if each.amount > covered:
            found.append(replace(each, on=each.expected_on, amount=each.amount - covered))
    return found


def covered_of(
    instalments: Iterable[Instalment], *, committed: Mapping[Subject, Money]
) -> dict[Subject, Money]:
    """What is not to be claimed any more of each subject's plan: all of it but what is committed and not yet claimed.

    What was paid back and released is not committed, so it is not expected again.
    """
    planned: dict[Subject, Money] = {}
    for each in instalments:
        planned[each.subject] = planned.get(each.subject, NO_MONEY) + each.amount
    return {one: max(NO_MONEY, amount - committed.get(one, NO_MONEY)) for one, amount in planned.items()}


@dataclass(frozen=True)
class Behind:
    """A subject that claimed less than was planned by a day."""

    subject: Subject
    planned: Money
    claimed: Money

    @property
    def short(self) -> Money:
        """By how much it is behind."""
        return self.planned - self.claimed


def furthest_behind(
    instalments: Sequence[Instalment], *, claimed: Mapping[Subject, Money], on: date
) -> list[Behind]:
    """The subjects that claimed less than was planned by a day, the furthest behind first."""
    planned: dict[Subject, Money] = {}
    for each in instalments:
        if has_come(each.on, on=on):
            planned[each.subject] = planned.get(each.subject, NO_MONEY) + each.amount
    rows = [Behind(one, sum_, claimed.get(one, NO_MONEY)) for one, sum_ in planned.items()]
    return sorted(
        (each for each in rows if each.short > NO_MONEY),
        key=lambda each: (-each.short.pence, str(each.subject.id)),
    )


def by_financial_year(left: Iterable[Instalment], *, on: date) -> list[tuple[FinancialYear, Money]]:
    """What is still to be claimed, by the financial year in which it is due. What is overdue is expected in this one."""
    found: dict[FinancialYear, Money] = {}
    for each in left:
        year = FinancialYear.of(max(each.on, on))
        found[year] = found.get(year, NO_MONEY) + each.amount
    return sorted(found.items())


WIDTH, HEIGHT = 1_000, 300
MOST_MONTHS = 36


@dataclass(frozen=True)
class Month:
    """The end of one month, or today: what the envelope's money had become by then."""

    on: date
    held: Balances


@dataclass(frozen=True)
class Picture:
    """The months so far and the forecast as lines: points of an SVG of 1,000 by 300, and the largest amount at its top."""

    months: Sequence[Month]
    top: Money
    lines: tuple[tuple[str, str, str], ...]
    forecast: Sequence[tuple[date, Money]]

    @property
    def half(self) -> Money:
        """What the line in the middle of the picture stands for."""
        return Money(self.top.pence // 2)


def pictured(months: Sequence[Month], forecast: Sequence[tuple[date, Money]]) -> Picture:
    """The lines of an envelope over time. The forecast goes on from what was paid by the last month."""
    top = max([*(each.held.limit for each in months), *(sum_ for _, sum_ in forecast)], default=NO_MONEY)
    paid = [each.held.paid_net for each in months]
    limits, taken = [each.held.limit for each in months], [each.held.taken for each in months]
    is_reserved = any(each.held[A.RESERVED] for each in months)
    reserved = [("taken", "Reserved and committed", taken, 0)] if is_reserved else []
    drawn = [
        ("limit", "Limit", [*limits, *limits[-1:] * len(forecast)], 0),
        *reserved,
        ("committed", "Committed", [each.held.committed for each in months], 0),
        ("claimed", "Claimed", [each.held.claimed for each in months], 0),
        ("paid", "Paid", paid, 0),
    ]
    if forecast and paid:
        going_on = [paid[-1], *(sum_ for _, sum_ in forecast)]
        drawn.append(("forecast", "Paid, forecast", going_on, len(months) - 1))
    room = len(months) + len(forecast)
    lines = (
        (name, label, points(sums, top, of=room, after=after, is_stepped=name == "limit"))
        for name, label, sums, after in drawn
    )
    return Picture(months, top, tuple(lines), forecast)


def month_ends(first: date, last: date) -> list[date]:
    """The last day of each month from one day to another, and that other day: the newest 36 at most."""
    found, start = [], first.replace(day=1)
    while (following := add_months(start, 1)) <= last:
        found.append(date.fromordinal(following.toordinal() - 1))
        start = following
    return [*found, last][-MOST_MONTHS:]


def months_to_come(first: date, last: date) -> list[date]:
    """The last day of each month after one day, up to another day and with it: 36 at most."""
    found: list[date] = []
    day = add_months(first.replace(day=1), 1)
    while (end := date.fromordinal(day.toordinal() - 1)) < last and len(found) < MOST_MONTHS:
        found += [end] if end > first else []
        day = add_months(day, 1)
    return [*found, last] if last > first else []


def points(sums: list[Money], top: Money, *, of: int = 0, after: int = 0, is_stepped: bool = False) -> str:
    """Where a line runs: from left to right one point for each sum, nought at the bottom.

    It has room for ``of`` points, and begins ``after`` so many. A line that ``is_stepped`` stays until the next point, and
    goes up or down there at once: a limit changes on a day.
    """
    steps = max(1, (of or len(sums)) - 1)
    places = [
        ((place + after) * WIDTH // steps, HEIGHT - (each.pence * HEIGHT // top.pence if top else 0))
        for place, each in enumerate(sums if (of or len(sums)) > 1 else sums * 2)
    ]
    if is_stepped:
        corners = [((x, before), (x, y)) for (_, before), (x, y) in pairwise(places)]
        places = [*places[:1], *(each for pair in corners for each in pair)]
    return " ".join(f"{x},{y}" for x, y in places)
