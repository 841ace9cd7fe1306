"""The best choice under whole limits: a solver's answer rechecked in our own arithmetic, and ties settled in order.

Nothing that a solver says is believed. A choice is added up again in whole numbers, and what no choice can exceed is worked out
from its worths, which prove it whatever they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, gcd, lcm

from crm.gateways.solver import Answer, Problem, Row, Solver, Unsolvable
from crm.programme.cohort.rules.limits import Limit, Option, rows_of

TRIES = 5
LOTS = 2**20
TOGETHER = 2**31
"""Levels of ties are settled together as long as their numbers, made one, stay below this: a float tells them apart."""
FINE = 2**20
"""What a unit of a row is worth is rounded to this part of a unit, so that the bound which it proves is a whole number."""


@dataclass(frozen=True)
class Whole:
    """What is asked, in whole numbers: options in the order of their lots, their totals in units of ``unit`` per cent.

    ``rows`` are by limit. ``levels`` say, one after the other, what decides between equal totals.
    """

    options: tuple[Option, ...]
    totals: tuple[int, ...]
    unit: Fraction
    lots: tuple[int, ...]
    rows: tuple[tuple[Row, ...], ...]
    levels: tuple[tuple[int, ...], ...]

    def problem(self, *, without: Collection[int] = ()) -> Problem:
        """The most total score under every limit, or under all but some."""
        kept = (row for at, rows in enumerate(self.rows) if at not in without for row in rows)
        return Problem(self.totals, tuple(kept))

    def codes(self, places: Collection[int]) -> tuple[str, ...]:
        """Who stands at these places, the highest total first."""
        found = sorted(places, key=lambda place: (-self.totals[place], self.lots[place]))
        return tuple(self.options[place].code for place in found)


@dataclass(frozen=True)
class Checked:
    """An answer after the recheck: a choice that keeps every row, what it comes to, and what no choice exceeds.

    ``bound`` may rest on the solver's word; ``ours`` is what our own arithmetic alone proves, never lower.
    """

    chosen: frozenset[int]
    gain: int
    bound: int
    ours: int

    @property
    def is_proved(self) -> bool:
        """Whether no other comes to more."""
        return self.gain == self.bound


@dataclass(frozen=True)
class Settled:
    """The choice that the tie rule leaves: ``by_lot`` where others are equal to the last, such as ``other``.

    Without ``is_whole`` there was not time enough to carry the tie rule to its end.
    """

    chosen: frozenset[int]
    by_lot: bool = False
    other: frozenset[int] = frozenset()
    is_whole: bool = True


def in_whole_numbers(options: Sequence[Option], limits: Sequence[Limit], *, seed: str) -> Whole:
    """Options and limits in whole numbers, in an order that nobody has chosen."""
    drawn = sorted(
        ((lot_of(seed, each.code), each) for each in options), key=lambda each: (each[0], each[1].code)
    )
    ordered = tuple(each for _, each in drawn)
    totals, unit = whole([each.total for each in ordered])
    by_criterion = [whole(shares)[0] for shares in zip(*(each.shares for each in ordered), strict=True)]
    spent = whole([Fraction(-each.asked) for each in ordered])[0]
    rows = tuple(rows_of(each, ordered) for each in limits)
    return Whole(ordered, totals, unit, tuple(lot for lot, _ in drawn), rows, (*by_criterion, spent))


def lot_of(seed: str, code: str) -> int:
    """The lot of an application in a round: drawn from both, so that nobody chooses it and it is the same every time."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{code}".encode()).digest()[:8]) % LOTS


