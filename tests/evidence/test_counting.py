"""What help came to: once for each business and programme, with proof, against a baseline, put right by a manager."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.audit.queries import entries_about
from crm.businesses.models import Business
from crm.casework import queries as casework
from crm.casework.models import SupportHours
from crm.casework.service import counting as hours
from crm.db.session import session
from crm.evidence import queries
from crm.evidence.models import Indicator, Output
from crm.evidence.rules import JobFacts, fte_in_words, read_fte
from crm.evidence.service import counting
from crm.evidence.service.counting import BaselineDetails, OutputDetails
from crm.evidence.workflow import OutputStatus
from crm.kernel.clock import now, today
from crm.kernel.errors import BadInput, Conflict, Invalid, NotAllowed
from crm.kernel.permissions import SYSTEM
from crm.notices.service import Reader
from crm.referrals.queries import referral
from crm.referrals.service import answering
from crm.referrals.service.answering import Help
from crm.referrals.workflow import Outcome, ReferralStatus
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient

PRODUCT = OutputDetails("new_product", date(2026, 11, 20), 100, "The shop, seen on a call.")
JOBS = OutputDetails("job_created", date(2026, 11, 20), jobs=JobFacts(400, is_permanent=True, months=12))


def hours_with(hours_id: UUID) -> SupportHours:
    found = casework.hours(hours_id)
    assert found is not None
    return found


def again(found: Output) -> Output:
    output_id = found.id
    session().flush()
    session().expire_all()
    whole = queries.output(output_id)
    assert whole is not None
    return whole


@given(st.integers(min_value=0, max_value=9_999_999))
def test_full_time_equivalents_are_read_as_they_are_written(hundredths: int) -> None:
    assert read_fte(fte_in_words(hundredths)) == hundredths


@pytest.mark.parametrize("text", ["", "-1", "1,5", "0.555", "1e2", "NaN", "½"])
def test_what_is_no_full_time_equivalent_is_said(text: str) -> None:
    with pytest.raises(BadInput):
        read_fte(text)


def test_a24_each_counts_once_for_a_business_in_a_programme(cast: Cast, owner: Business) -> None:
    made = counting.record(owner, PRODUCT, by=cast.adviser.actor)
    with pytest.raises(Invalid, match="counted for the business already"):
        counting.record(owner, PRODUCT, by=cast.adviser.actor)
    counting.record(owner, replace(PRODUCT, programme="another"), by=cast.adviser.actor)
    counting.withdraw(again(made), reason="A mistake", by=cast.hub_manager.actor)
    assert counting.record(owner, PRODUCT, by=cast.adviser.actor).id != made.id


@pytest.mark.parametrize(("quarters", "count"), [(47, 0), (48, 1)])
def test_a24_at_the_threshold_a_business_is_counted_as_supported_and_not_before(
    cast: Cast, owner: Business, db: Session, quarters: int, count: int
) -> None:
    factories.hours(owner, quarters=40, happened_on=today() - timedelta(days=1))
    row = factories.hours(owner, quarters=quarters)
    factories.person(owner, name="Jo", email="jo@x.example")
    hours.ask(owner, Reader("jo@x.example", "Jo"), by=cast.adviser.actor)
    told = hours.HoursAnswer({row.id}, cast.founder.actor.name, "The other was not so long")
    hours.answer(owner, told, by=cast.founder.actor)
    found = db.scalars(select(Output).where(Output.indicator_code == "business_supported")).all()
    assert [each.status for each in found] == [OutputStatus.CLAIMED] * count


def test_a24_more_hours_count_the_business_no_second_time(cast: Cast, owner: Business, db: Session) -> None:
    factories.person(owner, name="Jo", email="jo@x.example")
    for _ in range(2):
        row = factories.hours(owner, quarters=48)
        hours.ask(owner, Reader("jo@x.example", "Jo"), by=cast.adviser.actor)
        hours.answer(owner, hours.HoursAnswer({row.id}, cast.founder.actor.name), by=cast.founder.actor)
    assert db.scalar(select(func.count()).select_from(Output)) == 1


def test_a24_hours_put_right_below_the_threshold_count_no_more_until_they_are_confirmed_again(
    cast: Cast, owner: Business, db: Session
) -> None:
    factories.person(owner, name="Jo", email="jo@x.example")
    row = factories.hours(owner, quarters=48)
    hours.ask(owner, Reader("jo@x.example", "Jo"), by=cast.adviser.actor)
    hours.answer(owner, hours.HoursAnswer({row.id}, cast.founder.actor.name), by=cast.founder.actor)
    held = hours_with(row.id)
    hours.correct(held, 40, reason="Typed twice", by=cast.hub_manager.actor)
    (found,) = db.scalars(select(Output)).all()
    assert (found.status, found.reason) == (OutputStatus.WITHDRAWN, "Hours were put right: Typed twice")


@pytest.mark.parametrize("code", ["business_supported", "referral_helped"])
def test_a24_what_businesses_confirm_is_counted_by_nobody_by_hand(
    client: ConformingClient, cast: Cast, owner: Business, code: str
) -> None:
    with pytest.raises(Invalid, match="not by hand"):
        counting.record(owner, replace(PRODUCT, indicator_code=code), by=cast.administrator.actor)
    page = client.sign_in(cast.adviser).get(f"/businesses/{BUSINESS}/outputs/new").text
    assert f'value="{code}"' not in page


@pytest.mark.parametrize("helped", [True, False])
def test_a_referral_that_helped_is_counted(cast: Cast, owner: Business, db: Session, helped: bool) -> None:
    came = {"outcome": Outcome.HELPED, "completed_at": now(), "completed_by": "Desk"}
    for _ in range(2):
        made = factories.sent_referral(owner, _status=ReferralStatus.COMPLETED, **came)
        whole = referral(made.id)
        assert whole is not None
        answering.say(whole, Help(helped=helped), by=cast.founder.actor)
    found = db.scalars(select(Output)).all()
    assert [each.indicator_code for each in found] == ["referral_helped"] * helped
    assert all(each.status is OutputStatus.CLAIMED and each.proof for each in found)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (JobFacts(400, is_permanent=False, months=24), "permanent"),
        (JobFacts(400, is_permanent=True, months=11), "12 months"),
        (JobFacts(200, is_permanent=True, months=24), "nothing to count"),
        (JobFacts(150, is_permanent=True, months=24), "nothing to count"),
        (None, "how many people there are now"),
    ],
)
def test_a26_jobs_that_do_not_count(cast: Cast, owner: Business, facts: JobFacts | None, words: str) -> None:
    factories.baseline(owner, fte_hundredths=200)
    with pytest.raises(Invalid, match=words):
        counting.record(owner, replace(JOBS, jobs=facts), by=cast.adviser.actor)


def test_a26_jobs_are_the_increase_over_the_baseline_in_parts_of_a_post(cast: Cast, owner: Business) -> None:
    with pytest.raises(Invalid, match="before the help"):
        counting.record(owner, JOBS, by=cast.adviser.actor)
    told = {"measured_on": date(2026, 6, 1), "source": "Payroll"}
    counting.set_baseline(owner, BaselineDetails(350, **told), by=cast.adviser.actor)
    made = counting.record(owner, JOBS, by=cast.adviser.actor)
    assert fte_in_words(made.amount) == "0.5"
    with pytest.raises(Conflict, match="cannot be changed"):
        counting.set_baseline(owner, BaselineDetails(100, **told), by=cast.adviser.actor)
    counting.withdraw(again(made), reason="They left", by=cast.hub_manager.actor)
    counting.set_baseline(owner, BaselineDetails(100, **told), by=cast.adviser.actor)


def test_what_is_counted_needs_proof_and_a_manager(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    made = counting.record(owner, replace(PRODUCT, proof=""), by=cast.adviser.actor)
    where = f"/outputs/{made.id}"
    assert client.sign_in(cast.adviser).post(f"{where}/claim", data={"proof": "x"}).status_code == 403
    client.sign_in(cast.hub_manager)
    assert client.post(f"{where}/claim", data={"proof": " "}).status_code == 422
    assert client.post(f"{where}/claim", data={"proof": "Seen in the shop"}).status_code == 303
    assert again(made).status is OutputStatus.CLAIMED
    assert client.post(f"{where}/claim", data={"proof": "again"}).status_code == 409


def test_a_manager_puts_an_amount_right_with_a_reason(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    made = counting.record(owner, PRODUCT, by=cast.adviser.actor)
    where = f"/outputs/{made.id}/correct"
    assert client.sign_in(cast.adviser).get(where).status_code == 403
    client.sign_in(cast.hub_manager)
    assert client.post(where, data={"amount": "2"}).status_code == 422
    assert client.post(where, data={"amount": "0", "reason": "x"}).status_code == 422
    assert client.post(where, data={"amount": "2", "reason": "Two of them"}).status_code == 303
    assert again(made).amount == 200
    assert "correct_output" in {each.act for each in entries_about(made)}
    with pytest.raises(NotAllowed):
        counting.correct(again(made), 300, reason="x", by=cast.adviser.actor)


def test_a_definition_holds_from_its_day_and_a_later_one_takes_its_place(
    cast: Cast, owner: Business, db: Session
) -> None:
    old = db.scalars(select(Indicator).where(Indicator.code == "new_market")).one()
    old.valid_to = date(2026, 10, 31)
    new = factories.indicator(code="new_market", name="New market entered", valid_from=date(2026, 11, 1))
    for on, definition in ((date(2026, 10, 31), old), (date(2026, 11, 1), new)):
        found = queries.indicator_on("new_market", on=on)
        assert found is not None
        assert found.id == definition.id
    with pytest.raises(Invalid):
        counting.record(owner, replace(PRODUCT, happened_on=date(2013, 1, 1)), by=cast.adviser.actor)
    assert counting.load_indicators() == {"indicators": 0}


def form(**changed: Any) -> dict[str, Any]:
    told = {"indicator_code": "new_product", "amount": "1", "proof": "Seen"}
    return told | {"happened_on-day": "20", "happened_on-month": "11", "happened_on-year": "2026"} | changed


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"indicator_code": ""}, "indicator_code"),
        ({"amount": ""}, "amount"),
        ({"amount": "some"}, "amount"),
        ({"happened_on-year": "2030"}, "happened_on"),
        ({"indicator_code": "job_created", "now": "4"}, "now"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    client: ConformingClient, cast: Cast, db: Session, changed: dict[str, str], field: str
) -> None:
    client.sign_in(cast.adviser)
    answer = client.post(f"/businesses/{BUSINESS}/outputs/new", data=form(**changed))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert db.scalar(select(func.count()).select_from(Output)) == 0


def test_what_help_came_to_is_on_the_page_of_the_business_for_staff(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    client.sign_in(cast.adviser)
    assert client.post(f"/businesses/{BUSINESS}/outputs/new", data=form()).status_code == 303
    assert "New product brought out" in client.get(f"/businesses/{BUSINESS}/support").text
    assert "New product brought out" in client.get("/indicators").text
    assert "Outcomes" not in client.sign_in(cast.founder).get(f"/businesses/{BUSINESS}/support").text


def test_a34_nothing_is_counted_for_a_business_that_was_put_away(
    cast: Cast, owner: Business, db: Session
) -> None:
    owner._status, owner.archived_reason = type(owner.status)("archived"), "closed"
    db.flush()
    with pytest.raises(Conflict):
        counting.record(owner, PRODUCT, by=SYSTEM)
