"""The file of a released run that nobody has downloaded is kept back once an account in it is not the one to pay to any more."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from crm.funding.payments.models import Payment
from crm.funding.payments.queries import details as details_queries
from crm.funding.payments.queries import payments as queries
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.funding.payments.paying import due, telephone
from tests.funding.payments.test_pages import HERE, confirmed, in_a_run, sent, statuses
from tests.funding.payments.test_rejected import OTHER, is_kept_out, released

pytestmark = pytest.mark.engine("sqlite")
GIVE, KEPT = "Download the file of a payment run", "Clear up a payment run whose file is kept back"
DOWNLOAD, STOP = "Download the file for the", "ask it to stop this payment"


def read(client: ConformingClient, here: str) -> str:
    return " ".join(client.get(here).text.split())


def settled_as_not_paid(client: ConformingClient, cast: Cast, payment: Payment) -> str:
    """A finance officer says that it was not paid; what the page of its confirmation says."""
    said = {"outcome": "not_paid", "words": "Nobody has the file"}
    sent(client.sign_in(cast.finance_officer), f"/payments/{payment.id}/settle", said)
    waiting = queries.settlement_waiting(payment.id)
    assert waiting is not None
    return f"/payment-settlements/{waiting.id}"


@pytest.mark.parametrize("way", ["withdraw", "refuse"])
def test_k5_a_file_that_nobody_has_is_kept_back_until_the_other_account_is_withdrawn_or_refused(
    client: ConformingClient, cast: Cast, way: str
) -> None:
    telephone()
    confirmed(client, cast)
    run = released(client, cast, found := due(cast, 80))
    assert GIVE in client.sign_in(cast.finance_officer).get("/desk").text
    sent(client.sign_in(cast.founder), f"{HERE}/new", OTHER)
    client.sign_in(cast.finance_officer)
    assert client.get(f"{run}/file").status_code == 409, "from a page that was open before, too"
    page = read(client, run)
    assert ("If they are refused, the file can be downloaded" in page, DOWNLOAD in page) == (True, False)
    assert ("See the bank details that wait" in page, STOP in page) == (True, False)
    assert "nobody has the file. Cast Pictures: The business has entered other" in read(
        client, f"/payments/{found.id}"
    )
    assert (KEPT in client.get("/desk").text, GIVE in client.get("/desk").text) == (True, False)

    (entered,) = details_queries.waiting_among([BUSINESS])
    who, form = (cast.founder, {}) if way == "withdraw" else (cast.finance_officer, {"reason": "Nobody knew"})
    sent(client.sign_in(who), f"/bank-details/{entered.id}/{way}", form)
    assert b"12345678" in client.sign_in(cast.finance_officer).get(f"{run}/file").data


def test_k5_a_run_whose_account_was_replaced_before_its_download_is_settled_by_hand_at_once_and_paid_anew(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    telephone()
    confirmed(client, cast)
    run = in_a_run(client, cast, found := due(cast, 80), pay_on="4 12 2026")
    sent(client.sign_in(cast.approver), f"{run}/release", {})
    assert (
        "Wait for its answer" in client.sign_in(cast.finance_officer).get(f"/payments/{found.id}/settle").text
    )
    confirmed(client, cast, account_number="87654321")
    assert "Settle each payment of this run by hand as not paid" in read(client, run)
    assert client.get(f"{run}/file").status_code == 409
    here = settled_as_not_paid(client, cast, found)
    assert "until another one has confirmed or refused that" in read(client, run)
    sent(client.sign_in(cast.approver), f"{here}/confirm", {})
    assert client.sign_in(cast.finance_officer).get(f"{run}/file").status_code == 409, (
        "it could be paid twice"
    )
    sent(client, f"/payments/{found.id}/retry", {})
    again = released(client, cast, found)
    assert b"87654321" in client.sign_in(cast.finance_officer).get(f"{again}/file").data
    assert statuses(db, found) == ["sent"]


def test_k5_a_file_that_the_bank_may_have_is_given_again_and_the_page_says_to_stop_the_payment(
    client: ConformingClient, cast: Cast
) -> None:
    telephone()
    confirmed(client, cast)
    run = released(client, cast, due(cast, 80))
    whole = client.sign_in(cast.finance_officer).get(f"{run}/file").data
    assert STOP not in read(client, run)
    sent(client.sign_in(cast.founder), f"{HERE}/new", OTHER)
    assert client.sign_in(cast.finance_officer).get(f"{run}/file").data == whole
    page = read(client, run)
    assert (STOP in page, "See the bank details that wait" in page) == (True, True)
    assert KEPT not in client.get("/desk").text


def test_k5_of_two_tabs_the_one_in_which_the_run_was_open_before_releases_nothing(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    telephone()
    confirmed(client, cast)
    made, left = due(cast, 80), due(cast, 7)
    run = in_a_run(client, cast, made)
    tab = client.sign_in(cast.approver).get(run).text
    assert "Release this run" in tab
    sent(client.sign_in(cast.founder), f"{HERE}/new", OTHER)
    answer = client.sign_in(cast.approver).post(f"{run}/release")
    assert answer.status_code in (409, 422)
    assert "Cast Pictures: The business has entered other bank details" in answer.text
    assert (statuses(db, made), is_kept_out(client, cast, left)) == (["in_run"], True)
