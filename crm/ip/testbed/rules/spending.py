"""What a project has spent of its budget, in whole pence, and what still fits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from crm.kernel.clock import day_of
from crm.kernel.money import Money, whole_percent


def begun_on(starts_on: date, proposed_at: datetime) -> date:
    """The first day on which a project can have spent: its own, or the day it was proposed where that is earlier."""
    return min(starts_on, day_of(proposed_at))


@dataclass(frozen=True)
class Budget:
    """A budget and what was spent of it."""

    budget: Money
    spent: Money

    @property
    def left(self) -> Money:
        """What can still be spent."""
        return self.budget - self.spent

    @property
    def share(self) -> int:
        """What was spent of it, in whole per cent, never rounded up to all of it."""
        return whole_percent(self.spent, of=self.budget)

    def why_not_spend(self, amount: Money) -> str | None:
        """Why a sum does not fit."""
        if amount <= self.left:
            return None
        return f"This is {(amount - self.left).in_full()} more than is left. Raise the budget first"

    def why_not_lower(self, budget: Money) -> str | None:
        """Why the budget cannot be as low as this."""
        if budget >= self.spent:
            return None
        return f"{self.spent.in_full()} has been spent already. Enter that or more"
