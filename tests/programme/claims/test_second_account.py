"""A second account of the same mailbox decides nothing about a claim that its owner sent (P45)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from crm.funding.payments.models import Payment
from crm.funding.payments.workflow import PaymentStatus
from tests import claimed
from tests.cast import Cast
from tests.client import ConformingClient
from tests.funding.payments import paying
from tests.funding.payments.test_pages import confirmed
from tests.programme.pages import typed


def test_p45_a_second_account_of_the_same_mailbox_is_refused_on_the_page(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = claimed.submitted(claimed.award(), 1_000)
    cast.founder.account.email = cast.programme_manager.account.email.replace("@", "+claims@")
    made.submitted_by_id = cast.founder.account.id
    db.flush()
    here = f"/award-claims/{made.id}"
    page = client.sign_in(cast.programme_manager).get(here).text
    assert f"{here}/approve" not in page
    assert "The person who made this claim shares your email address, so another person decides it" in page
    refused = client.post(f"{here}/approve", data={"version": str(made.version)})
    assert (
        refused.status_code,
        "The person who made this claim shares your email address, so another person decides it"
        in refused.text,
    ) == (409, True)


def test_p45_a_claim_that_a_second_account_of_the_same_mailbox_approved_is_put_into_no_run(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    paying.telephone()
    made = paying.due(cast, 100, by=cast.programme_manager.actor)
    confirmed(client, cast)
    new, wanted = "/payment-runs/new", {"payments": [str(made.id)], **typed("1 12 2026", name="pay_on")}
    client.sign_in(cast.finance_officer)
    assert f'value="{made.id}"' in client.get(new).text, "another person pays it"
    cast.programme_manager.account.email = cast.finance_officer.account.email.replace("@", "+approves@")
    db.flush()
    page = client.get(new).text
    assert f'value="{made.id}"' not in page
    assert "The person who approved what this pays for shares your email address, so another person" in page
    assert client.post(new, data=wanted).status_code == 422
    assert db.get_one(Payment, made.id).status is PaymentStatus.DUE
