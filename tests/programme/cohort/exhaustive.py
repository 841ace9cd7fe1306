"""The oracle: every cohort there is, tried one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from crm.gateways.solver import Answer, Problem
from crm.programme.cohort.rules.limits import Limit, LimitKind, Option
from crm.programme.cohort.rules.optimum import lot_of


def every(options: Sequence[Option]) -> Iterator[tuple[Option, ...]]:
    for size in range(len(options) + 1):
        yield from combinations(options, size)


def keeps(limit: Limit, cohort: Sequence[Option]) -> bool:
    """A limit said again, in fractions and sums rather than rows."""
    known = [each for each in cohort if each.facts.get(limit.fact)]
    theirs = [
        each for each in known if bool({*each.facts[limit.fact]} & {*limit.values}) is not limit.is_other
    ]
    spent, to_them = sum(each.asked for each in cohort), sum(each.asked for each in theirs)
    share = Fraction(to_them, spent) * 10_000 if spent else None
    codes = {each.code for each in cohort}
    if limit.kind is LimitKind.HEADROOM:
        groups = {each.group for each in cohort if each.group in limit.headroom}
        return all(
            sum(each.asked for each in cohort if each.group == group) <= limit.headroom[group]
            for group in groups
        )
    line = sum(each.lines.get(limit.line, 0) for each in cohort)
    return {
        LimitKind.MONEY: (line if limit.line else spent) <= limit.amount,
        LimitKind.SHARE_AT_LEAST: share is None or share >= limit.amount,
        LimitKind.SHARE_AT_MOST: share is None or share <= limit.amount,
        LimitKind.AWARDS_AT_LEAST: not cohort or Fraction(len(theirs), len(cohort)) * 10_000 >= limit.amount,
        LimitKind.NUMBER_AT_LEAST: len(theirs) >= limit.amount,
        LimitKind.NUMBER_AT_MOST: len(theirs) <= limit.amount,
        LimitKind.IN: limit.code in codes,
        LimitKind.OUT: limit.code not in codes,
    }[limit.kind]


def possible(
    options: Sequence[Option], limits: Sequence[Limit], *, without: Collection[int] = ()
) -> list[tuple[Option, ...]]:
    kept = [each for at, each in enumerate(limits) if at not in without]
    return [cohort for cohort in every(options) if all(keeps(each, cohort) for each in kept)]


def score(cohort: Sequence[Option]) -> Fraction:
    return sum((each.total for each in cohort), Fraction())


def order(cohort: Sequence[Option], seed: str) -> tuple[object, ...]:
    """By what cohorts are put in order: the score, each criterion, the money, the lots."""
    by_criterion = [sum(each.shares[at] for each in cohort) for at in range(2)]
    return (
        score(cohort),
        by_criterion,
        -sum(each.asked for each in cohort),
        sum(lot_of(seed, each.code) for each in cohort),
    )


class Exhaustive:
    """The stand-in for the solver, for up to a dozen things."""

    def best(
        self, problem: Problem, *, seconds: float, start: Collection[int] | None = None, weighed: bool = False
    ) -> Answer:
        places = range(len(problem.gains))
        found = [
            frozenset(chosen)
            for size in range(len(places) + 1)
            for chosen in combinations(places, size)
            if problem.holds(chosen)
        ]
        if not found:
            return Answer(None, 0.0, is_impossible=True)
        best = max(found, key=problem.gain)
        return Answer(best, float(problem.gain(best)))
