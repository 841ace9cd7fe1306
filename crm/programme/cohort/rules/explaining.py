"""What a limit costs, why an application is left out, and which limits cannot be kept together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from crm.gateways.solver import Problem, Unsolvable
from crm.programme.cohort.rules.optimum import Checked, Solving, Whole, at_least

MOST_TOGETHER = 2
Done = Callable[[], None]
"""Called after each step."""


@dataclass(frozen=True)
class Cost:
    """What a limit costs in total score: without it ``gain`` more, and these would come in and those go out.

    ``gain`` is None where it could not be worked out in time; without ``is_proved`` it is this much at least.
    """

    limit: int
    gain: Fraction | None
    comes_in: tuple[str, ...] = ()
    goes_out: tuple[str, ...] = ()
    is_proved: bool = True


def cost_of(found: Whole, limit: int, *, chosen: frozenset[int], solving: Solving) -> Cost:
    """What one limit costs: the best without it, and of these cohorts the one that differs least from what is proposed."""
    if not found.rows[limit]:
        return Cost(limit, Fraction())
    free = found.problem(without={limit})
    try:
        reached = solving.best(free, start=chosen, weighed=True)
        if reached is None or reached.gain < free.gain(chosen):
            return Cost(limit, None)
        instead = _nearest(free, reached, chosen, solving=solving)
    except Unsolvable:
        return Cost(limit, None)
    gain = (reached.gain - free.gain(chosen)) * found.unit
    return Cost(limit, gain, found.codes(instead - chosen), found.codes(chosen - instead), reached.is_proved)


def _nearest(free: Problem, reached: Checked, chosen: frozenset[int], *, solving: Solving) -> frozenset[int]:
    """Of the choices that are as good as one that was reached, the one that differs least from what is proposed."""
    if reached.gain == free.gain(chosen):
        return chosen
    alike = tuple(1 if place in chosen else -1 for place in range(len(free.gains)))
    equal = Problem(alike, (*free.rows, at_least(free.gains, reached.gain)))
    found = solving.best(equal, start=reached.chosen)
    return reached.chosen if found is None else found.chosen


def reasons_out(found: Whole, chosen: frozenset[int]) -> dict[str, tuple[int, ...]]:
    """For each application that is not chosen, the limits that would break if it were simply added.

    A best cohort has a reason for everybody with any score: one that could be added would have been.
    """
    return {
        found.options[place].code: _broken(found, chosen | {place})
        for place in range(len(found.options))
        if place not in chosen
    }


def _broken(found: Whole, chosen: Collection[int]) -> tuple[int, ...]:
    return tuple(at for at, rows in enumerate(found.rows) if not all(row.holds(chosen) for row in rows))


def conflicts(found: Whole, *, solving: Solving, done: Done) -> tuple[tuple[int, ...], ...]:
    """Where no cohort keeps every limit: the smallest sets of limits without which one does, of two limits at most."""
    for size in range(1, MOST_TOGETHER + 1):
        ways = tuple(
            without
            for without in combinations(range(len(found.rows)), size)
            if _is_possible(found, without, solving=solving, done=done)
        )
        if ways:
            return ways
    return ()


def _is_possible(found: Whole, without: Iterable[int], *, solving: Solving, done: Done) -> bool:
    done()
    return solving.is_possible(found.problem(without=tuple(without)))
