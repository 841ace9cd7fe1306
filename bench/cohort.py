"""Measure a cohort proposed among 500 applications under 12 limits: the answer with its proof, and what each limit costs."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Collection
from fractions import Fraction

from crm.gateways.solver import Answer, Highs, Problem
from crm.programme.cohort.rules.limits import Limit, LimitKind, Option
from crm.programme.cohort.rules.optimum import Solving, in_whole_numbers
from crm.programme.cohort.rules.proposing import Question, propose

APPLICATIONS, CRITERIA, ASSESSORS, ROUNDS = 500, 8, 3, 12
AREAS = (*["Birmingham"] * 5, "Coventry", "Dudley", "Solihull", "Walsall")
SUB_SECTORS = ("crafts", "design", "film", "games", "music", "publishing", "fashion")
K = LimitKind


def question(seed: int) -> Question:
    """A round as it might be: equal weights, so that many totals tie; one sum in five to the penny; £1,300,000.00 to award."""
    chance = random.Random(seed)
    headroom = {f"group {at}": chance.randrange(3_000_000, 31_500_000) for at in range(450)}
    return Question(
        tuple(_option(chance, at) for at in range(APPLICATIONS)), (*_limits(), _headroom(headroom)), "bench"
    )


def _option(chance: random.Random, at: int) -> Option:
    points = [sum(_score(chance) for _ in range(ASSESSORS)) for _ in range(CRITERIA)]
    shares = tuple(Fraction(1_250 * each, 100 * ASSESSORS * 5) for each in points)
    asked = (
        chance.randrange(40, 201) * 50_000
        if chance.random() < 0.8
        else chance.randrange(2_000_000, 10_000_001)
    )
    facts = {
        "area": (chance.choice(AREAS),),
        "sub_sector": (chance.choice(SUB_SECTORS),),
        "strand": (chance.choice(("one", "two", "three")),),
        "first_time": (chance.choice(("yes", "no")),),
    }
    lines = {"capital": asked * chance.randrange(0, 11) // 10}
    return Option(
        f"S-{at:03}", sum(shares, Fraction()), asked, shares, lines, facts, f"group {chance.randrange(450)}"
    )


def _score(chance: random.Random) -> int:
    return min(5, max(0, round(chance.gauss(3, 1.2))))


def _limits() -> tuple[Limit, ...]:
    of_strands = (
        Limit(K.SHARE_AT_LEAST, each, 2_500, fact="strand", values=(each,))
        for each in ("one", "two", "three")
    )
    return (
        Limit(K.MONEY, "envelope", 130_000_000),
        Limit(K.MONEY, "capital", 60_000_000, "capital"),
        Limit(
            K.SHARE_AT_LEAST, "outside Birmingham", 5_000, fact="area", values=("Birmingham",), is_other=True
        ),
        Limit(K.NUMBER_AT_LEAST, "crafts", 6, fact="sub_sector", values=("crafts",)),
        Limit(K.NUMBER_AT_LEAST, "design", 6, fact="sub_sector", values=("design",)),
        Limit(K.NUMBER_AT_MOST, "film", 6, fact="sub_sector", values=("film",)),
        Limit(K.SHARE_AT_LEAST, "first time", 4_000, fact="first_time", values=("yes",)),
        *of_strands,
        Limit(K.NUMBER_AT_LEAST, "Dudley", 4, fact="area", values=("Dudley",)),
    )


def _headroom(by_group: dict[str, int]) -> Limit:
    return Limit(K.HEADROOM, "headroom", headroom=by_group)


class Counted:
    """HiGHS, and how often it was asked."""

    def __init__(self) -> None:
        self.asked, self._real = 0, Highs()

    def best(
        self, problem: Problem, *, seconds: float, start: Collection[int] | None = None, weighed: bool = False
    ) -> Answer:
        self.asked += 1
        return self._real.best(problem, seconds=seconds, start=start, weighed=weighed)


def main() -> None:
    """Print, for a dozen invented rounds, what the answer costs and what all explanations cost."""
    print(
        f"{'round':<8}{'answer, CPU s':>15}{'wall s':>8}{'proved':>8}{'all, CPU s':>12}{'solved':>8}{'chosen':>8}{'score':>10}"
    )
    answers, wholes = [], []
    for seed in range(ROUNDS):
        asked = question(seed)
        began, wall = time.process_time(), time.perf_counter()
        found = in_whole_numbers(asked.options, asked.limits, seed=asked.seed)
        first = Solving(Highs(), 20.0).best(found.problem(), weighed=True)
        answers.append(time.process_time() - began)
        wall = time.perf_counter() - wall
        began, counted = time.process_time(), Counted()
        whole = propose(asked, solver=counted)
        wholes.append(time.process_time() - began)
        said = "yes" if first and first.is_proved else "no"
        print(
            f"{seed:<8}{answers[-1]:>15.2f}{wall:>8.2f}{said:>8}{wholes[-1]:>12.1f}{counted.asked:>8}", end=""
        )
        print(f"{len(whole.chosen):>8}{float(whole.total):>10.2f}", flush=True)
    for what, taken in (("answer", answers), ("all", wholes)):
        print(f"{what}: median {statistics.median(taken):.2f} s of CPU, most {max(taken):.2f} s")


if __name__ == "__main__":
    main()
