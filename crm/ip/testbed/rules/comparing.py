"""How ready the businesses of a project were before it, and are now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from crm.diagnostics.rules.comparing import middle


@dataclass(frozen=True)
class Pair:
    """A business's part with its result before it joined and its latest one. None where there is no such result."""

    part: Any
    before: Any
    now: Any

    @property
    def change(self) -> int | None:
        """How many tenths of a point its score rose; None where there is no result of both times."""
        return self.now.score - self.before.score if self.before and self.now else None


@dataclass(frozen=True)
class Moved:
    """The businesses with a result of both times: medians in whole points, and how many rose, stayed and fell."""

    count: int
    before: int
    now: int
    higher: int
    same: int
    lower: int


def pair_of(part: Any, checks: Sequence[Any]) -> Pair:
    """The last result up to the moment at which a business joined, else its first since; and its latest after that."""
    earlier = [each for each in checks if part.answered_at is None or each.finished_at <= part.answered_at]
    before = earlier[-1] if earlier else checks[0] if checks else None
    now = checks[-1] if checks and checks[-1] is not before else None
    return Pair(part, before, now)


def moved(pairs: Iterable[Pair]) -> Moved | None:
    """The pairs in sum; None where no business has a result of both times."""
    both = [each for each in pairs if each.change is not None]
    if not both:
        return None
    changes = [each.change or 0 for each in both]
    return Moved(
        count=len(both),
        before=middle(each.before.score for each in both),
        now=middle(each.now.score for each in both),
        higher=sum(each > 0 for each in changes),
        same=sum(each == 0 for each in changes),
        lower=sum(each < 0 for each in changes),
    )
