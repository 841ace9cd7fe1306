"""Asks: kept with their reasons, settled one way, and never added up across kinds."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.audit.queries import entries_about
from crm.businesses.queries.seeing import business
from crm.businesses.workflow import BusinessStatus
from crm.evidence import queries
from crm.evidence.models import Ask
from crm.evidence.service import asking as service
from crm.evidence.service.asking import AskDetails, Found
from crm.evidence.workflow import AskStatus, Instrument, Medium, UnmetReason
from crm.kernel.errors import Conflict, Invalid, NotAllowed
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient

DETAILS = AskDetails(Instrument.LOAN, "A kiln", Medium.OTHER, Money.pounds(100))


def asked(details: AskDetails = DETAILS) -> Ask:
    owner = business(BUSINESS)
    assert owner is not None
    made = service.record(owner, details, by=SYSTEM)
    found = queries.ask(made.id)
    assert found is not None
    return found


def test_an_ask_is_met_left_unmet_dropped_and_opened_again_with_history(cast: Cast) -> None:
    made, by = asked(), cast.adviser.actor
    service.leave_unmet(made, UnmetReason.TOO_SMALL, note="Nobody lends so little", by=by)
    assert (made.status, made.unmet_reason, made.settled_on) == (
        AskStatus.UNMET, UnmetReason.TOO_SMALL, date(2026, 11, 24),
    )  # fmt: skip
    service.meet(made, Found("A fund", date(2026, 11, 20), Money.pounds(90)), by=by)
    assert (made.status, made.met_by, made.unmet_reason) == (AskStatus.MET, "A fund", None)
    service.reopen(made, by=by)
    assert (made.status, made.met_by, made.settled_on) == (AskStatus.OPEN, None, None)
    service.drop(made, by=by)
    assert [entry.act for entry in entries_about(made)] == [
        "drop_ask", "reopen_ask", "meet_ask", "leave_ask_unmet", "record_ask",
    ]  # fmt: skip


def test_what_is_settled_is_not_corrected(cast: Cast) -> None:
    made = asked()
    service.correct(made, AskDetails(Instrument.GRANT, "Two kilns", Medium.OTHER), by=cast.adviser.actor)
    assert (made.amount, made.purpose) == (None, "Two kilns")
    service.drop(made, by=cast.adviser.actor)
    with pytest.raises(Conflict):
        service.correct(made, DETAILS, by=cast.adviser.actor)


def test_nothing_is_sought_for_nothing_or_in_the_future(cast: Cast) -> None:
    for details in (
        AskDetails(Instrument.LOAN, "x", Medium.OTHER, Money(0)),
        AskDetails(Instrument.LOAN, "x", Medium.OTHER, asked_on=date(2026, 11, 25)),
    ):
        with pytest.raises(Invalid):
            asked(details)
    with pytest.raises(Invalid):
        service.meet(asked(), Found("x", date(2026, 11, 25)), by=SYSTEM)


def test_strangers_keep_nothing(cast: Cast) -> None:
    made = asked()
    for member in (cast.other_adviser, cast.founder, cast.auditor, cast.angel):
        with pytest.raises(NotAllowed):
            service.drop(made, by=member.actor)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(Instrument), st.none() | st.integers(1, 10**11)), max_size=8))
def test_equity_and_loans_are_added_up_apart_to_the_penny(
    cast: Cast, db: Session, rows: list[tuple[Any, Any]]
) -> None:
    owner = factories.business()
    for instrument, pence in rows:
        factories.ask(owner, instrument=instrument, amount=None if pence is None else Money(pence))
    found = queries.totals(owner.id)
    for instrument in Instrument:
        mine = [pence for kind, pence in rows if kind is instrument]
        expected = (len(mine), Money(sum(pence or 0 for pence in mine)))
        assert found.get((instrument, AskStatus.OPEN), (0, Money(0))) == expected


@pytest.mark.parametrize("amount", ["1,23", "-5", "1e6", "NaN", "9" * 20, "12.345"])
def test_an_amount_that_cannot_be_read_is_said_at_its_field_and_kept(
    client: ConformingClient, cast: Cast, db: Session, amount: str
) -> None:
    data = {"amount": amount, "instrument": "loan", "purpose": "x", "medium": "other", "stage": ""}
    answer = client.sign_in(cast.adviser).post(f"/businesses/{BUSINESS}/asks/new", data=data)
    assert answer.status_code == 422
    assert 'id="amount-error"' in answer.text
    assert f'value="{amount}"' in answer.text
    assert db.scalars(select(Ask)).all() == []


def test_leaving_it_unmet_needs_a_reason(client: ConformingClient, cast: Cast) -> None:
    made = asked()
    client.sign_in(cast.adviser)
    answer = client.post(f"/asks/{made.id}/leave-unmet", data={"unmet_note": "kept"})
    assert answer.status_code == 422
    assert 'id="reason-error"' in answer.text
    assert "kept" in answer.text
    assert client.post(f"/asks/{made.id}/leave-unmet", data={"reason": "too_early"}).status_code == 303
    assert "It is too early for those who offer it" in client.get(f"/asks/{made.id}").text
    assert client.post(f"/asks/{made.id}/leave-unmet", data={"reason": "too_early"}).status_code == 409


def test_an_ask_of_an_archived_business_is_not_begun(cast: Cast) -> None:
    gone = factories.business(_status=BusinessStatus.ARCHIVED, archived_reason="closed")
    with pytest.raises(Conflict):
        service.record(gone, DETAILS, by=SYSTEM)
