"""Nothing is paid twice while the bank may have paid it: a line that nobody has looked into holds the claim and not one payment alone."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.funding.envelopes.rules import Subject
from crm.funding.payments.models import Payment, RunLine
from crm.funding.payments.queries.answers import to_resolve
from crm.funding.payments.queries.payments import payments_about
from crm.funding.payments.workflow import PaymentStatus
from crm.programme.claims.models import AwardClaim
from tests import claimed
from tests.cast import Cast
from tests.client import ConformingClient
from tests.funding.payments.paying import telephone
from tests.funding.payments.test_pages import confirmed, in_a_run, uploaded
from tests.programme.claims.test_unpaid import payments_of
from tests.programme.pages import sent

OPEN = "has a line about this money that is not resolved"


def released(client: ConformingClient, cast: Cast, db: Session) -> tuple[AwardClaim, Payment, str]:
    """A claim, its payment, and the reference under which the bank was told to pay it."""
    found = claimed.approved(claimed.award(), 1_000)
    (payment,) = payments_about(Subject("award_claim", found.id))
    telephone()
    confirmed(client, cast)
    run = in_a_run(client, cast, payment)
    sent(client.sign_in(cast.approver), f"{run}/release", {})
    client.sign_in(cast.finance_officer)
    return found, payment, db.scalars(select(RunLine.end_to_end_id)).one()


def says(client: ConformingClient, line: str) -> None:
    """Record what the bank says in a file of one line."""
    sent(client, f"{uploaded(client, line)}/record", {})


@pytest.mark.engine("sqlite")
def test_p44_k5_a_payment_is_not_cancelled_while_a_line_of_the_bank_about_it_waits(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found, payment, key = released(client, cast, db)
    says(client, f"{key},1000.01,PAID,")
    says(client, f"{key},1000.00,REJECTED,Account closed")
    here = f"/payments/{payment.id}"
    page = client.get(here).text
    assert ("not resolved" in page, "Cancel this payment" in page) == (True, False)
    refused = client.post(f"{here}/cancel", data={"reason": "Pay it anew"})
    assert (refused.status_code, OPEN in refused.text) == (409, True)
    assert payments_of(found, db) == [PaymentStatus.FAILED]
    for each in to_resolve():
        sent(client, f"/bank-lines/{each.id}/resolve", {"words": "The bank paid nothing, by telephone"})
    assert "Payment cancelled" in sent(client, f"{here}/cancel", {"reason": "Pay it anew"})
    assert "Payment requested again" in sent(client, f"/award-claims/{found.id}/pay-again")


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize(
    "when", ["before it is asked for again", "before its run is made", "before the release"]
)
def test_p44_k5_a_line_that_comes_after_the_payment_was_cancelled_holds_the_next_one_of_the_claim(
    client: ConformingClient, cast: Cast, db: Session, when: str
) -> None:
    found, payment, key = released(client, cast, db)
    says(client, f"{key},1000.00,REJECTED,Account closed")
    sent(client, f"/payments/{payment.id}/cancel", {"reason": "Pay it anew"})
    confirmed(client, cast, account_number="87654321")
    client.sign_in(cast.finance_officer)
    again = f"/award-claims/{found.id}/pay-again"
    if when == "before it is asked for again":
        says(client, f"{key},1000.00,PAID,after all")
        refused = client.post(again)
        assert (refused.status_code, OPEN in refused.text) == (409, True)
        assert payments_of(found, db) == [PaymentStatus.CANCELLED]
        return
    sent(client, again)
    (due,) = [each for each in payments_about(Subject("award_claim", found.id)) if each.status == "due"]
    if when == "before its run is made":
        says(client, f"{key},1000.00,PAID,after all")
        chosen = {"payments": str(due.id), "pay_on": "25 11 2026"}
        refused = client.post("/payment-runs/new", data=chosen)
    else:
        run = in_a_run(client, cast, due)
        says(client, f"{key},1000.00,PAID,after all")
        refused = client.sign_in(cast.approver).post(f"{run}/release")
    assert refused.status_code in {409, 422}
    assert OPEN in refused.text
