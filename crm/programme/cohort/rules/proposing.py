"""A cohort proposed: the most total score that keeps every limit, with what each limit costs and why others are left out.

Of cohorts with the same total score the one that has more of the weightiest criterion is proposed, then of the next, where that
is the rule of the round; then the one that asks for less money; and last by lots, drawn from the round and the reference of each
application, the same every time. Neither the time of submitting nor an id decides. People decide; this only proposes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from crm.gateways.solver import Solver
from crm.programme.cohort.rules.choosing import total_score
from crm.programme.cohort.rules.explaining import Cost, conflicts, cost_of, reasons_out
from crm.programme.cohort.rules.limits import Limit, Option
from crm.programme.cohort.rules.optimum import Checked, Solving, Whole, in_whole_numbers, settled

Tell = Callable[[int, int], None]
"""Hears how many steps of how many are done."""


@dataclass(frozen=True)
class Question:
    """Of whom to choose, what they are held to, and what lots are drawn from; ``seconds`` is for each step at most."""

    options: tuple[Option, ...]
    limits: tuple[Limit, ...]
    seed: str
    seconds: float = 20.0


@dataclass(frozen=True)
class Proposal:
    """What came of a question. ``chosen`` is by reference, the highest total first; limits are named by their place.

    ``gap`` is how much more total score might be possible: nothing where the cohort is proved to be the best. ``ours`` is the same by
    our own arithmetic alone, without the solver's word; None in answers kept before it was noted. Where cohorts were
    equal to the last, ``by_lot`` is how an equal one differs: who would be in, and who out. Without ``is_settled`` the tie rule
    could not be carried to its end. Where no cohort keeps every limit, ``is_possible`` is False and ``conflicts`` are the smallest
    sets of limits without which one does.
    """

    chosen: tuple[str, ...] = ()
    total: Fraction = Fraction()
    asked: int = 0
    gap: Fraction = Fraction()
    is_settled: bool = True
    by_lot: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    costs: tuple[Cost, ...] = ()
    reasons: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    is_possible: bool = True
    conflicts: tuple[tuple[int, ...], ...] = ()
    ours: Fraction | None = None

    @property
    def is_proved(self) -> bool:
        """Whether it is proved that no cohort has a higher total score."""
        return not self.gap


def steps_of(limits: int) -> int:
    """How many steps a question with so many limits has: the answer, the ties, and the cost of each limit."""
    return limits + 2


def _unheard(_done: int, _of: int) -> None:
    return None


def propose(question: Question, *, solver: Solver, tell: Tell = _unheard) -> Proposal:
    """The best cohort for a question, with its explanations. Raises `Unsolvable` where the solver gives none that holds."""
    found = in_whole_numbers(question.options, question.limits, seed=question.seed)
    steps = _Steps(steps_of(len(question.limits)), tell)
    solving = Solving(solver, question.seconds)
    first = solving.best(found.problem(), weighed=True)
    steps.done()
    if first is None:
        ways = conflicts(found, solving=solving, done=steps.done)
        return Proposal(is_possible=False, conflicts=ways)
    return _explained(found, first, solving=solving, steps=steps)


class _Steps:
    """How far it is: never more steps than were said."""

    def __init__(self, of: int, tell: Tell) -> None:
        self._at, self._of, self._tell = 0, of, tell

    def done(self) -> None:
        self._at = min(self._at + 1, self._of)
        self._tell(self._at, self._of)


def _explained(found: Whole, first: Checked, *, solving: Solving, steps: _Steps) -> Proposal:
    tie = settled(found, first, solving=solving) if first.is_proved else None
    chosen = tie.chosen if tie else first.chosen
    steps.done()
    costs = []
    for limit in range(len(found.rows)):
        costs.append(cost_of(found, limit, chosen=chosen, solving=solving))
        steps.done()
    return Proposal(
        chosen=found.codes(chosen),
        total=total_score(found.options[place].total for place in chosen),
        asked=sum(found.options[place].asked for place in chosen),
        gap=(first.bound - first.gain) * found.unit,
        is_settled=tie is not None and tie.is_whole,
        by_lot=(found.codes(tie.other - chosen), found.codes(chosen - tie.other))
        if tie and tie.by_lot
        else None,
        costs=tuple(costs),
        reasons=reasons_out(found, chosen),
        ours=(first.ours - first.gain) * found.unit,
    )
