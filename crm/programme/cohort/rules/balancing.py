"""How a choice is spread over areas, sub-sectors, stages and strands, and whether it meets what was aimed at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from crm.kernel.measures import in_percent
from crm.kernel.money import NO_MONEY, Money
from crm.programme.cohort.rules.choosing import Candidate
from crm.programme.cohort.rules.groups import Dimension, Measure
from crm.programme.cohort.rules.labels import (
    DIMENSIONS,
    MEASURES,
    NOT_KNOWN,
    group_in_words,
    nearest_hundredth,
)

Chosen = Mapping[UUID, Money]
"""What is chosen: the award of each application by its id."""
OFFERED = 3
ELSEWHERE = "Elsewhere, or not known"
"""As the map of awards calls what lies in no area of the region."""


@dataclass(frozen=True)
class Aim:
    """At least ``least`` hundredths of a per cent for a group or, ``is_outside``, for everyone known to be in another."""

    dimension: Dimension
    value: str
    is_outside: bool
    measure: Measure
    least: int

    def counts(self, one: Candidate) -> bool:
        """Whether an application counts towards it. Where its group is not known, it counts for neither side."""
        known = one.groups.get(self.dimension, ())
        return bool(known) and (self.value in known) is not self.is_outside

    @property
    def words(self) -> str:
        """As it is read: "at least 30% of the money outside Birmingham"."""
        kind = DIMENSIONS[self.dimension].lower()
        return f"At least {in_percent(self.least)} {MEASURES[self.measure]} {self.side} ({kind})"

    @property
    def side(self) -> str:
        """Whom it counts: "to Birmingham", or "outside Birmingham"."""
        return f"{'outside' if self.is_outside else 'to'} {group_in_words(self.dimension, self.value)}"


@dataclass(frozen=True)
class Reached:
    """How far a choice reaches an aim. ``nearest`` are the next ranked that count towards it, each with the share with it."""

    aim: Aim
    share: Fraction
    nearest: tuple[tuple[Candidate, Fraction], ...] = ()

    @property
    def is_met(self) -> bool:
        """Whether the share is at least what was aimed at."""
        return self.share * 10_000 >= self.aim.least

    @property
    def words(self) -> str:
        """The share in per cent."""
        return in_percent(nearest_hundredth(self.share, least=self.aim.least))


def share_of(aim: Aim, chosen: Chosen, *, candidates: Mapping[UUID, Candidate]) -> Fraction:
    """The share of the money or of the awards that counts towards an aim; nought where nothing is chosen."""
    worth = {key: amount.pence if aim.measure is Measure.MONEY else 1 for key, amount in chosen.items()}
    counted = sum(each for key, each in worth.items() if key in candidates and aim.counts(candidates[key]))
    whole = sum(worth.values())
    return Fraction(counted, whole) if whole else Fraction(0)


def reached(aim: Aim, chosen: Chosen, *, candidates: Sequence[Candidate]) -> Reached:
    """How far a choice reaches an aim and, where it does not, the next three ranked that would restore it (P31)."""
    known = {each.id: each for each in candidates}
    share = share_of(aim, chosen, candidates=known)
    found = Reached(aim, share)
    if found.is_met:
        return found
    nearest = [
        each for each in candidates if each.can_be_chosen and each.id not in chosen and aim.counts(each)
    ]
    after = [
        (each, share_of(aim, {**chosen, each.id: each.sum}, candidates=known))
        for each in nearest[:OFFERED]
        if each.sum
    ]
    return Reached(aim, share, tuple(after))


@dataclass(frozen=True)
class Part:
    """What goes to one group: how many awards, how much, and its share of the money in hundredths of a per cent.

    ``value`` is the group's code, as an address names it; empty where the group is not known.
    """

    value: str
    words: str
    count: int
    money: Money
    share: int


def spread(dimension: Dimension, chosen: Chosen, *, candidates: Sequence[Candidate]) -> list[Part]:
    """What goes to each group, the most money first. An application in two sub-sectors counts in both, and in one area only."""
    whole = sum(each.pence for each in chosen.values())
    found: dict[str, list[Money]] = {}
    for each in candidates:
        if each.id in chosen:
            for value in groups_of(each, dimension):
                found.setdefault(value, []).append(chosen[each.id])
    sums = {value: sum(amounts, NO_MONEY) for value, amounts in found.items()}
    shares = shares_of([each.pence for each in sums.values()], whole)
    rows = [
        Part(value, part_in_words(dimension, value), len(found[value]), money, share)
        for (value, money), share in zip(sums.items(), shares, strict=True)
    ]
    return sorted(rows, key=lambda each: (-each.money.pence, each.words))


def groups_of(one: Candidate, dimension: Dimension) -> tuple[str, ...]:
    """The groups in which it counts, an empty one where none is known.

    Of areas it is the first only, as a list that was kept earlier may name each that its postcode touches.
    """
    known = one.groups.get(dimension, ())
    return (known[:1] if dimension is Dimension.AREA else known) or ("",)


def part_in_words(dimension: Dimension, value: str) -> str:
    """A group as the balance calls it."""
    if value:
        return _sentence(group_in_words(dimension, value))
    return ELSEWHERE if dimension is Dimension.AREA else NOT_KNOWN


def marks_of(aims: Iterable[Aim], dimension: Dimension) -> dict[str, tuple[int, str]]:
    """Where the picture of a dimension has the line of a target: on its group, in hundredths of a per cent of the money, with its words.

    Of a target for everyone outside a group it is the most that the group itself can have.
    """
    return {
        _sentence(group_in_words(each.dimension, each.value)): (
            10_000 - each.least if each.is_outside else each.least,
            each.words,
        )
        for each in aims
        if each.dimension is dimension and each.measure is Measure.MONEY
    }


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def shares_of(parts: Sequence[int], whole: int) -> list[int]:
    """The shares of a whole in hundredths of a per cent, each rounded half up: equal parts have equal shares."""
    return [(each * 20_000 + whole) // (2 * whole) if whole else 0 for each in parts]
