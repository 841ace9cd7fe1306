"""What an enterprise can still be given is one sum on every page on which an award goes on: with what is decided for another award."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.db.session import session
from crm.funding.subsidy.models import Subsidy
from crm.funding.subsidy.service import giving
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.programme.applications.models import Application
from crm.programme.awards.models import Award
from crm.programme.cohort.models import Decision
from crm.programme.cohort.workflow import DecisionStatus
from tests import cohorts
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.funding.subsidy.test_giving import prepared as papers
from tests.programme.applicants import own
from tests.programme.awards.test_offering import by_hand, offered, offered_as, prepared, told
from tests.programme.cohort.test_sharing import given, linked, plain
from tests.programme.pages import sent, typed
from tests.statements import recording

pytestmark = pytest.mark.engine("sqlite")


def another(application_id: UUID, *, given_before: Money) -> Decision:
    """A second award of £50,000 to the same enterprise, by another round, that nobody was told of; and what was given before it."""
    found = cohorts.cohort(cohorts.judged(), confirmed_at=now())
    (applied,) = cohorts.ranked(found.round, 90)
    first = session().get_one(Application, application_id)
    linked(first, applied)
    given(first, given_before)
    return cohorts.decision(found, applied, amount=Money.pounds(50_000))


def reference_of(one: Decision) -> str:
    return session().get_one(Application, one.application_id).reference


def page_of(client: ConformingClient, where: str) -> str:
    return plain(client.get(where).text)


def test_k10_an_offer_takes_no_room_of_another_award_and_the_page_of_its_decision_and_the_desk_say_so_before(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    one = told(client, cast, db)
    other = another(one.application_id, given_before=Money.pounds(240_000))
    why = f"£50,000.00 takes room that is decided for {reference_of(other)}: £50,000.00 was awarded and is not offered yet"
    client.sign_in(cast.programme_manager)
    refused = client.post(f"/decisions/{one.id}/offer", data=offered_as())
    assert (refused.status_code, why in plain(refused.text)) == (422, True)
    sums = f"Awarded to {reference_of(other)} and not offered yet: £50,000.00"
    assert db.scalars(select(Award)).all() == []
    over = "passes the limit of subsidies by £25,000.00"
    for where in (f"/decisions/{one.id}", f"/decisions/{one.id}/offer"):
        page = page_of(client, where)
        assert (over in page, sums in page, why in page) == (True, True, False)
        assert "What you can do:" in page
    for where in ("/desk", f"/cohorts/{one.cohort_id}/awards"):
        assert f"See to the award: an offer {over}" in page_of(client, where)

    other._status, other.withdrawn_at, other.withdrawn_reason = (
        DecisionStatus.WITHDRAWN,
        one.decided_at,
        "Made",
    )
    db.flush()
    for where in (f"/decisions/{one.id}", f"/cohorts/{one.cohort_id}/awards"):
        assert over not in page_of(client, where)
    assert "Prepare the grant offer" in page_of(client, "/desk")
    assert prepared(client, one, db).subsidy_id


def test_k16_who_sends_decisions_reads_which_letter_promises_an_offer_that_cannot_be_made_and_what_to_do(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = prepared(client, told(client, cast, db), db)
    other = another(made.application_id, given_before=Money.pounds(240_000))
    client.sign_in(cast.programme_manager)
    for where in ("letters", "decisions"):
        page = page_of(client, f"/cohorts/{other.cohort_id}/{where}")
        assert (
            "1 letter promises an offer that cannot be made today, because of the limit of subsidies:" in page
        )
        assert "No offer of it can be made today: it passes the limit of subsidies by £25,000.00." in page
        assert "withdraw this award" in page.casefold()
    assert "passes the limit of subsidies by £25,000.00" in page_of(client, f"/decisions/{other.id}")


def test_k5_an_offer_is_neither_sent_nor_accepted_while_it_takes_the_room_of_another_award(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = offered(client, cast, db)
    here, over = f"/awards/{made.id}", "passes the limit of subsidies by £25,000.00"
    other = another(made.application_id, given_before=Money.pounds(240_000))
    client.sign_in(cast.programme_manager)
    assert f"See to the grant offer: it {over}" in page_of(client, "/desk")
    page = page_of(client, here)
    assert (over in page, reference_of(other) in page) == (True, True)
    sign = {"name": cast.founder.known.name, "is_within_limit": "y"}
    client.sign_in(cast.founder)
    assert client.get(f"{here}/accept").status_code == 409
    assert client.post(f"{here}/accept", data=sign).status_code == 409
    page = page_of(client, here)
    assert ("does not fit under the limit" in page, reference_of(other) in page) == (True, False)
    db.delete(other)
    db.flush()
    assert "You accepted the offer" in plain(sent(client, f"{here}/accept", sign))


def test_k14_the_award_page_names_the_sum_of_the_desk_before_and_after_more_is_declared(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = prepared(client, told(client, cast, db), db)
    by_hand(client, made)
    another(made.application_id, given_before=Money.pounds(240_000))
    for pounds, over in ((0, "£25,000.00"), (60_000, "£85,000.00")):
        if pounds:
            given(session().get_one(Application, made.application_id), Money.pounds(pounds))
        client.sign_in(cast.programme_manager)
        words = f"it passes the limit of subsidies by {over}"
        assert words in page_of(client, "/desk")
        page = page_of(client, f"/awards/{made.id}")
        assert f"The offer cannot be sent: {words}" in page
        assert "another manager or an approver sends it" not in page
        assert words in page_of(client.sign_in(cast.approver), f"/awards/{made.id}")
        assert client.get(f"/awards/{made.id}/send").status_code == 409


def test_P38_an_award_that_fits_from_a_later_day_says_so_and_is_offered_from_that_day(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    one = told(client, cast, db)
    another(one.application_id, given_before=Money.pounds(240_000))
    for each in db.scalars(select(Subsidy)):
        each.given_on = date(2024, 5, 10)
    db.flush()
    client.sign_in(cast.programme_manager)
    assert "start date of 1 April 2027 or later" in page_of(client, f"/decisions/{one.id}")
    later = offered_as() | typed("1 4 2027", name="starts_on")
    later |= typed("1 9 2027", name="due_1") | typed("1 10 2027", name="due_2")
    late = today() + timedelta(days=450)
    later |= typed(f"{late:%d %m %Y}", name="ends_on")
    assert "Offer prepared" in sent(client, f"/decisions/{one.id}/offer", later)


def test_k10_papers_by_hand_are_neither_sent_nor_signed_while_they_take_the_room_of_an_award(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = papers(own(), 100_000)
    other = papers(own(), 90_000)
    giving.notify(other, by=SYSTEM)
    made = cohorts.cohort(cohorts.judged())
    (applied,) = cohorts.ranked(made.round, 90)
    applied.business_id = BUSINESS
    cohorts.decision(made, applied, amount=Money.pounds(150_000))
    db.flush()
    client.sign_in(cast.finance_officer)
    assert client.post(f"/subsidies/{found.id}/notify").status_code == 409
    assert "See to the subsidy: it passes the limit by £25,000.00" in page_of(client, "/desk")
    assert "cannot be notified now" in page_of(client, f"/subsidies/{found.id}")
    client.sign_in(cast.founder)
    page = page_of(client, f"/subsidies/{other.id}")
    assert ("It cannot be confirmed now" in page, applied.reference in page) == (True, False)
    sign = {"confirmed_by": cast.founder.account.name}
    assert client.post(f"/subsidies/{other.id}/confirm", data=sign).status_code == 409


def test_k11_the_awards_of_a_cohort_ask_as_often_for_the_limits_of_three_as_of_one(
    app: Flask, client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged(), confirmed_at=now())
    counts = []
    client.sign_in(cast.programme_manager)
    for many in (1, 2):
        found = cohorts.whole(found)
        for applied in cohorts.ranked(found.round, *[90] * many):
            given(applied, Money.pounds(300_000))
            one = cohorts.decision(found, applied, amount=Money.pounds(50_000), notified_at=now())
            one._status = DecisionStatus.NOTIFIED
        db.flush()
        db.expire_all()
        with recording(app) as heard:
            page = plain(client.get(f"/cohorts/{found.id}/awards").text)
        counts.append(len(heard))
    assert page.count("See to the award: an offer passes the limit of subsidies by £35,000.00") == 3
    assert counts[0] == counts[1]
