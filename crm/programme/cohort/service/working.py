"""What the worker does with proposals: takes the next, says how far it is, writes down what came of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from crm.audit import service as audit
from crm.db.session import Database
from crm.db.states import advance
from crm.gateways.solver import Answer, Problem, Solver, Unsolvable
from crm.kernel.clock import now
from crm.kernel.permissions import SYSTEM
from crm.programme.cohort.models import CohortProposal
from crm.programme.cohort.queries import proposals as queries
from crm.programme.cohort.rules.freezing import frozen_answer, question_of
from crm.programme.cohort.rules.proposing import propose, steps_of
from crm.programme.cohort.workflow import PROPOSALS, Act, ProposalStatus

log = logging.getLogger("crm.proposals")
SECONDS = 20.0
"""For each question to the solver at most."""
ALTOGETHER = 120.0
"""Seconds after which no more is asked: what a limit costs is then not known."""
LOST_AFTER = timedelta(minutes=2)
"""A worker says that it is there after each question to the solver; one that is silent for longer is gone."""
MOST_ATTEMPTS = 3
NO_TIME = "There was not enough time to work it out."
OUR_FAULT = "Something went wrong on our side. Ask for a new proposal. If it fails again, tell us."


class Stopped(Exception):
    """The worker was told to end, or somebody else has this proposal in hand now."""


@dataclass(frozen=True)
class Hand:
    """One proposal in the hand of a worker, by which attempt; each word of it is a transaction of its own."""

    database: Database
    proposal_id: UUID
    attempt: int
    kept: dict[str, Any] = field(repr=False)
    pause: Callable[[], bool] = field(repr=False)

    def beat(self) -> None:
        """Say that the worker is there. Raises `Stopped` where it should be no more."""
        self._note()
        if self.pause():
            raise Stopped

    def tell(self, done: int, steps: int) -> None:
        """Say how far it is."""
        self._note(done=done, steps=steps)

    def _note(self, **facts: int) -> None:
        with self.database.transaction():
            found = queries.in_hand(self.proposal_id, self.attempt)
            if found is None:
                raise Stopped
            found.heard_at = now()
            for name, value in facts.items():
                setattr(found, name, value)

    def give_back(self) -> None:
        """Let another worker begin it again."""
        with self.database.transaction():
            found = queries.in_hand(self.proposal_id, self.attempt)
            if found is not None:
                advance(PROPOSALS, found, Act.RETURN_PROPOSAL)
                found.attempts -= 1

    def answer(self, answer: dict[str, Any]) -> None:
        """Write down what came of it, for good."""
        with self.database.transaction():
            found = queries.in_hand(self.proposal_id, self.attempt)
            if found is not None:
                conclude(found, answer)

    def fail(self, fault: str) -> None:
        """Write down why nothing came of it."""
        with self.database.transaction():
            found = queries.in_hand(self.proposal_id, self.attempt)
            if found is not None:
                give_up(found, fault)


def conclude(found: CohortProposal, answer: dict[str, Any]) -> None:
    """Write down what came of a proposal."""
    found.answer, found.ended_at = answer, now()
    audit.record(Act.ANSWER_PROPOSAL, found, advance(PROPOSALS, found, Act.ANSWER_PROPOSAL), by=SYSTEM)


def give_up(found: CohortProposal, fault: str) -> None:
    """Write down why nothing came of a proposal."""
    found.fault, found.ended_at = fault[:200], now()
    audit.record(Act.FAIL_PROPOSAL, found, advance(PROPOSALS, found, Act.FAIL_PROPOSAL), by=SYSTEM)


@dataclass(frozen=True)
class Heard:
    """A solver that says before each question that the worker is there."""

    solver: Solver
    beat: Callable[[], None]
    until: float

    def best(
        self, problem: Problem, *, seconds: float, start: Collection[int] | None = None, weighed: bool = False
    ) -> Answer:
        """What the solver says. Raises `Unsolvable` once the time is over."""
        self.beat()
        if monotonic() > self.until:
            raise Unsolvable(NO_TIME)
        return self.solver.best(problem, seconds=seconds, start=start, weighed=weighed)


def work_on_next(database: Database, solver: Solver, *, pause: Callable[[], bool]) -> bool:
    """Work out the proposal that has waited longest; return whether there was one. A fault ends the proposal, not the worker.

    ``pause`` is called between questions to the solver: it lets other work be done, and says whether the worker is to end.
    """
    hand = _take(database, pause)
    if hand is None:
        return False
    try:
        question = question_of(hand.kept, seconds=SECONDS)
        heard = Heard(solver, hand.beat, monotonic() + ALTOGETHER)
        found = propose(question, solver=heard, tell=hand.tell)
        hand.answer(frozen_answer(found))
    except Stopped:
        hand.give_back()
    except Unsolvable as fault:
        hand.fail(str(fault))
    except SQLAlchemyError:
        raise
    except Exception:
        log.exception("proposal %s could not be worked out", hand.proposal_id)
        hand.fail(OUR_FAULT)
    return True


def _take(database: Database, pause: Callable[[], bool]) -> Hand | None:
    """Take one, committed before it is worked on. One whose workers were lost too often is given up."""
    lost_before = now() - LOST_AFTER
    with database.reading():
        if not queries.is_any_waiting(lost_before):
            return None
    with database.transaction():
        found = queries.next_waiting(lost_before)
        if found is None:
            return None
        if found.status is ProposalStatus.WORKING:
            if found.attempts >= MOST_ATTEMPTS:
                give_up(found, "It was begun three times and never finished.")
                return None
            advance(PROPOSALS, found, Act.RETURN_PROPOSAL)
        take_up(found)
        return Hand(database, found.id, found.attempts, found.question, pause)


def take_up(found: CohortProposal) -> None:
    """Begin to work a proposal out."""
    advance(PROPOSALS, found, Act.WORK_ON_PROPOSAL)
    found.attempts, found.heard_at, found.done = found.attempts + 1, now(), 0
    found.steps = steps_of(len(found.question["limits"]))
