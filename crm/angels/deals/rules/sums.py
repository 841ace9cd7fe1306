"""What a raise has: waiting, pledged, committed and completed, never added to one another; and its room."""

from __future__ import annotations

from dataclasses import dataclass

from crm.kernel.money import NO_MONEY, Money


@dataclass(frozen=True)
class Sums:
    """The sums of a raise, each apart. ``reported`` is what one side reported, or both differently; ``room`` what is left.

    ``pledged`` and ``committed`` are without what is reported as invested: with ``room`` the sums, but for the waiting list,
    add up to what is sought.

    ``investors`` is how many different investors have pledged or committed; names of none.
    """

    target: Money
    taken: Money
    waiting: Money = NO_MONEY
    offered: Money = NO_MONEY
    pledged: Money = NO_MONEY
    committed: Money = NO_MONEY
    reported: Money = NO_MONEY
    completed: Money = NO_MONEY
    investors: int = 0

    @property
    def room(self) -> Money:
        """What can still be pledged."""
        return self.target - self.taken if self.taken < self.target else NO_MONEY

    @property
    def invested(self) -> Money:
        """What was reported and not reversed: what a raise that closes has raised."""
        return self.reported + self.completed

    @property
    def is_empty(self) -> bool:
        """Whether nobody has pledged or invested anything."""
        return not (self.waiting or self.taken)
