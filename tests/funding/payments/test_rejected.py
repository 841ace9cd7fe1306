"""Nothing is paid to an account that the bank has rejected, whatever payment that was about."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.funding.payments.models import Payment
from crm.funding.payments.queries import payments as queries
from crm.funding.payments.rules.reasons import in_words, is_against_payee
from crm.notices.models import Letter
from crm.notices.service import as_sent
from tests.cast import Cast
from tests.client import ConformingClient
from tests.funding.payments.paying import due, telephone
from tests.funding.payments.test_pages import HERE, confirmed, in_a_run, sent, uploaded
from tests.programme.pages import typed

pytestmark = pytest.mark.engine("sqlite")
NEW = "/payment-runs/new"
REJECTED = "The bank rejected a payment to the bank details that this business has now"
OTHER = {"account_name": "Cast Pictures", "sort_code": "12-34-56", "account_number": "87654321"}


def released(client: ConformingClient, cast: Cast, *payments: Payment) -> str:
    run = in_a_run(client, cast, *payments)
    sent(client.sign_in(cast.approver), f"{run}/release", {})
    return run


def rejected(
    client: ConformingClient, cast: Cast, db: Session, payment: Payment, *, why: str = "Account closed"
) -> None:
    """The bank’s answer says that this payment was not made: the account is closed, say."""
    reference = db.scalars(
        select(queries.RunLine.end_to_end_id).where(queries.RunLine.payment_id == payment.id)
    ).one()
    said = f"{reference},{payment.amount.pence // 100},REJECTED,{why}"
    client.sign_in(cast.finance_officer)
    sent(client, f"{uploaded(client, said)}/record", {})


def is_kept_out(client: ConformingClient, cast: Cast, payment: Payment) -> bool:
    """Whether a run neither offers this payment nor takes it when it is sent all the same."""
    page = client.sign_in(cast.finance_officer).get(NEW).text
    form = {"payments": [str(payment.id)], **typed("1 12 2026", name="pay_on")}
    return f'value="{payment.id}"' not in page and client.post(NEW, data=form).status_code == 422


def test_k5_no_payment_goes_to_an_account_that_the_bank_rejected_for_another_one(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    telephone()
    confirmed(client, cast)
    first, made, left = due(cast, 100), due(cast, 80), due(cast, 7)
    released(client, cast, first)
    waiting = in_a_run(client, cast, made)
    rejected(client, cast, db, first)

    assert client.sign_in(cast.approver).post(f"{waiting}/release").status_code in (409, 422)
    assert REJECTED in client.get(waiting).text, "a run that was made before is not released"
    assert is_kept_out(client, cast, left)
    page = client.get(f"/payments/{left.id}").text
    assert (REJECTED in page, "must enter new ones" in page) == (True, True)
    own = client.sign_in(cast.founder).get(f"/payments/{left.id}").text
    assert ("We will pay this to your confirmed" in own, "Enter new ones" in own) == (False, True)

    sent(client, f"{HERE}/new", OTHER)
    assert is_kept_out(client, cast, left), "what was entered and not called about is not paid to"
    page = client.get(f"/payments/{left.id}").text
    assert ("a finance officer must call about them first" in page, "must enter new ones" in page) == (
        True,
        False,
    )
    assert "a finance officer must call" in client.get(f"/payments/{first.id}").text, "and the failed one"
    own = client.sign_in(cast.founder).get(f"/payments/{first.id}").text
    assert "We pay it once we have called you" in " ".join(own.split())


def test_k5_new_details_are_paid_to_once_they_are_confirmed_by_a_call(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    telephone()
    confirmed(client, cast)
    first, left = due(cast, 100), due(cast, 7)
    released(client, cast, first)
    rejected(client, cast, db, first)
    confirmed(client, cast, account_number="87654321")
    run = released(client, cast, left)
    assert b"87654321" in client.sign_in(cast.finance_officer).get(f"{run}/file").data


def test_k11_the_letter_about_a_rejected_payment_does_not_ask_for_details_that_wait_already(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    telephone()
    confirmed(client, cast)
    first, second = due(cast, 100), due(cast, 90)
    released(client, cast, first, second)
    rejected(client, cast, db, first)
    sent(client.sign_in(cast.founder), f"{HERE}/new", OTHER)
    rejected(client, cast, db, second)
    letters = db.scalars(select(Letter).where(Letter.kind == "payment_failed").order_by(Letter.id)).all()
    texts = [as_sent(each.kind, {**each.context, "to_name": "Made"}).text for each in letters]
    asks = {("enter another account" in each, "ending 321" in each) for each in texts}
    assert asks == {(True, False), (False, True)}


@pytest.mark.parametrize("code", ["AM04", "TECH"])
def test_k5_what_is_wrong_with_our_account_or_file_is_not_held_against_the_business(
    client: ConformingClient, cast: Cast, db: Session, code: str
) -> None:
    telephone()
    confirmed(client, cast)
    first, left = due(cast, 100), due(cast, 7)
    released(client, cast, first)
    rejected(client, cast, db, first, why=f"{code} see your adviser")
    own = " ".join(client.sign_in(cast.founder).get(f"/payments/{first.id}").text.split())
    assert "This was not about your bank details. We will pay it again" in own
    assert "Enter other bank details" not in client.get("/desk").text
    letter = db.scalars(select(Letter).where(Letter.kind == "payment_failed")).one()
    told = as_sent(letter.kind, {**letter.context, "to_name": "Made"}).text
    assert ("not about your bank details" in told, "enter new ones" in told) == (True, False)
    assert (f"/payments/{first.id}" in told, "/bank-details" in told) == (True, False)

    sent(client.sign_in(cast.finance_officer), f"/payments/{first.id}/retry", {})
    run = released(client, cast, first, left)
    assert client.sign_in(cast.finance_officer).get(f"{run}/file").status_code == 200


def test_k5_a_reason_in_other_words_counts_against_the_account() -> None:
    against = {each: is_against_payee(in_words(each)) for each in ("AM04", "AC04 closed", "ZZ99", "", "No")}
    assert against == {"AM04": False, "AC04 closed": True, "ZZ99": True, "": True, "No": True}
