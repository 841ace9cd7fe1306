"""How much of an income its rights protect: in whole pence, and as a range where two may protect the same part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crm.kernel.money import NO_MONEY, Money, whole_percent

WHOLE = 100
SAME_PART = "its rights may protect the same part"
NOT_SURE = "a right has gaps, or its renewal is late"
NEEDS_REGISTER = frozenset({"patent", "domain"})
"""What protects nothing before it is registered. A design, a mark or a work has some protection without."""


@dataclass(frozen=True)
class Shield:
    """A right as far as it protects an income: which share of it in whole per cent, and whether it protects today."""

    title: str
    kind: str
    status: str
    share: int
    is_overdue: bool = False
    gaps: tuple[str, ...] = ()

    @property
    def why_not(self) -> str:
        """Why it protects nothing today; empty where it does."""
        if self.status == "lapsed":
            return "It has lapsed, so it protects nothing"
        if self.status == "applied_for":
            return "It is applied for, and protects nothing until it is registered"
        is_bare = self.kind in NEEDS_REGISTER and self.status == "unregistered"
        return "It is not registered, so it protects nothing" if is_bare else ""

    @property
    def holds(self) -> bool:
        """Whether it protects today."""
        return not self.why_not

    @property
    def is_sure(self) -> bool:
        """Whether it protects today for sure: nothing is missing from its title, and its renewal is not late."""
        return self.holds and not self.gaps and not self.is_overdue

    @property
    def warning(self) -> str:
        """What to do about it: it does not hold, its renewal date has passed, or something is missing from its title."""
        late = "Its renewal date has passed: check that it still holds" if self.is_overdue else ""
        return self.why_not or ". ".join(filter(None, (late, *self.gaps)))


@dataclass(frozen=True)
class Cover:
    """What is protected of a sum, at least and at most.

    The two differ where rights may protect the same part of it, or where it is not sure that a right protects it.
    """

    turnover: Money
    least: Money
    most: Money
    why: tuple[str, ...] = ()

    @property
    def gap_least(self) -> Money:
        """What nothing protects, if the rights protect different parts."""
        return self.turnover - self.most

    @property
    def gap_most(self) -> Money:
        """What nothing protects, if they protect the same part."""
        return self.turnover - self.least

    @property
    def widths(self) -> tuple[int, int]:
        """What is protected for sure and perhaps, in thousandths, for a picture."""
        if self.turnover.pence == 0:
            return 0, 0
        sure = self.least.pence * 1_000 // self.turnover.pence
        return sure, self.most.pence * 1_000 // self.turnover.pence - sure


def cover_of(turnover: Money, shields: Iterable[Shield]) -> Cover:
    """What rights protect of an income. Parts of a penny count as not protected."""
    holding = [each for each in shields if each.holds]
    at_most = min(sum(each.share for each in holding), WHOLE)
    at_least = max((each.share for each in holding if each.is_sure), default=0)
    doubts = (
        (SAME_PART, at_most > max((each.share for each in holding), default=0)),
        (NOT_SURE, any(not each.is_sure for each in holding)),
    )
    why = tuple(words for words, is_so in doubts if is_so)
    return Cover(turnover, _part(turnover, at_least), _part(turnover, at_most), why)


def _part(turnover: Money, share: int) -> Money:
    return Money(turnover.pence * share // WHOLE)


def sum_of(covers: Iterable[Cover]) -> Cover:
    """Several incomes together."""
    known = list(covers)
    return Cover(
        sum((each.turnover for each in known), NO_MONEY),
        sum((each.least for each in known), NO_MONEY),
        sum((each.most for each in known), NO_MONEY),
    )


def gap_in_words(name: str, cover: Cover) -> str:
    """What nothing protects of an income, said plainly; empty where all of it is protected."""
    least, most = cover.gap_least, cover.gap_most
    if most == NO_MONEY:
        return ""
    if least == most:
        return f"Nothing protects {most.in_full()} of “{name}”"
    why = "; ".join(cover.why)
    if least == NO_MONEY:
        return f"Up to {most.in_full()} of “{name}” may not be protected: {why}"
    return f"Between {least.in_full()} and {most.in_full()} of “{name}” is not protected: {why}"


def share_in_words(part: Money, whole: Money | None) -> str:
    """A sum as a share of another, in whole per cent; empty where the other is not known."""
    if whole is None or whole.pence == 0:
        return ""
    return f"{whole_percent(part, of=whole)}%"
