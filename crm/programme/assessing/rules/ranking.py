"""The order of applications: by their totals, ties by the rule that was published, what is incomplete in a group of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby, pairwise
from math import lcm
from operator import itemgetter
from uuid import UUID

from crm.kernel.text import series
from crm.programme.assessing.rules.scoring import Total
from crm.programme.rounds.rules.weights import Weighed, shown
from crm.programme.rounds.workflow import TieRule


@dataclass(frozen=True)
class Standing:
    """How one application stands: how many assessments are in of how many wanted, how many scores are ``stale``, of how
    many parts the scores lie too far ``apart``, and how many are ``moderated``; ``outdated`` of them on other scores than now.
    """

    id: UUID
    total: Total
    handed_in: int
    wanted: int
    stale: int = 0
    apart: int = 0
    moderated: int = 0
    fails: tuple[str, ...] = ()
    outdated: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether it has a total that counts."""
        return self.total.percent is not None and self.handed_in >= self.wanted and not self.stale

    @property
    def in_words(self) -> str:
        """The total or, where it does not count yet, why: never a per cent that could be mistaken for one."""
        if self.handed_in < self.wanted:
            return f"incomplete ({self.handed_in} of {self.wanted} in)"
        if self.stale:
            return f"incomplete ({self.stale} to confirm again)"
        return self.total.in_words


@dataclass(frozen=True)
class Ranked:
    """An application with its rank, from 1; None where it has no total. Those that tie have one rank.

    ``why`` says what decides between it and a neighbour whose total is shown as the same.
    """

    standing: Standing
    rank: int | None
    is_tied: bool = False
    why: str = ""


def ranked(
    standings: Iterable[Standing],
    criteria: Sequence[Weighed],
    *,
    rule: TieRule,
    titles: Mapping[str, str] | None = None,
) -> list[Ranked]:
    """Complete ones by total, the highest first; then those that are incomplete, by how much is in.

    Ties by the weightiest criterion, then the next, if that is the rule. What still ties shares a rank: it is never the
    time of submitting, nor an id, that decides, though ids keep the list in one order. ``titles`` are those of the criteria.
    """
    every = sorted(standings, key=lambda each: str(each.id))
    rows: list[Ranked] = []
    for group in _equal_totals([each for each in every if each.is_complete]):
        for equal in _settled(group, criteria, rule):
            place = len(rows) + 1
            rows += [Ranked(each, place, len(equal) > 1) for each in equal]
    rest = sorted(
        (each for each in every if not each.is_complete),
        key=lambda each: (-each.handed_in, -each.total.scored),
    )
    return [
        *_explained(rows, _heaviest_first(criteria), titles or {}),
        *(Ranked(each, None) for each in rest),
    ]


def _explained(rows: list[Ranked], codes: Sequence[str], titles: Mapping[str, str]) -> list[Ranked]:
    """Those whose total is shown as their neighbour's, with what decides between the two."""
    found = list(rows)
    for at, (one, other) in enumerate(pairwise(rows)):
        first, second = one.standing.total.percent, other.standing.total.percent
        if one.rank == other.rank or first is None or second is None or shown(first) != shown(second):
            continue
        words = (_exactly(first), _exactly(second))
        if first == second:
            words = _decided(one.standing.total, other.standing.total, codes, titles)
        for place, why in zip((at, at + 1), words, strict=True):
            found[place] = replace(found[place], why=f"{found[place].why} {why}".strip())
    return found


def _decided(one: Total, other: Total, codes: Sequence[str], titles: Mapping[str, str]) -> tuple[str, str]:
    """Which criterion decides between two equal totals, with what each has in it: for the first, and for the second."""
    shares = [
        (code, one.by_criterion.get(code) or Fraction(), other.by_criterion.get(code) or Fraction())
        for code in codes
    ]
    at, (code, ahead, behind) = next((at, each) for at, each in enumerate(shares) if each[1] != each[2])
    title = titles.get(code, "one criterion")
    equal = ("The totals", *(f"the shares of “{titles.get(each, 'another')}”" for each in codes[:at]))
    so = f"{series(equal)} are equal. “{title}” decides"
    return (
        f"{so}: {shown(ahead)}% here, {shown(behind)}% in the next.",
        f"{so}: {shown(behind)}% here, {shown(ahead)}% in the one before.",
    )


def _heaviest_first(criteria: Sequence[Weighed]) -> list[str]:
    """The codes of the criteria as ties ask them: the greatest weight first."""
    return [each.code for each in sorted(criteria, key=lambda each: -each.weight)]


def _exactly(percent: Fraction) -> str:
    """A total as the fraction that it is: two that look the same to two places may not be."""
    return f"The exact total is {percent.numerator}/{percent.denominator}, which is {float(percent):.6f}%."


def _equal_totals(complete: list[Standing]) -> list[list[Standing]]:
    """The complete ones in groups of equal totals, the highest first."""
    groups: dict[Fraction, list[Standing]] = defaultdict(list)
    for each in complete:
        groups[each.total.percent or Fraction()].append(each)
    return [groups[percent] for percent in sorted(groups, reverse=True)]


def _settled(group: list[Standing], criteria: Sequence[Weighed], rule: TieRule) -> list[list[Standing]]:
    """Those of equal totals in the order that the tie rule gives them; what still ties is together."""
    if rule is TieRule.PANEL or len(group) == 1:
        return [group]
    by_weight = _heaviest_first(criteria)
    keys = _in_whole_numbers(
        [[each.total.by_criterion.get(code) or Fraction() for code in by_weight] for each in group]
    )
    rows = sorted(zip(keys, group, strict=True), key=itemgetter(0), reverse=True)
    return [[each for _, each in equal] for _, equal in groupby(rows, key=itemgetter(0))]


def _in_whole_numbers(rows: list[list[Fraction]]) -> list[list[int]]:
    """Fractions over the one denominator of all of them, which compare just as they do, and many times faster."""
    by = lcm(*(each.denominator for row in rows for each in row))
    return [[each.numerator * (by // each.denominator) for each in row] for row in rows]


def fails(
    total: Total,
    criteria: Sequence[Weighed],
    *,
    threshold: int,
    least: Mapping[str, int | None],
    titles: Mapping[str, str],
) -> tuple[str, ...]:
    """What keeps an application from being chosen, in words: the least total, and the musts.

    ``threshold`` is in hundredths of a per cent, ``least`` in hundredths of a point of the mean of a criterion's parts.
    """
    if total.percent is None:
        return ()
    found = [f"Below the lowest total of {_plain(threshold)}%"] if total.percent * 100 < threshold else []
    for each in criteria:
        must, share = least.get(each.code), total.by_criterion.get(each.code)
        if must is None or share is None:
            continue
        mean = share / each.weight * 100 * each.highest
        if mean * 100 < must:
            found.append(f"Below {_plain(must)} of {each.highest} on {titles[each.code]}")
    return tuple(found)


def _plain(hundredths: int) -> str:
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02}".rstrip("0") if rest else str(whole)
