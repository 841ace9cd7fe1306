"""Who can be chosen, over whom, and how far the money goes by rank."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from uuid import UUID

from crm.kernel.money import NO_MONEY, Money
from crm.programme.cohort.rules.groups import Dimension

NOBODY = UUID(int=0)
Groups = Mapping[Dimension, tuple[str, ...]]
"""By each dimension, the groups that an application belongs to; none where it is not known."""


@dataclass(frozen=True)
class Candidate:
    """A ranked application as cohorts are built from it. ``rank`` is None where its total does not count yet.

    ``fails`` names each threshold that it is below; those that tie share a rank.
    """

    id: UUID
    reference: str
    name: str
    rank: int | None
    percent: Fraction | None
    asked_for: Money | None
    total: str = ""
    fails: tuple[str, ...] = ()
    is_tied: bool = False
    why: str = ""
    groups: Groups = field(default_factory=dict)
    by_criterion: Mapping[str, Fraction | None] = field(default_factory=dict)
    is_closed: bool = True
    business_id: UUID = NOBODY
    asked_capital: Money | None = None

    @property
    def can_be_chosen(self) -> bool:
        """Whether it can be chosen without an approver's override."""
        return self.rank is not None and not self.fails

    @property
    def sum(self) -> Money:
        """What it asks for; nothing where that is not known."""
        return self.asked_for or NO_MONEY

    @property
    def capital(self) -> Money:
        """The part of that for capital; nothing where its round does not ask."""
        return self.asked_capital or NO_MONEY


def total_score(totals: Iterable[Fraction | None]) -> Fraction:
    """What the totals of a choice add up to, exactly: this is what a proposal makes as high as it can be.

    An application counts with its whole total, whatever it is awarded; one without a total adds nothing.
    """
    return sum((each for each in totals if each is not None), start=Fraction())


def passed_over(
    one: Candidate, candidates: Iterable[Candidate], *, chosen: Collection[UUID]
) -> list[Candidate]:
    """Those that rank as high or higher, could be chosen, and are not: choosing ``one`` over them needs a reason."""
    if one.rank is None:
        return []
    return [
        each
        for each in candidates
        if each.id != one.id
        and each.id not in chosen
        and each.can_be_chosen
        and each.rank is not None
        and each.rank <= one.rank
    ]


def needing_a_reason(candidates: Sequence[Candidate], *, chosen: Collection[UUID]) -> set[UUID]:
    """Those that `passed_over` finds others for, of candidates in order of rank: in one pass, however many there are."""
    left = [each for each in candidates if each.can_be_chosen and each.id not in chosen][:2]
    return {
        each.id
        for each in candidates
        for other in [one for one in left if one.id != each.id][:1]
        if each.rank is not None and other.rank is not None and other.rank <= each.rank
    }
