"""Whoever is given something to do by somebody else is told at once, and told nothing that they gave themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from crm.businesses.queries.seeing import business
from crm.exporting.plans import queries
from crm.ip.actions import service
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.notices.service import as_sent
from tests import assessments, factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.exporting.test_markets import days
from tests.ip import acting
from tests.referrals.made import letters


def test_k15_whoever_gets_an_action_or_a_task_from_somebody_else_is_told_what_and_by_when(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    check = assessments.readiness_check(owner, is_finished=True)
    first, second = factories.person(owner, email="kit@demo.example"), factories.person(owner, email=None)
    third = factories.person(owner, email="nia@demo.example")
    where = f"/export-countries/{trade.country(owner, 'DE').id}/tasks/new"
    by_when = day_in_words(today() + timedelta(days=5))
    client.sign_in(cast.founder)
    plan, mine = (
        f"/readiness/{check.id}/actions/own1/plan",
        {"owner": f"person:{first.id}"} | days("due_on", 5),
    )
    assert client.post(plan, data=mine).status_code == 303
    for each in (second, third):
        task = {"title": f"Find an agent: {each.name}", "owner": f"person:{each.id}"} | days("due_on", 5)
        assert client.post(where, data=task).status_code == 303
    told = letters(db, "task_given")

    assert sorted(each.to_address for each in told) == ["kit@demo.example", "nia@demo.example"]
    assert {each.context["day"] for each in told} == {by_when}
    assert not any(each.context["is_known"] for each in told)
    moved = next(each for each in queries.plan_of(BUSINESS)[0].tasks if each.person_id == third.id)
    data = {"title": moved.title, "owner": f"person:{first.id}", "version": str(moved.version)}
    assert client.post(f"/export-tasks/{moved.id}/change", data=data | days("due_on", 5)).status_code == 303
    assert sorted(each.to_address for each in letters(db, "task_given")) == [
        first.email,
        first.email,
        third.email,
    ]


@pytest.mark.engine("sqlite")
def test_nobody_is_written_to_about_what_they_gave_themselves(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    own = factories.person(owner, email=cast.founder.email.replace("@", "+mine@"))
    where = f"/export-countries/{trade.country(owner, 'DE').id}/tasks/new"
    client.sign_in(cast.founder)
    task = {"title": "Find an agent", "owner": f"person:{own.id}"} | days("due_on", 5)

    assert client.post(where, data=task).status_code == 303
    assert letters(db, "task_given") == []


def test_k13_a_reminder_leads_whoever_has_no_account_to_a_person_and_to_no_page(
    cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    made = acting.action(owner)
    made.due_on = today()
    db.flush()
    service.remind()
    (told,) = letters(db, "readiness_action")
    text = as_sent(told.kind, told.context | {"to_name": told.to_name}).text
    assert f"Tell {cast.founder.known.name} when it is done" in text
    assert f"/readiness/{made.readiness_id}" not in text
    made.due_on, made.person_id, made.account_id = today() - timedelta(days=1), None, cast.adviser.account.id
    db.flush()
    db.expire_all()
    service.remind()
    own = next(each for each in letters(db, "readiness_action") if each.id != told.id)
    assert f"/readiness/{made.readiness_id}" in as_sent(own.kind, own.context | {"to_name": own.to_name}).text