def whole(numbers: Sequence[Fraction]) -> tuple[tuple[int, ...], Fraction]:
    """Fractions as whole numbers of the largest unit that they share, and that unit."""
    by = lcm(*(each.denominator for each in numbers))
    parts = [each.numerator * (by // each.denominator) for each in numbers]
    shared = gcd(*parts) or 1
    return tuple(each // shared for each in parts), Fraction(shared, by)


@dataclass(frozen=True)
class Solving:
    """What solves, and how many seconds it has for each step at most."""

    solver: Solver
    seconds: float

    def best(
        self, problem: Problem, *, start: Collection[int] | None = None, weighed: bool = False
    ) -> Checked | None:
        """The best choice, rechecked; None where no choice keeps every row. Raises `Unsolvable`.

        A choice that breaks a row by less than a solver sees is forbidden, and the solver asked again.
        """
        asked, answer = problem, self.solver.best(problem, seconds=self.seconds, start=start, weighed=weighed)
        for _ in range(TRIES):
            if answer.chosen is None or problem.holds(answer.chosen):
                break
            asked = asked.with_rows(unlike(answer.chosen, len(problem.gains)))
            answer = self.solver.best(asked, seconds=self.seconds, start=start)
        return rechecked(problem, answer)

    def is_possible(self, problem: Problem) -> bool:
        """Whether any choice keeps every row. Raises `Unsolvable` where there was not time enough to say."""
        return self.best(Problem((0,) * len(problem.gains), problem.rows)) is not None


def rechecked(problem: Problem, answer: Answer) -> Checked | None:
    """An answer in our own arithmetic; None where there is nothing to choose. Raises `Unsolvable` where it does not hold.

    The bound is the lower of two: the solver's, rounded to a whole number, which less than half a unit cannot change; and
    what its worths prove by themselves.
    """
    if answer.is_impossible:
        return None
    if answer.chosen is None:
        raise Unsolvable("There was not time enough to find any cohort")
    if not problem.holds(answer.chosen):
        raise Unsolvable("The answer did not keep every limit when it was added up again")
    gain = problem.gain(answer.chosen)
    proved = proved_by(problem, answer.worths)
    bound = proved if answer.bound > proved else floor(answer.bound + 0.5)
    if bound < gain:
        raise Unsolvable("The solver’s bound is lower than the answer it found")
    return Checked(answer.chosen, gain, bound, max(bound, proved))


def proved_by(problem: Problem, worths: Sequence[float]) -> int:
    """What no choice exceeds, by worths of rows: the limits at their worths, and each thing's gain above what it uses.

    True of any worths that are not negative, so that nothing rests on where they come from.
    """
    paid = [max(0, round(each * FINE)) for each in worths] or [0] * len(problem.rows)
    left = [gain * FINE for gain in problem.gains]
    for price, row in zip(paid, problem.rows, strict=True):
        for place, weight in row.weights:
            left[place] -= price * weight
    limits = sum(price * row.most for price, row in zip(paid, problem.rows, strict=True))
    return (limits + sum(each for each in left if each > 0)) // FINE


def settled(found: Whole, first: Checked, *, solving: Solving) -> Settled:
    """Of the choices that are as good as the first, which is proved best, the one that the tie rule leaves."""
    problem = found.problem().with_rows(at_least(found.totals, first.gain))
    chosen = first.chosen
    try:
        if _another(problem, chosen, solving=solving) is None:
            return Settled(chosen)
        for gains in packed(found.levels):
            problem, chosen = _step(Problem(gains, problem.rows), chosen, solving=solving)
        other = _another(problem, chosen, solving=solving)
        if other is None:
            return Settled(chosen)
        _, drawn = _step(Problem(found.lots, problem.rows), chosen, solving=solving)
    except Unsolvable:
        return Settled(first.chosen, is_whole=False)
    return Settled(drawn, by_lot=True, other=chosen if other == drawn else other)


def _step(problem: Problem, start: Collection[int], *, solving: Solving) -> tuple[Problem, frozenset[int]]:
    """The most that equal choices come to on a level, held from here on. Raises `Unsolvable` where it is not proved."""
    reached = solving.best(problem, start=start)
    if reached is None or not reached.is_proved:
        raise Unsolvable("There was not time enough to settle ties")
    return problem.with_rows(at_least(problem.gains, reached.gain)), reached.chosen


def _another(problem: Problem, chosen: Collection[int], *, solving: Solving) -> frozenset[int] | None:
    """A choice that keeps the same rows and is not this one; None where it is proved that there is none."""
    others = Problem((0,) * len(problem.gains), (*problem.rows, unlike(chosen, len(problem.gains))))
    answer = solving.best(others)
    return None if answer is None else answer.chosen


def unlike(chosen: Collection[int], size: int) -> Row:
    """That a choice is not this one."""
    return Row(tuple((place, 1 if place in chosen else -1) for place in range(size)), len(chosen) - 1)


def at_least(gains: Sequence[int], least: int) -> Row:
    """That a choice comes to so much."""
    return Row(tuple((place, -gain) for place, gain in enumerate(gains) if gain), -least)


def packed(levels: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Levels made one where a float still tells their numbers apart: the first counts for more than all of the next."""
    found: list[tuple[int, ...]] = []
    for gains in levels:
        span = sum(abs(each) for each in gains)
        if found and sum(abs(each) for each in found[-1]) * (span + 1) + span < TOGETHER:
            found[-1] = tuple(a * (span + 1) + b for a, b in zip(found[-1], gains, strict=True))
        else:
            found.append(gains)
    return found
