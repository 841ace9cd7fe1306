"""What is known of a company counts for everything that it is awarded, and what Companies House forbids no single person allows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from crm.businesses.models import Business
from crm.funding.envelopes.rules import Subject
from crm.funding.payments.queries.payments import payments_about
from crm.kernel.clock import now
from crm.programme.awards.models import Award
from tests import claimed
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.funding.payments.paying import telephone
from tests.funding.payments.test_pages import confirmed, in_a_run
from tests.programme.awards.test_offering import by_hand, prepared, send_as_seen, told
from tests.programme.pages import sent

pytestmark = pytest.mark.engine("sqlite")
NEW = "/payment-runs/new"
LIQUIDATION = "The company is in liquidation, so nothing can be paid to it."
DISSOLVED = "90000003"
ACTIVE = "90000001"


def numbered(db: Session, found: Award, number: str) -> None:
    """The company of an award has a number, which the register’s stand-in knows by its last figure."""
    db.get_one(Business, found.business_id).company_number = number
    db.flush()


def page_of(client: ConformingClient, where: str) -> str:
    return " ".join(client.get(where).text.split())


def test_k5_a_company_in_liquidation_is_paid_through_none_of_its_awards_and_their_managers_are_told(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    telephone()
    confirmed(client, cast)
    first, second, third = claimed.award(), claimed.award(), claimed.award()
    claim = claimed.approved(claimed.whole(second.id), 1_000)
    (due,) = payments_about(Subject("award_claim", claim.id))
    run = in_a_run(client, cast, due)
    assert LIQUIDATION not in client.get(run).text

    by_hand(client, first, "liquidation")
    client.sign_in(cast.approver)
    assert LIQUIDATION in client.get(run).text
    assert client.post(f"{run}/release").status_code in (409, 422)
    sent(client.sign_in(cast.finance_officer), f"{run}/discard", {"reason": "Made: in liquidation"})
    assert LIQUIDATION in page_of(client, f"/payments/{due.id}")
    assert (LIQUIDATION in page_of(client, NEW), str(due.id) in client.get(NEW).text) == (True, True)
    form = {"payments": [str(due.id)], "pay_on-day": "1", "pay_on-month": "12", "pay_on-year": "2026"}
    assert client.post(NEW, data=form).status_code == 422

    client.sign_in(cast.programme_manager)
    desk = client.get("/desk").text
    for each in (first, second, third):
        assert f'/awards/{each.id}"' in desk, "each award of the company waits for its manager"
        page = page_of(client, f"/awards/{each.id}")
        assert "the company is in liquidation, so nothing can be paid to it" in page
    assert "on another award to this company" in page_of(client, f"/awards/{third.id}")
    earlier = {"register_checked_at": now() - timedelta(hours=1)}
    db.execute(update(Award).where(Award.id == first.id).values(**earlier))
    by_hand(client, third)
    assert "the company is in liquidation" not in client.get("/desk").text, "the newest counts"


def test_k5_what_the_page_of_the_business_says_last_forbids_too(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award()
    about = db.get_one(Business, BUSINESS)
    about.register_status, about.register_checked_at = "dissolved", now()
    db.flush()
    client.sign_in(cast.finance_officer)
    assert "the company is dissolved, so nothing can be paid to it" in page_of(client, f"/awards/{found.id}")


def test_k10_one_person_does_not_overrule_companies_house(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = prepared(client, told(client, cast, db), db)
    numbered(db, made, DISSOLVED)
    here = f"/awards/{made.id}"
    client.sign_in(cast.approver)
    sent(client, f"{here}/check-company")
    page = page_of(client, here)
    assert "No status recorded by hand replaces that. If it has changed, check Companies House again." in page
    assert f"{here}/company-by-hand" not in page
    active = {"status": "active", "reason": "Rang them."}
    assert client.post(f"{here}/company-by-hand", data=active).status_code == 409
    assert client.get(f"{here}/send").status_code == 409

    numbered(db, made, ACTIVE)
    sent(client, f"{here}/check-company")
    shown = page_of(client, f"{here}/send")
    assert ("Active, " in shown, "Dissolved, " in shown) == (True, True), "both are read before it is sent"
    assert "Grant offer sent" in send_as_seen(client, made)
