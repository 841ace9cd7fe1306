"""The money bar of a cohort: what is committed, reserved, in a draft, and free."""

from __future__ import annotations

from dataclasses import dataclass

from crm.kernel.money import NO_MONEY, Money

PARTS = 1_000
"""Into how many parts a picture of the bar is divided."""


@dataclass(frozen=True)
class Bar:
    """The money of an envelope's line beside a draft. ``draft`` is not spent: nothing is promised before it is confirmed."""

    limit: Money
    committed: Money
    reserved: Money
    draft: Money = NO_MONEY

    @property
    def left(self) -> Money:
        """What is free before the draft."""
        return self.limit - self.committed - self.reserved

    @property
    def free(self) -> Money:
        """What would be free after the draft; nothing where it is over."""
        return max(NO_MONEY, self.left - self.draft)

    @property
    def over(self) -> Money:
        """By how much the draft is over what is free (P30)."""
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


def in_full(amount: Money) -> str:
    """An amount as tables of money show it, with its pence."""
    sign = "-" if amount.pence < 0 else ""
    return f"{sign}£{abs(amount.pence) // 100:,}.{abs(amount.pence) % 100:02d}"
