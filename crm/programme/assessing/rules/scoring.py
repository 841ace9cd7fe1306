"""What scores come to, exactly: a total is Σ weight × mean over parts of (mean over assessors of score ÷ highest).

Everything is a fraction of whole numbers and rounded once, where it is shown. What is missing is not nought: a total with
a part that nobody scored is no total. A score that was moderated stands in the place of its part's mean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from crm.programme.rounds.rules.weights import Weighed, shown

Key = tuple[str, str]
"""A part of a criterion: the criterion's code and the words of the part."""


def part_names(parts: Iterable[tuple[Key, str]]) -> dict[Key, str]:
    """How each part is called, given its key and the title of its criterion: with the title where another is called so."""
    known = list(parts)
    counts = Counter(part for (_, part), _ in known)
    return {key: key[1] if counts[key[1]] == 1 else f"{key[1]} ({title})" for key, title in known}


@dataclass(frozen=True)
class Total:
    """What an application came to: ``percent`` is None as long as a part has no score. ``scored`` of ``parts`` have one."""

    percent: Fraction | None
    scored: int
    parts: int
    by_criterion: Mapping[str, Fraction | None]

    @property
    def in_words(self) -> str:
        """As it is shown: "67.25%", or "incomplete (2 of 3)"."""
        if self.percent is None:
            return f"incomplete ({self.scored} of {self.parts})"
        return f"{shown(self.percent)}%"


@dataclass(frozen=True)
class Tally:
    """The scores of one part, added up: enough for their mean and for how far they lie apart."""

    count: int
    sum: int
    lowest: int
    highest: int

    @classmethod
    def of(cls, scores: Collection[int]) -> Tally:
        """The tally of some scores, one at least."""
        return cls(len(scores), sum(scores), min(scores), max(scores))

    @property
    def mean(self) -> Fraction:
        """Their mean, exact."""
        return Fraction(self.sum, self.count)

    @property
    def code(self) -> str:
        """The scores added up in one word: what a moderation was made on."""
        return f"{self.count}:{self.sum}:{self.lowest}:{self.highest}"

    @property
    def spread(self) -> int:
        """How far they lie apart: one alone, not at all."""
        return self.highest - self.lowest


def total_of(
    criteria: Iterable[Weighed], tallies: Mapping[Key, Tally], *, moderated: Mapping[Key, int] | None = None
) -> Total:
    """The total of an application from the scores that were submitted, by criterion and part; drafts never come here."""
    shares: dict[str, Fraction | None] = {}
    scored = parts = 0
    settled = moderated or {}
    for each in criteria:
        known = [
            got for part in each.parts if (got := _given((each.code, part), tallies, settled)) is not None
        ]
        scored, parts = scored + len(known), parts + len(each.parts)
        shares[each.code] = _share(each, known) if len(known) == len(each.parts) else None
    whole = [share for share in shares.values() if share is not None]
    percent = _together(whole) if parts and len(whole) == len(shares) else None
    return Total(percent, scored, parts, shares)


def _given(key: Key, tallies: Mapping[Key, Tally], settled: Mapping[Key, int]) -> tuple[int, int] | None:
    """What stands for a part, as points and by how many they are shared."""
    if key in settled:
        return settled[key], 1
    return (tallies[key].sum, tallies[key].count) if key in tallies else None


def _share(criterion: Weighed, known: Sequence[tuple[int, int]]) -> Fraction:
    """What a criterion adds to the total, in per cent: whole numbers first, and one fraction at the end."""
    points, by = known[0] if len(known) == 1 else _added(known)
    return Fraction(points * criterion.weight, by * 100 * len(criterion.parts) * criterion.highest)


def _added(known: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Points that are shared by different numbers, over one number."""
    by = lcm(*(count for _, count in known))
    return sum(total * (by // count) for total, count in known), by


def _together(shares: Sequence[Fraction]) -> Fraction:
    """A sum of fractions, over one denominator."""
    by = lcm(*(each.denominator for each in shares))
    return Fraction(sum(each.numerator * (by // each.denominator) for each in shares), by)


def to_moderate(tallies: Mapping[Key, Tally], *, threshold: int, settled: Collection[Key]) -> list[Key]:
    """The parts whose scores lie further apart than the threshold, and were not moderated yet."""
    return [key for key, tally in tallies.items() if tally.spread > threshold and key not in settled]
