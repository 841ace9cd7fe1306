"""What holds the payment of a claim, as finance meets it when a run is made and released."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.funding.envelopes.rules import Subject
from crm.funding.payments.queries.payments import payments_about
from crm.funding.subsidy.service import giving
from crm.funding.subsidy.service.giving import SubsidyDetails
from crm.kernel.clock import now, today
from crm.kernel.permissions import SYSTEM
from crm.programme.awards.models import Award
from crm.programme.claims.models import AwardClaim
from tests import claimed
from tests.cast import Cast
from tests.client import ConformingClient
from tests.funding.payments.paying import telephone
from tests.funding.payments.test_pages import confirmed

pytestmark = pytest.mark.engine("sqlite")
NEW = "/payment-runs/new"


def to_pay(cast: Cast, client: ConformingClient, found: Award) -> tuple[AwardClaim, dict[str, Any]]:
    """An approved claim whose business has an account, and the form that puts its payment into a run."""
    made = claimed.approved(claimed.whole(found.id), 1_000)
    telephone()
    confirmed(client, cast)
    (due,) = payments_about(Subject("award_claim", made.id))
    day = {"pay_on-day": "24", "pay_on-month": "11", "pay_on-year": "2026"}
    return made, {"payments": [str(due.id)], **day}


def held(client: ConformingClient, cast: Cast, form: dict[str, Any], why: str) -> bool:
    """Whether the page of a new run says why this payment is not in it, and refuses it when it is sent all the same."""
    client.sign_in(cast.finance_officer)
    page = " ".join(client.get(NEW).text.split())
    return why in page and client.post(NEW, data=form).status_code == 422


def test_p40_no_run_takes_a_payment_before_its_papers_are_confirmed(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    found = claimed.award()
    details = SubsidyDetails("This programme (made)", "a pilot", found.amount, today())
    papers = giving.prepare(found.business, details, depends_on_exporting_goods=False, by=SYSTEM)
    found.subsidy_id = papers.id
    db.flush()
    _, form = to_pay(cast, client, found)
    assert held(client, cast, form, "was not notified of this subsidy yet")
    giving.notify(papers, by=SYSTEM)
    assert held(client, cast, form, "has not confirmed this subsidy in writing yet")
    giving.confirm(papers, confirmed_by="Made Owner", by=SYSTEM)
    assert client.post(NEW, data=form).status_code == 303


def test_p47_an_overdue_milestone_holds_the_payment_until_it_is_met(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    found = claimed.award(due=-1)
    _, form = to_pay(cast, client, found)
    found.milestones[0].met_at, found.milestones[0].met_by_id = None, None
    db.flush()
    assert held(client, cast, form, "was due on 23 November 2026 and is not met")
    found.milestones[0].met_at = now()
    db.flush()
    assert client.post(NEW, data=form).status_code == 303


def test_p35_a_company_is_checked_before_each_payment_and_one_that_is_dissolved_is_not_paid(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    found = claimed.award()
    _, form = to_pay(cast, client, found)
    award = db.get_one(Award, found.id)
    award.register_checked_at = now() - timedelta(days=31)
    db.flush()
    assert held(client, cast, form, "The company was checked more than 30 days ago. Check it again.")
    here = f"/awards/{award.id}"
    page = " ".join(client.sign_in(cast.finance_officer).get(here).text.split())
    assert "Before the next payment: the company was checked more than 30 days ago." in page
    by_hand = f"{here}/company-by-hand"
    told = {"status": "dissolved", "reason": "Read at Companies House"}
    assert client.post(by_hand, data=told).status_code == 303
    assert held(client, cast, form, "The company is dissolved, so nothing can be paid to it.")
    assert client.post(by_hand, data=told | {"status": "active"}).status_code == 303
    run = client.sign_in(cast.finance_officer).post(NEW, data=form)
    assert run.status_code == 303
    client.post(by_hand, data=told)
    released = client.sign_in(cast.approver).post(f"{run.headers['Location']}/release", data={})
    assert released.status_code in (409, 422)
    assert "dissolved" in released.text
