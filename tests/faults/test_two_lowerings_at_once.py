"""Two lowerings at once, of an award or of an envelope: one counts, and the ledger says what the rows say."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from crm.db.session import session
from crm.funding.envelopes.queries import changes as change_queries
from crm.funding.envelopes.queries import ledger
from crm.funding.envelopes.rules import LedgerAccount, Line, Subject
from crm.funding.envelopes.service import changing
from crm.funding.envelopes.service.changing import Limits
from crm.kernel.errors import Conflict, Refusal
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.roles import Role
from crm.programme.cohort.models import Decision
from crm.programme.cohort.queries import changing as lowerings
from crm.programme.cohort.queries import decisions
from crm.programme.cohort.service import changing as lowering
from crm.programme.cohort.service import confirming, telling
from crm.programme.cohort.service.changing import Lowering
from crm.programme.cohort.service.confirming import Proposing
from crm.programme.cohort.workflow import Outcome
from tests import cohorts
from tests.accounts.people import acting, person
from tests.faults.test_two_at_one_envelope import SIXTY, opened
from tests.faults.together import overlapping, together
from tests.houses import database

Meet = Callable[..., list[Any]]
MEETINGS = pytest.mark.parametrize("meet", [together, overlapping], ids=["together", "overlapping"])


def award_told(app: Flask) -> tuple[UUID, int]:
    """The decision of an award of £50,000 that its applicant was told of, with its version; committed."""
    with database(app).transaction():
        found = cohorts.cohort(cohorts.judged(), envelope_id=cohorts.envelope(Money.pounds(50_000)).id)
        draft = cohorts.draft(found, *cohorts.ranked(found.round, 90))
        confirming.propose(draft, Proposing(0), by=SYSTEM)
        confirming.confirm(draft, by=SYSTEM)
        (made,) = [each for each in decisions.decisions_of(found.id) if each.outcome is Outcome.SUCCESSFUL]
        telling.notify(made, by=SYSTEM)
        session().flush()
        return made.id, made.version


def proposing_to(decision_id: UUID, pounds: int, version: int | None, by: Actor) -> Callable[[], None]:
    def propose() -> None:
        found = decisions.decision(decision_id)
        assert found is not None
        lowering.propose_lowering(found, Lowering(Money.pounds(pounds), "Made", version), by=by)

    return propose


def confirming_it(change_id: UUID, by: Actor) -> Callable[[], None]:
    def confirm() -> None:
        waits = lowerings.change(change_id)
        assert waits is not None
        lowering.confirm(waits, by=by)

    return confirm


@MEETINGS
def test_p38_of_two_people_who_lower_one_award_at_once_one_is_told_that_it_changed(
    furnished: Flask, meet: Meet
) -> None:
    made, version = award_told(furnished)
    with database(furnished).transaction():
        managers = [acting(person(Role.PROGRAMME_MANAGER)) for _ in range(2)]
        approvers = [acting(person(Role.APPROVER)) for _ in range(2)]
    ended = meet(
        furnished,
        *(
            proposing_to(made, *each)
            for each in ((40_000, version, managers[0]), (30_000, version, managers[1]))
        ),
    )
    (refused,) = [each for each in ended if isinstance(each, Exception)]
    assert isinstance(refused, Conflict), refused

    with database(furnished).reading():
        waits = lowerings.open_change(made)
        assert waits is not None
        change_id = waits.id
    ended = meet(furnished, *(confirming_it(change_id, each) for each in approvers))
    (refused,) = [each for each in ended if isinstance(each, Exception)]
    assert isinstance(refused, Conflict), refused
    with database(furnished).reading():
        found = session().get_one(Decision, made)
        assert found.amount in {Money.pounds(40_000), Money.pounds(30_000)}
        lies = ledger.balances_of(Subject("decision", made))
        assert lies[LedgerAccount.RESERVED] == found.amount, "the ledger says what the award says"


def propose_lower(envelope_id: UUID, by: Actor) -> None:
    found = ledger.envelope(envelope_id)
    assert found is not None
    changing.propose(found, Limits(capital=Money.pounds(20_000)), reason="Made", by=by)


def approve(change_id: UUID, by: Actor) -> None:
    found = change_queries.change(change_id)
    assert found is not None
    changing.approve(found, by=by)


@MEETINGS
def test_p29_an_envelope_that_two_people_lower_at_once_is_lowered_once(
    committing_app: Flask, meet: Meet
) -> None:
    made = opened(committing_app, SIXTY)
    with database(committing_app).transaction():
        managers = [acting(person(Role.PROGRAMME_MANAGER)) for _ in range(2)]
        approvers = [acting(person(Role.APPROVER)) for _ in range(2)]
    ended = meet(committing_app, *(partial(propose_lower, made, each) for each in managers))
    (refused,) = [each for each in ended if isinstance(each, Exception)]
    assert isinstance(refused, Refusal), refused
    with database(committing_app).reading():
        change = change_queries.waiting_change(made)
        assert change is not None
        change_id = change.id

    ended = meet(committing_app, *(partial(approve, change_id, each) for each in approvers))
    (refused,) = [each for each in ended if isinstance(each, Exception)]
    assert isinstance(refused, Refusal), refused
    with database(committing_app).reading():
        assert ledger.line_of(made, Line.CAPITAL).limited_to == Money.pounds(20_000)
        assert ledger.sums_by_line()[made, Line.CAPITAL].limit == Money.pounds(20_000)
