"""What may be moved where, whether there is enough of it, and how that is said. Whole pence throughout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

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

    @property
    def limit(self) -> Money:
        """What came from the fund."""
        return -self[A.FUND]

    @property
    def committed(self) -> Money:
        """Committed in all: what was claimed, paid or recovered of it counts until it is released."""
        return self[A.COMMITTED] + self[A.CLAIMED] + self[A.PAID] + self[A.RECOVERED]

    @property
    def taken(self) -> Money:
        """Reserved or committed in all: what a subject has of the envelope."""
        return self[A.RESERVED] + self.committed

    @property
    def claimed(self) -> Money:
        """Claimed in all: what was paid or recovered of it was claimed first."""
        return self[A.CLAIMED] + self[A.PAID] + self[A.RECOVERED]

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
