"""Two who spend of one test-bed project at the same moment, each on a connection of its own: its budget always holds."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from crm.db.session import session
from crm.ip.testbed.models import ProjectSpend
from crm.ip.testbed.service import leading, spending
from crm.ip.testbed.service.spending import SpendDetails
from crm.kernel.clock import now, today
from crm.kernel.errors import Invalid
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from tests.faults.together import Act, overlapping, together
from tests.houses import database
from tests.ip import bed


def running(app: Flask) -> UUID:
    """A project with a budget of £1,000.00, of which £250.00 is spent."""
    with database(app).transaction():
        found = bed.running(budget=Money.pounds(1_000))
        bed.spent(found, Money.pounds(250))
        return found.id


def spend(project_id: UUID, pounds: int) -> None:
    details = SpendDetails(today(), f"£{pounds} of it", Money.pounds(pounds))
    spending.spend(bed.whole(project_id), details, by=SYSTEM)


def lower(project_id: UUID, pounds: int) -> None:
    found = bed.whole(project_id)
    leading.change(found, bed.details(budget=Money.pounds(pounds)), version=found.version, by=SYSTEM)


def by_hand(project_id: UUID, pounds: int) -> None:
    """Write a spend past the verb, which holds the project: only the wall of the database is left."""
    told = {"spent_on": today(), "what": "By hand", "amount": Money.pounds(pounds), "recorded_at": now()}
    session().add(ProjectSpend(project_id=project_id, **told))
    session().flush()


def sums(app: Flask, project_id: UUID) -> tuple[int, int, int]:
    """The budget, what the project says is spent, and what its spends add up to, in whole pounds."""
    with database(app).reading():
        session().expire_all()
        found = bed.whole(project_id)
        rows = select(func.sum(ProjectSpend.amount)).where(ProjectSpend.project_id == project_id)
        added = session().scalar(rows)
        assert isinstance(added, Money)
        return found.budget.pence // 100, found.spent.pence // 100, added.pence // 100


def test_two_who_spend_at_once_never_pass_the_budget_and_the_second_is_told_what_is_left(
    furnished: Flask,
) -> None:
    for run in (together, overlapping):
        made = running(furnished)
        answers = run(furnished, partial(spend, made, 500), partial(spend, made, 500))
        refused = [each for each in answers if each is not None]
        assert len(refused) == 1, answers
        assert isinstance(refused[0], Invalid)
        assert "more than is left" in str(refused[0])
        assert sums(furnished, made) == (1_000, 750, 750)


def test_spends_that_fit_are_both_counted_and_the_budget_is_not_lowered_below_one_made_at_once(
    furnished: Flask,
) -> None:
    made = running(furnished)
    assert together(furnished, partial(spend, made, 300), partial(spend, made, 400)) == [None, None]
    assert sums(furnished, made) == (1_000, 950, 950)
    other = running(furnished)
    answers = overlapping(furnished, partial(spend, other, 700), partial(lower, other, 300))
    assert answers[0] is None
    assert answers[1] is not None
    assert sums(furnished, other) == (1_000, 950, 950)


@pytest.mark.parametrize("past", [by_hand, spend], ids=["past_the_verb", "through_the_verb"])
def test_the_wall_adds_up_what_two_connections_spend_at_once(furnished: Flask, past: Act) -> None:
    made = running(furnished)
    answers = overlapping(furnished, partial(by_hand, made, 500), partial(past, made, 500))
    assert answers[0] is None
    assert isinstance(answers[1], DBAPIError), answers
    assert "never spends more than its budget" in str(answers[1])
    assert sums(furnished, made)[2] == 750
