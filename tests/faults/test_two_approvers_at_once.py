"""Two confirmations at once never promise more than the envelope holds; two promotions at once never take one reserve."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from crm.funding.envelopes.queries.ledger import line_of
from crm.funding.envelopes.rules import Line
from crm.kernel.errors import Conflict
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.programme.cohort.models import Decision
from crm.programme.cohort.queries import cohorts as queries
from crm.programme.cohort.queries import decisions
from crm.programme.cohort.service import confirming, deciding
from crm.programme.cohort.service.confirming import Proposing
from crm.programme.cohort.workflow import Outcome
from tests import cohorts, rounds
from tests.faults.together import together
from tests.houses import database

TIMES = {"postgresql": 50, "sqlite": 10}
"""How often two confirm at once in every run; in a run of everything (`make test-both`) it is fifty times on SQLite too."""
OFTEN = 50
FORTY = Money.pounds(40_000)


def put_forward(envelope_id: UUID, panel: list[UUID]) -> UUID:
    """A proposed draft with one award of £40,000."""
    found = cohorts.cohort(cohorts.judged(), envelope_id=envelope_id)
    made = cohorts.assessed(found.round, panel, 80, asked_for=FORTY)
    draft = cohorts.draft(found, made)
    confirming.propose(draft, by=SYSTEM)
    return draft.id


def confirm(draft_id: UUID) -> str:
    found = queries.draft(draft_id)
    assert found is not None
    confirming.confirm(found, by=SYSTEM)
    return "confirmed"


def test_P28_of_two_confirmations_at_once_one_succeeds_and_the_other_is_told_the_new_free_sum(
    furnished: Flask, request: pytest.FixtureRequest
) -> None:
    is_whole = not request.config.getoption("--pages-on-one-engine")
    times = OFTEN if is_whole else TIMES[database(furnished).engine.dialect.name]
    with database(furnished).transaction():
        panel = [rounds.on_panel(cohorts.judged()).account_id for _ in range(2)]
    for _ in range(times):
        with database(furnished).transaction():
            envelope_id = cohorts.envelope(Money.pounds(60_000)).id
            one, other = (put_forward(envelope_id, panel) for _ in range(2))
        done = together(furnished, lambda a=one: confirm(a), lambda b=other: confirm(b))

        (refused,) = [each for each in done if isinstance(each, Conflict)]
        assert done.count("confirmed") == 1
        assert "£20,000.00 is free, so it is over by £20,000.00" in refused.message
        with database(furnished).reading():
            assert line_of(envelope_id, Line.REVENUE).reserved == FORTY


def decision(decision_id: UUID) -> Decision:
    found = decisions.decision(decision_id)
    assert found is not None
    return found


def test_P34_two_lapses_at_once_never_promote_the_same_reserve(furnished: Flask) -> None:
    with database(furnished).transaction():
        found = cohorts.cohort(cohorts.judged(), envelope_id=cohorts.envelope(Money.pounds(100_000)).id)
        made = cohorts.ranked(found.round, 90, 80, 70, 60)
        draft = cohorts.draft(found, *made[:2])
        confirming.propose(draft, Proposing(2), by=SYSTEM)
        confirming.confirm(draft, by=SYSTEM)
        rows = decisions.decisions_of(found.id)
        awarded = [each.id for each in rows if each.outcome is Outcome.SUCCESSFUL]

    def lapse(decision_id: UUID) -> UUID:
        deciding.withdraw_award(decision(decision_id), reason="Made", by=SYSTEM)
        step = decisions.next_reserve(decision(decision_id).cohort)
        assert step.chosen is not None
        deciding.promote(decision(step.chosen.id), by=SYSTEM)
        return step.chosen.id

    done = together(furnished, *(lambda a=each: lapse(a) for each in awarded))
    assert len(set(done)) == 2
    assert all(isinstance(each, UUID) for each in done)
