"""The bank's answer: on which day it pays, what contradicts itself, and what is held until a person has looked into it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.funding.envelopes.queries.ledger import balances_of
from crm.funding.envelopes.rules import LedgerAccount
from crm.funding.payments.queries import answers as answer_queries
from crm.funding.payments.queries import payments as queries
from crm.funding.payments.rules.answers import Verdict, read_answer
from crm.kernel.errors import BadInput
from crm.kernel.money import Money
from crm.notices.models import Letter
from tests.cast import Cast
from tests.client import ConformingClient
from tests.funding.payments.paying import due, telephone
from tests.funding.payments.test_pages import HEAD, confirmed, dated, in_a_run, statuses, uploaded
from tests.programme.pages import sent


@pytest.mark.engine("sqlite")
def test_k22_a_payment_is_paid_on_the_banks_day_and_one_letter_says_so(
    client: ConformingClient, cast: Cast, db: Session, clock: Any
) -> None:
    telephone()
    confirmed(client, cast)
    of_the_run, of_the_file = due(cast, 100), due(cast, 250)
    run = in_a_run(client, cast, of_the_run, of_the_file, pay_on="1 12 2026")
    sent(client.sign_in(cast.approver), f"{run}/release", {})
    ids = {each.amount.pence: each.end_to_end_id for each in db.scalars(select(queries.RunLine))}
    client.sign_in(cast.finance_officer)
    rows = [f"{ids[10_000]},100.00,PAID,,", f"{ids[25_000]},250.00,PAID,,02/12/2026"]
    bad = "\n".join([f"{HEAD},paid_on", "A,1.00,PAID,,31/02/2027", "B,x,PAID,,", *rows]).encode()
    said = client.post("/bank-answers/new", data={"file": (BytesIO(bad), "answer.csv")}).text
    assert "Line 2, paid on: enter a day" in said
    assert "Line 3, amount" in said, "every line that is wrong, at once"
    good = "\n".join([f"{HEAD},paid_on", *rows]).encode()
    early = client.post("/bank-answers/new", data={"file": (BytesIO(good), "answer.csv")}).location
    assert "the bank is still to pay Cast Pictures on 1 December 2026 (line 1)" in client.get(early).text
    assert client.post(f"{early}/record").status_code == 409
    sent(client, f"{early}/discard", {})
    clock.move_to(datetime(2026, 12, 3, 12, tzinfo=UTC))
    client.sign_in(cast.finance_officer)
    answer = client.post("/bank-answers/new", data={"file": (BytesIO(good), "answer.csv")}).location
    assert "Paid on 1 December 2026, the day of its run" in client.get(answer).text
    sent(client, f"{answer}/record", {})
    days = ((of_the_run, "1 December 2026"), (of_the_file, "2 December 2026"))
    for each, day in days:
        page = client.get(f"/payments/{each.id}").text
        assert (day in page, "24 November 2026 at" in page) == (True, True), "approved on the 24th"
    letters = db.scalars(select(Letter).where(Letter.kind == "payment_paid")).all()
    assert sorted(each.context["day"] for each in letters) == [day for _, day in days]


@pytest.mark.engine("sqlite")
def test_p44_a_day_that_cannot_be_right_and_lines_that_contradict_pay_nothing_and_hold_the_payment(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    telephone()
    confirmed(client, cast)
    found, other = due(cast, 100), due(cast, 70)
    run = in_a_run(client, cast, found, other)
    sent(client.sign_in(cast.approver), f"{run}/release", {})
    ids = {each.amount.pence: each.end_to_end_id for each in db.scalars(select(queries.RunLine))}
    client.sign_in(cast.finance_officer)
    for place, day in enumerate((date(2026, 1, 1), date(206, 11, 24), date(2099, 12, 31))):
        data = dated(f"{ids[10_000]},100.00,PAID,", on=day)
        wrong = client.post("/bank-answers/new", data={"file": (BytesIO(data), f"{place}.csv")}).location
        assert "Paid on a day that cannot be right" in client.get(wrong).text
        assert "No payment changed, and no email was sent" in sent(client, f"{wrong}/record", {})
    both = uploaded(client, f"{ids[10_000]},100.00,REJECTED,Closed", f"{ids[10_000]},100.00,PAID,")
    page = sent(client, f"{both}/record", {})
    assert "Contradicts another line about this payment" in page
    assert "recorded it" in page, "who recorded it, and when"
    assert statuses(db, found) == ["sent"]
    assert balances_of(found.about)[LedgerAccount.PAID] == Money(0)
    sent(client, f"{uploaded(client, f'{ids[10_000]},100.00,REJECTED,Closed')}/record", {})
    confirmed(client, cast, account_number="87654321")
    assert statuses(db, found) == ["failed"]
    here = f"/payments/{found.id}"
    page = client.get(here).text
    assert "have 4 lines about this payment that are not resolved" in page, (
        "the line that said so is resolved"
    )
    assert ("Make due again" in page, client.post(f"{here}/retry").status_code) == (False, 409)
    for each in answer_queries.to_resolve():
        sent(client, f"/bank-lines/{each.id}/resolve", {"words": "The bank rejected it, by telephone"})
    assert "due again" in sent(client, f"{here}/retry", {})
    sent(client, f"{uploaded(client, f'{ids[7_000]},70.00,PAID,')}/record", {})
    data = dated(f"{ids[7_000]},70.00,PAID,", on=date(2026, 11, 23))
    again = client.post("/bank-answers/new", data={"file": (BytesIO(data), "other.csv")}).location
    assert "Contradicts another line" in client.get(again).text, "the same payment, paid on another day"


@pytest.mark.engine("sqlite")
def test_k15_a_released_run_waits_for_its_download_and_a_contradiction_until_an_answer_settles_the_payment(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    telephone()
    confirmed(client, cast)
    found = due(cast, 90)
    run = in_a_run(client, cast, found)
    assert "must now download its file" in sent(client.sign_in(cast.approver), f"{run}/release", {})
    assert "Nobody has downloaded the file yet" in client.get(run).text
    todo, here = "Download the file of a payment run and give it to the bank", f"/payments/{found.id}"
    page = client.sign_in(cast.finance_officer).get(here).text
    assert ("Sent to the bank" in page, "Give its file to the bank" in page) == (False, True)
    assert todo in client.get("/desk").text
    assert client.get(f"{run}/file").status_code == 200
    assert todo not in client.get("/desk").text
    assert "The file was last downloaded on 24 November 2026" in client.get(run).text
    key = db.scalars(select(queries.RunLine)).one().end_to_end_id
    two = uploaded(client, f"{key},89.99,PAID,", f"{key},90.00,PAID,")
    sent(client, f"{two}/record", {})
    assert statuses(db, found) == ["sent"], "two amounts of one payment: a person looks into both"
    lines = answer_queries.to_resolve()
    assert [each.verdict for each in lines] == [Verdict.PARTIAL, Verdict.OPPOSED]
    assert client.post(f"{here}/settle", data={"outcome": "paid", "words": "As they say"}).status_code == 409
    for each in lines:
        page = sent(client, f"/bank-lines/{each.id}/resolve", {"words": "The bank says: paid"})
        assert "The payment still waits" in page
    assert "Find out what became of a payment" in client.get("/desk").text
    sent(client, f"{here}/settle", {"outcome": "paid", "words": "It is on the statement of today"})
    waiting = queries.settlement_waiting(found.id)
    assert waiting is not None
    sent(client.sign_in(cast.approver), f"/payment-settlements/{waiting.id}/confirm", {})
    assert statuses(db, found) == ["paid"]
    assert balances_of(found.about)[LedgerAccount.PAID] == found.amount


@pytest.mark.engine("sqlite")
def test_p44_a_part_that_the_bank_paid_is_said_to_everyone_until_the_whole_is_paid(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    telephone()
    confirmed(client, cast)
    found = due(cast, 120)
    run = in_a_run(client, cast, found)
    sent(client.sign_in(cast.approver), f"{run}/release", {})
    key = db.scalars(select(queries.RunLine)).one().end_to_end_id
    here, day, said = f"/payments/{found.id}", date(2026, 11, 24), "Released, the bank says £60.00 paid"
    client.sign_in(cast.finance_officer)
    for name in ("one.csv", "two.csv"):
        data = dated(
            f"{key},60.00,PAID,",
            "UNKNOWN-77,5.00,PAID,",
            *(["X,1.00,PAID,"] if name == "two.csv" else []),
            on=day,
        )
        answer = client.post("/bank-answers/new", data={"file": (BytesIO(data), name)}).location
        sent(client, f"{answer}/record", {})
    lines = [(each.end_to_end_id, each.verdict) for each in answer_queries.to_resolve()]
    assert lines == [(key, "partial"), ("UNKNOWN-77", "unknown"), ("X", "unknown")], (
        "each is looked into once"
    )
    for person in (cast.finance_officer, cast.auditor, cast.founder):
        page = client.sign_in(person).get(here).text
        assert said in page
        assert "£60.00 of £120.00" in page
    assert said in client.sign_in(cast.auditor).get("/payments").text
    assert balances_of(found.about)[LedgerAccount.PAID] == Money(0)
    client.sign_in(cast.finance_officer)
    late = client.post(
        "/bank-answers/new", data={"file": (BytesIO(dated(f"{key},120.00,PAID,", on=day)), "3.csv")}
    )
    sent(client, f"{late.location}/record", {})
    page = client.get(here).text
    assert "the bank says" not in page
    lines = [each.end_to_end_id for each in answer_queries.to_resolve()]
    assert lines == [key, "UNKNOWN-77", "X"], "the bank said two amounts: a person looks whether both came"


@pytest.mark.engine("sqlite")
def test_p44_nothing_is_paid_before_the_day_of_its_run_and_every_line_that_is_odd_is_named(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    telephone()
    confirmed(client, cast)
    found, other = due(cast, 100), due(cast, 70)
    run = in_a_run(client, cast, found, other, pay_on="1 12 2026")
    sent(client.sign_in(cast.approver), f"{run}/release", {})
    ids = {each.amount.pence: each.end_to_end_id for each in db.scalars(select(queries.RunLine))}
    client.sign_in(cast.finance_officer)
    undated = f"{HEAD}\n{ids[10_000]},100.00,PAID,\n{ids[7_000]},70.00,PAID,\n".encode()
    silent = client.post("/bank-answers/new", data={"file": (BytesIO(undated), "silent.csv")}).location
    why = "Cast Pictures on 1 December 2026 (line 1) and Cast Pictures on 1 December 2026 (line 2)"
    assert why in client.get(silent).text
    assert client.post(f"{silent}/record").status_code == 409
    early = uploaded(client, f"{ids[10_000]},100.00,PAID,", f"{ids[10_000]},100.00,REJECTED,Closed")
    sent(client, f"{early}/record", {})
    here = f"/payments/{found.id}"
    page = client.get(here).text
    assert "2 lines about this payment that are not resolved" in page
    assert ("line 1 of the file" in page, "line 2 of the file" in page) == (True, True)
    alone = uploaded(client, f"{ids[7_000]},70.00,PAID,")
    assert "Paid on a day that cannot be right" in client.get(alone).text, (
        "paid today, of a run of 1 December"
    )
    for each in answer_queries.to_resolve():
        sent(client, f"/bank-lines/{each.id}/resolve", {"words": "The bank says that it has both"})
    typed = {"outcome": "paid", "words": "The bank told us by telephone"}
    refused = client.post(f"{here}/settle", data=typed)
    assert refused.status_code == 422
    assert "The bank is to pay this on 1 December 2026" in refused.text
    assert "by telephone" in refused.text, "what was typed is kept"
    assert statuses(db, found, other) == ["sent", "sent"]


def test_k32_every_fault_of_the_banks_answer_is_named_at_once_also_two_in_one_line() -> None:
    rows = ["A,1.00,PAID", ",x,MAYBE,", "B,1.00,PAID,", "C,2.00,PAID,,,"]
    with pytest.raises(BadInput) as refused:
        read_answer("\n".join([HEAD, *rows]).encode())
    said = str(refused.value)
    assert said.split("; ", maxsplit=1)[0] == ["Line 2: this line has 3 cells", "it should have 4"][0]
    named = ("Line 3, end to end id", "Line 3, amount", "Line 3, status: enter PAID or REJECTED")
    assert [each for each in ("Line 2:", *named) if each not in said] == []
    assert "Line 4" not in said


@pytest.mark.engine("sqlite")
def test_k33_a_run_that_moved_on_is_refused_on_its_own_page_with_who_did_it_when_and_why(
    client: ConformingClient, cast: Cast
) -> None:
    telephone()
    confirmed(client, cast)
    run = in_a_run(client, cast, due(cast, 100))
    client.sign_in(cast.finance_officer)
    sent(client, f"{run}/discard", {"reason": "Made: the day is wrong"})
    late = client.sign_in(cast.approver).post(f"{run}/release")
    assert late.status_code == 409
    for said in (
        "There is a problem",
        f"{cast.finance_officer.account.name} changed it on 24 November 2026",
        "the day is wrong",
    ):
        assert said in late.text
    assert "Payment run PAY-" in late.text, "the page of the run"


def test_k37_without_an_account_to_pay_from_the_run_says_so_and_offers_no_release(
    app: Flask, client: ConformingClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    telephone()
    confirmed(client, cast)
    run = in_a_run(client, cast, due(cast, 100))
    client.sign_in(cast.approver)
    assert "Release this run" in client.get(run).text
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], pays_from=""))
    page = client.get(run).text
    assert "no bank account to pay from" in page
    assert "Release this run" not in page
    assert client.post(f"{run}/release").status_code == 409
