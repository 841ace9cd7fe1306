"""The money of a cohort: what of a line is committed, reserved, in a draft and free, and what of an award comes from which line.

A cohort is funded from one line of its envelope, or from capital and revenue: then each award has a part of each, as its
application asks, and the parts never make up for each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crm.funding.envelopes.rules import LINES, Line
from crm.kernel.money import NO_MONEY, Money

PARTS = 1_000
"""Into how many parts a picture of the bar is divided."""
SPLIT = (Line.CAPITAL, Line.REVENUE)
"""The lines of a cohort that is funded from both."""
Purse = Mapping[Line, Money]
"""Money by the line that it comes from."""


def lines_of(line: Line | None) -> tuple[Line, ...]:
    """The lines that fund a cohort: its one line or, where it has none, capital and revenue."""
    return SPLIT if line is None else (line,)


def parts_of(amount: Money, capital: Money, *, lines: Iterable[Line]) -> dict[Line, Money]:
    """What of an amount comes from each line: all of it where there is one line, else capital and the rest from revenue."""
    of = tuple(lines)
    if len(of) == 1:
        return {of[0]: amount}
    return {Line.CAPITAL: capital, Line.REVENUE: amount - capital}


def fits(parts: Purse, purse: Purse) -> bool:
    """Whether each part is there in its own line."""
    return all(amount <= purse.get(line, NO_MONEY) for line, amount in parts.items())


def less(purse: Purse, parts: Purse) -> dict[Line, Money]:
    """What is left of a purse after these parts."""
    return {line: amount - parts.get(line, NO_MONEY) for line, amount in purse.items()}


def whole_of(purse: Purse) -> Money:
    """What the parts of a purse come to."""
    return sum(purse.values(), start=NO_MONEY)


@dataclass(frozen=True)
class Bar:
    """The money of an envelope's line beside a draft. ``draft`` is not spent: nothing is promised before it is confirmed.

    Where a cohort has two lines, ``lines`` has the bar of each, and this one is of both together; else ``line`` is its one.
    """

    limit: Money
    committed: Money
    reserved: Money
    draft: Money = NO_MONEY
    lines: Mapping[Line, Bar] = field(default_factory=dict)
    line: Line | None = None

    @property
    def left(self) -> Money:
        """What is free before the draft."""
        return self.limit - self.committed - self.reserved

    @property
    def free(self) -> Money:
        """What would be free after the draft; nothing where it is over."""
        if self.lines:
            return sum((each.free for each in self.lines.values()), start=NO_MONEY)
        return max(NO_MONEY, self.left - self.draft)

    @property
    def over(self) -> Money:
        """By how much the draft is over what is free (P30): what is free in one line never makes up for another."""
        if self.lines:
            return sum((each.over for each in self.lines.values()), start=NO_MONEY)
        return max(NO_MONEY, self.draft - self.left)

    @property
    def widths(self) -> tuple[int, int, int]:
        """How wide committed, reserved and the draft are drawn, of a thousand parts; never more than all of them."""
        whole = max(1, self.limit.pence)
        found, left = [], PARTS
        for each in (self.committed, self.reserved, self.draft):
            width = min(left, max(0, each.pence) * PARTS // whole)
            found.append(width)
            left -= width
        return found[0], found[1], found[2]

    @property
    def over_in_words(self) -> str:
        """By how much it is over: "over by £0.01", or "capital over by £0.01" where there are two lines."""
        if not self.lines:
            return f"over by {in_full(self.over)}"
        rows = ((line, each.over) for line, each in self.lines.items() if each.over)
        return " and ".join(f"{LINES[line].lower()} over by {in_full(sum_)}" for line, sum_ in rows)

    @property
    def short_in_words(self) -> str:
        """Why a draft cannot be confirmed, line by line: what it takes, what is free, and what is short (P27)."""
        if not self.lines:
            return _short("comes to", self, "")
        over = ((line, each) for line, each in self.lines.items() if each.over)
        return " ".join(_short("needs", each, f" of {LINES[line].lower()}") for line, each in over)


def _short(says: str, bar: Bar, of: str) -> str:
    return (
        f"This draft {says} {in_full(bar.draft)}{of}. "
        f"{in_full(bar.left)} is free, so it is over by {in_full(bar.over)}."
    )


def barred(kept: Mapping[Line, Bar]) -> Bar:
    """The bar of a cohort by that of each of its lines: the one, or both together."""
    bars = list(kept.values())
    if len(bars) == 1:
        return bars[0]
    names = ("limit", "committed", "reserved", "draft")
    sums = {name: sum((getattr(each, name) for each in bars), start=NO_MONEY) for name in names}
    return Bar(sums["limit"], sums["committed"], sums["reserved"], sums["draft"], lines=kept)


def in_full(amount: Money) -> str:
    """An amount as tables of money show it, with its pence."""
    sign = "-" if amount.pence < 0 else ""
    return f"{sign}£{abs(amount.pence) // 100:,}.{abs(amount.pence) % 100:02d}"


def said_parts(amount: Money, capital: Money, *, line: Line | None) -> str:
    """An award as it is read: "£130,000 (£80,000 capital, £50,000 revenue)" where it has two parts."""
    if line is not None:
        return str(amount)
    parts = (
        f"{part} {LINES[of].lower()}" for of, part in parts_of(amount, capital, lines=SPLIT).items() if part
    )
    return f"{amount} ({', '.join(parts)})"
