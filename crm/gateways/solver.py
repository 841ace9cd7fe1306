"""Choosing whole things under whole limits: the problem, the protocol of what solves it, and HiGHS, loaded only to solve."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate
from math import gcd
from typing import Any, Protocol

EXACT = 2**53
"""The whole numbers that a float holds exactly end here: a problem with larger ones is refused."""


class Unsolvable(Exception):
    """The solver gave no answer that can be shown: it failed, or its answer did not stand up to a recheck."""


@dataclass(frozen=True)
class Row:
    """One limit: what the things that are chosen weigh together is at most ``most``. ``weights`` are by place."""

    weights: tuple[tuple[int, int], ...]
    most: int

    @property
    def shared(self) -> int:
        """The largest number that divides every weight."""
        return gcd(*(weight for _, weight in self.weights)) or 1

    def reduced(self) -> Row:
        """The same limit in the smallest whole numbers."""
        return Row(
            tuple((place, weight // self.shared) for place, weight in self.weights), self.most // self.shared
        )

    def holds(self, chosen: Collection[int]) -> bool:
        """Whether a choice keeps the limit, in whole numbers."""
        return sum(weight for place, weight in self.weights if place in chosen) <= self.most


@dataclass(frozen=True)
class Problem:
    """Choose among things so that their ``gains`` together are the most and every row holds."""

    gains: tuple[int, ...]
    rows: tuple[Row, ...]

    def gain(self, chosen: Collection[int]) -> int:
        """What a choice comes to."""
        return sum(self.gains[place] for place in chosen)

    def holds(self, chosen: Collection[int]) -> bool:
        """Whether a choice keeps every limit."""
        return all(row.holds(chosen) for row in self.rows)

    def with_rows(self, *more: Row) -> Problem:
        """The same with further limits."""
        return replace(self, rows=(*self.rows, *more))


@dataclass(frozen=True)
class Answer:
    """What a solver says: a choice, and a ``bound`` above which no choice comes. The choice is added up again before it is
    believed; that the bound may be the solver’s alone is said where it is.

    ``chosen`` is None where nothing was found; ``is_impossible`` says that there is nothing to find. ``worths`` are what one
    unit of each row is worth, by the relaxed problem: any that are not negative prove a bound of their own.
    """

    chosen: frozenset[int] | None
    bound: float
    is_impossible: bool = False
    worths: tuple[float, ...] = ()


class Solver(Protocol):
    """What finds the best choice, within so many seconds; ``start`` is a choice that is known to be possible."""

    def best(
        self, problem: Problem, *, seconds: float, start: Collection[int] | None = None, weighed: bool = False
    ) -> Answer: ...


class Highs:
    """The real one: HiGHS, one thread and one seed, so that the same question has the same answer."""

    def best(
        self, problem: Problem, *, seconds: float, start: Collection[int] | None = None, weighed: bool = False
    ) -> Answer:
        """The best choice that HiGHS finds. Raises `Unsolvable` where it fails."""
        if any(abs(number) >= EXACT for number in _numbers(problem)):
            raise Unsolvable("The sums are too large to be added up exactly")
        if not problem.gains:
            fits = problem.holds(())
            return Answer(frozenset() if fits else None, 0.0, is_impossible=not fits)
        worths = _worths(problem) if weighed else ()
        model = _model(problem, seconds=seconds, is_whole=True)
        if start is not None:
            _begin_at(model, start, len(problem.gains))
        model.run()
        return replace(_answer(model), worths=worths)


def _numbers(problem: Problem) -> list[int]:
    found = [*problem.gains, sum(abs(gain) for gain in problem.gains)]
    for row in problem.rows:
        found += [row.most, sum(abs(weight) for _, weight in row.weights)]
    return found


@cache
def _library() -> Any:
    import highspy

    return highspy


ROW_BITS = 10
OPTIONS: dict[str, Any] = {
    "output_flag": False,
    "log_to_console": False,
    "threads": 1,
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.49,
    "mip_feasibility_tolerance": 1e-9,
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
}


def _model(problem: Problem, *, seconds: float, is_whole: bool) -> Any:
    highs = _library()
    model = highs.Highs()
    for name, value in {**OPTIONS, "time_limit": seconds}.items():
        model.setOptionValue(name, value)
    size = len(problem.gains)
    lp = highs.HighsLp()
    rows = [_scaled(row) for row in problem.rows]
    lp.num_col_, lp.num_row_ = size, len(rows)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = (
        [float(each) for each in problem.gains],
        [0.0] * size,
        [1.0] * size,
    )
    lp.row_lower_ = [-highs.kHighsInf] * len(rows)
    lp.row_upper_ = [most for _, most in rows]
    lp.sense_ = highs.ObjSense.kMaximize
    _fill(lp.a_matrix_, [weights for weights, _ in rows])
    lp.a_matrix_.format_ = highs.MatrixFormat.kRowwise
    if is_whole:
        lp.integrality_ = [highs.HighsVarType.kInteger] * size
    if model.passModel(lp) == highs.HighsStatus.kError:
        raise Unsolvable("The solver did not take the question")
    return model


def _scaled(row: Row) -> tuple[list[tuple[int, float]], float]:
    """A row in the smallest whole numbers, brought by a power of two, which is exact, to a size that tolerances are meant for."""
    least = row.reduced()
    by = _power(least)
    return [(place, weight * by) for place, weight in least.weights], least.most * by


def _power(row: Row) -> float:
    largest = max((abs(weight) for _, weight in row.weights), default=1)
    return 2.0 ** min(0, ROW_BITS - largest.bit_length())


def _fill(matrix: Any, rows: Sequence[Sequence[tuple[int, float]]]) -> None:
    entries = [entry for row in rows for entry in row]
    matrix.start_ = [0, *accumulate(len(row) for row in rows)]
    matrix.index_ = [place for place, _ in entries]
    matrix.value_ = [weight for _, weight in entries]


def _begin_at(model: Any, start: Collection[int], size: int) -> None:
    known = _library().HighsSolution()
    known.col_value = [1.0 if place in start else 0.0 for place in range(size)]
    model.setSolution(known)


def _answer(model: Any) -> Answer:
    status, kinds = model.getModelStatus(), _library().HighsModelStatus
    if status == kinds.kInfeasible:
        return Answer(None, 0.0, is_impossible=True)
    if status not in (kinds.kOptimal, kinds.kTimeLimit):
        raise Unsolvable(f"The solver stopped: {model.modelStatusToString(status)}")
    info = model.getInfo()
    if info.primal_solution_status != 2:
        return Answer(None, info.mip_dual_bound)
    values = model.getSolution().col_value
    return Answer(frozenset(at for at, value in enumerate(values) if value > 0.5), info.mip_dual_bound)


def _worths(problem: Problem) -> tuple[float, ...]:
    """What a unit of each row is worth where things may be chosen in part; none where that has no answer."""
    model = _model(problem, seconds=10.0, is_whole=False)
    model.run()
    if model.getModelStatus() != _library().HighsModelStatus.kOptimal:
        return ()
    reduced = [row.reduced() for row in problem.rows]
    duals = model.getSolution().row_dual
    return tuple(
        dual * _power(least) / row.shared
        for dual, least, row in zip(duals, reduced, problem.rows, strict=True)
    )
