"""What the pages of payments say is so: who made a run, what a report is about, what the bank has, what waits."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from crm.funding.payments.queries import payments as queries
from crm.funding.payments.rules.answers import read_answer
from crm.kernel.errors import BadInput
from tests.cast import Cast
from tests.client import ConformingClient
from tests.funding.payments.paying import due, telephone
from tests.funding.payments.test_pages import GOOD, HERE, confirmed, in_a_run, uploaded
from tests.funding.payments.test_rejected import released
from tests.funding.payments.test_reports import report, upload
from tests.programme.pages import sent, typed

pytestmark = pytest.mark.engine("sqlite")
DISCARD = {"reason": "Made by mistake"}


def reference(run: str) -> str:
    found = queries.run(UUID(run.rsplit("/", 1)[-1]))
    assert found is not None
    return found.reference


def refused(client: ConformingClient, data: bytes) -> str:
    """What is said of a report that is not read."""
    answer = client.post("/bank-answers/new", data={"file": (BytesIO(data), "answer.xml")})
    assert answer.status_code == 422
    return " ".join(answer.text.split())


def whole(run: str, count: str, total: str) -> bytes:
    """A report that refuses a whole file, with what the bank says of it."""
    said = f"</OrgnlMsgId><OrgnlNbOfTxs>{count}</OrgnlNbOfTxs><OrgnlCtrlSum>{total}</OrgnlCtrlSum>"
    return report(run=run, status="RJCT").replace(b"</OrgnlMsgId>", said.encode())


def test_K28_K33_a_second_tab_says_that_the_same_person_made_the_run_and_leads_to_it(
    client: ConformingClient, cast: Cast
) -> None:
    telephone()
    confirmed(client, cast)
    form = {"payments": [str(due(cast).id)], **typed("24 11 2026", name="pay_on")}
    client.sign_in(cast.finance_officer)
    run = client.post("/payment-runs/new", data=form).location
    page = " ".join(client.post("/payment-runs/new", data=form).text.split())
    assert "You put payments that you chose into run" in page
    assert f'href="{run}"' in page
    assert "another person" not in page


def test_K28_a_report_about_a_run_that_the_bank_cannot_have_says_what_became_of_it(
    client: ConformingClient, cast: Cast
) -> None:
    telephone()
    confirmed(client, cast)
    run = in_a_run(client, cast, due(cast))
    about = report(run=reference(run), status="RJCT")
    assert "a payment run that is not released yet" in refused(client, about)
    sent(client, f"{run}/discard", DISCARD)
    said = refused(client, about)
    assert ("a payment run that was discarded" in said, "no payment run of ours" in said) == (True, False)
    assert "no payment run of ours" in refused(client, report(run="PAY-20200101-1", status="RJCT"))


def test_a_report_about_a_whole_file_must_fit_the_file_that_was_sent(
    client: ConformingClient, cast: Cast
) -> None:
    telephone()
    confirmed(client, cast)
    run = released(client, cast, due(cast, 60))
    name = reference(run)
    client.sign_in(cast.finance_officer)
    for count, total in (("7", "60.00"), ("1", "999999.00")):
        assert f"This report does not fit {name}" in refused(client, whole(name, count, total))
    assert "ours had 1 payment of £60.00 together" in refused(client, whole(name, "7", "999999.00"))
    page = client.get(upload(client, whole(name, "1", "60.00"))).text
    assert f"Nobody has downloaded the file of {name}" in " ".join(page.split())


def test_K11_what_is_said_of_a_file_follows_its_download_and_what_the_bank_did_not_pay_is_not_settled(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    telephone()
    confirmed(client, cast)
    one = due(cast, 60)
    run = released(client, cast, one)
    client.sign_in(cast.finance_officer)
    assert "Give its file to the bank" in client.get(f"/payments/{one.id}").text
    assert client.get(f"{run}/file").status_code == 200
    page = client.get(f"/payments/{one.id}").text
    assert ("The file was downloaded for the bank" in page, "Give its file" in page) == (True, False)
    sent(client, f"{upload(client, report(run=reference(run), status='RJCT'))}/record", {})
    said = " ".join(client.get(run).text.split())
    assert "The bank has answered. 1 payment below was not made" in said
    assert "settled" not in said.split("<h2")[0]


def test_K13_a_payment_whose_line_is_to_be_resolved_first_is_no_work_of_its_own(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    telephone()
    confirmed(client, cast)
    one = due(cast, 60)
    released(client, cast, one)
    client.sign_in(cast.finance_officer)
    key = queries.tries_of(one.id)[0].end_to_end_id
    sent(client, f"{uploaded(client, f'{key},60.00,REJECTED,AM04')}/record", {})
    words = "Pay again or cancel a payment that the bank did not make"
    assert words in client.get("/desk").text
    sent(client, f"{uploaded(client, f'{key},60.00,PAID,')}/record", {})
    assert "is not resolved" in " ".join(client.get(f"/payments/{one.id}").text.split())
    desk = client.get("/desk").text
    assert (words in desk, "line of the bank’s answer to resolve" in desk) == (False, True)


def test_who_releases_a_run_reads_that_the_business_entered_other_bank_details(
    client: ConformingClient, cast: Cast
) -> None:
    telephone()
    confirmed(client, cast)
    run = in_a_run(client, cast, due(cast))
    words = "entered other bank details on"
    assert words not in client.sign_in(cast.approver).get(run).text
    sent(client.sign_in(cast.founder), f"{HERE}/new", {**GOOD, "account_number": "87654321"})
    page = client.sign_in(cast.approver).get(run).text
    assert (words in page, "Release this run" in page) == (True, False)


def test_a_business_cannot_be_paid_to_our_own_account(client: ConformingClient, cast: Cast) -> None:
    telephone()
    ours = {"sort_code": "08 99 99", "account_number": "66374958"}
    answer = client.sign_in(cast.founder).post(f"{HERE}/new", data={**GOOD, **ours})
    assert answer.status_code == 422
    assert "This is our own account" in answer.text
    assert client.post(f"{HERE}/new", data=GOOD).status_code == 303


@pytest.mark.parametrize("typed_", ["abc", "about 60k", "£1.3m"])
def test_the_sum_of_a_bank_is_asked_for_as_banks_write_it(typed_: str) -> None:
    with pytest.raises(BadInput, match=r"like 1234\.50") as error:
        read_answer(f"end_to_end_id,amount,status,reason\nA,{typed_},PAID,\n".encode())
    assert "1.3m" not in str(error.value)
