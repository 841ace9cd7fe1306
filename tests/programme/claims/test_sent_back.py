"""After the bank sent money back, the business looks at its account before anything more is paid to it."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from crm.funding.envelopes.rules import Subject
from crm.funding.payments.models import Payment
from crm.funding.payments.queries import details as details_queries
from crm.funding.payments.queries.payments import payments_about
from tests import claimed
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.funding.payments.paying import NUMBER, due, telephone
from tests.funding.payments.test_pages import HERE, confirmed, in_a_run
from tests.funding.payments.test_refused_files import texts
from tests.funding.payments.test_rejected import is_kept_out, released
from tests.programme.claims.test_unpaid import paid, two_say
from tests.programme.pages import sent

pytestmark = pytest.mark.engine("sqlite")
WAITS = "nothing more is paid to them. An owner of the business must say that they are right, or enter others"
ASKED = "Check your bank details: the bank returned your payment"
RIGHT = "The account ending 678 is right"


def come_back(
    client: ConformingClient, cast: Cast, db: Session, *, about: str = "account"
) -> tuple[Payment, str]:
    """A payment of a claim that the bank made and sent back, and the address of its award."""
    found = claimed.approved(claimed.award(), 1_000)
    (payment,) = payments_about(Subject("award_claim", found.id))
    telephone()
    confirmed(client, cast)
    paid(client, cast, db, payment)
    given = {"about": about, "words": "On the statement of 24 November"}
    two_say(client, cast, payment, f"/payments/{payment.id}/returned", given)
    return payment, f"/awards/{found.award_id}"


def read(client: ConformingClient, *pages: str) -> list[str]:
    return [" ".join(client.get(each).text.split()) for each in pages]


def called(client: ConformingClient, cast: Cast) -> str:
    """The page of the call about the account that waits, and then the call."""
    waiting = details_queries.waiting_details(BUSINESS)
    assert waiting is not None
    here = f"/bank-details/{waiting.id}"
    (page,) = read(client.sign_in(cast.finance_officer), here)
    sent(client, f"{here}/confirm", {"number": NUMBER, "spoke_to": "Ann Caller"})
    return page


def test_k10_k16_nothing_more_goes_to_an_account_that_sent_money_back_until_an_owner_says_it_is_right_and_we_called(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    payment, award = come_back(client, cast, db)
    here, left = f"/payments/{payment.id}", due(cast, 7)
    client.sign_in(cast.finance_officer)
    assert client.post(f"{here}/retry").status_code == 409
    assert [WAITS in each for each in read(client, here, "/payment-runs/new")] == [True, True]
    assert is_kept_out(client, cast, left), "nor any other payment"
    (letter,) = texts(db, "payment_returned")
    assert "must look at the account ending 678 here" in letter
    assert "What we know: On the statement of 24 November" in letter
    client.sign_in(cast.founder)
    assert [ASKED in each for each in read(client, "/desk", award)] == [True, True]
    page, own = read(client, HERE, here)
    assert (RIGHT in page, "Payment returned by the bank" in page) == (True, True)
    assert "Say that your bank details are right, or enter others" in own
    account = details_queries.confirmed_details(BUSINESS)
    assert account is not None
    sent(client, f"/bank-details/{account.id}/enter", {})
    assert "told us that the account ending 678" in texts(db, "bank_details_entered")[-1]
    assert ASKED not in client.get("/desk").text, "what an owner has done is not asked again"
    assert is_kept_out(client, cast, left), "it waits for the call"
    assert "The bank returned a payment from this same account before" in called(client, cast)
    sent(client, f"{here}/retry", {})
    run = in_a_run(client, cast, payment, left)
    (page,) = read(client.sign_in(cast.approver), run)
    assert (
        "same bank account, confirmed again. The bank returned a payment from it before: On the statement"
        in page.replace("</strong>", "")
    )
    sent(client, f"{run}/release", {})


def test_k10_another_account_can_be_entered_instead_and_is_paid_to(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    payment, _ = come_back(client, cast, db)
    confirmed(client, cast, account_number="87654321")
    sent(client.sign_in(cast.finance_officer), f"/payments/{payment.id}/retry", {})
    assert (
        "The bank returned a payment from it: On the statement" in client.sign_in(cast.founder).get(HERE).text
    )
    run = released(client, cast, payment)
    assert b"87654321" in client.sign_in(cast.finance_officer).get(f"{run}/file").data


def test_k28_money_that_came_back_by_our_mistake_is_asked_of_nobody_and_paid_again(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    payment, award = come_back(client, cast, db, about="ours")
    (letter,) = texts(db, "payment_returned")
    assert ("You have nothing to do" in letter, "must look at" in letter) == (True, False)
    pages = read(client.sign_in(cast.founder), "/desk", award, HERE, f"/payments/{payment.id}")
    assert not [each for each in pages if "Check your bank details" in each or RIGHT in each]
    assert "This was not about your bank details" in pages[-1]
    sent(client.sign_in(cast.finance_officer), f"/payments/{payment.id}/retry", {})
    released(client, cast, payment)


def test_k20_the_account_that_is_paid_to_is_not_entered_a_second_time(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    telephone()
    confirmed(client, cast)
    same = {"account_name": "CAST pictures and Sohne", "sort_code": "123456", "account_number": "1234 5678"}
    refused = client.sign_in(cast.founder).post(f"{HERE}/new", data=same)
    assert (refused.status_code, "account that we pay to already" in refused.text) == (422, True)
    assert details_queries.waiting_details(BUSINESS) is None
    assert len(set(texts(db, "bank_details_entered"))) == 1, "and nobody is told of it"
    account = details_queries.confirmed_details(BUSINESS)
    assert account is not None
    assert client.post(f"/bank-details/{account.id}/enter").status_code == 409, (
        "nor said to be right for nothing"
    )
    sent(client, f"{HERE}/new", {**same, "account_name": "Cast Pictures Limited"})


def test_k11_k16_a_run_that_nobody_can_release_is_to_be_discarded_for_its_maker_and_its_checker(
    client: ConformingClient, cast: Cast
) -> None:
    telephone()
    confirmed(client, cast)
    run = in_a_run(client, cast, due(cast, 100))
    assert "Check and release" in client.sign_in(cast.approver).get("/desk").text
    confirmed(client, cast, account_number="87654321")
    for who in (cast.finance_officer, cast.approver):
        page, desk = read(client.sign_in(who), run, "/desk")
        assert "Its bank details changed after the run was made. Discard the run and make it again." in page
        assert not [
            each
            for each in (
                "another person must check",
                "before you release",
                "bank account.</strong>",
                "Release this run",
            )
            if each in page
        ]
        assert ("Discard a payment run that cannot be released" in desk, "Check and release" in desk) == (
            True,
            False,
        )
    sent(client, f"{run}/discard", {"reason": "Its account changed"})
    assert "Discard a payment run" not in client.get("/desk").text
