"""Payments through their pages: bank details, a run that two people see to, its file, and what the bank answered."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.audit.models import AuditEntry, AuditValue
from crm.db.session import session
from crm.funding.envelopes.queries.ledger import balances_of
from crm.funding.envelopes.rules import LedgerAccount
from crm.funding.payments.models import BankAnswerLine, Payment
from crm.funding.payments.queries import answers as answer_queries
from crm.funding.payments.queries import details as details_queries
from crm.funding.payments.queries import payments as queries
from crm.funding.payments.rules.files import PAIN_001
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.notices.models import Letter
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.funding.payments.paying import NUMBER, due, telephone
from tests.programme.pages import sent, typed

HERE = f"/businesses/{BUSINESS}/bank-details"
GOOD = {"account_name": "Cast Pictures & Söhne", "sort_code": "12-34-56", "account_number": "12345678"}
HEAD = "end_to_end_id,amount,status,reason"
DATED = f"{HEAD},paid_on"


def confirmed(client: ConformingClient, cast: Cast, **other: str) -> str:
    sent(client.sign_in(cast.founder), f"{HERE}/new", {**GOOD, **other})
    found = details_queries.waiting_details(BUSINESS)
    assert found is not None
    call = {"number": NUMBER, "spoke_to": "Ann Caller"}
    page = sent(client.sign_in(cast.finance_officer), f"/bank-details/{found.id}/confirm", call)
    session().expire_all()  # what a test reads next is what the database has, not what was read before
    return page


def statuses(db: Session, *payments: Payment) -> list[str]:
    """Where payments stand in the database."""
    found = [db.scalar(select(queries.STATUS).where(Payment.id == each.id)) for each in payments]
    return [str(each) for each in found]


def in_a_run(client: ConformingClient, cast: Cast, *payments: Payment, pay_on: str = "24 11 2026") -> str:
    """The address of a run of these payments, made by the finance officer."""
    form = {"payments": [str(each.id) for each in payments], **typed(pay_on, name="pay_on")}
    made = client.sign_in(cast.finance_officer).post("/payment-runs/new", data=form)
    assert made.status_code == 303, made.text
    return made.location


def dated(*lines: str, on: date | None = None) -> bytes:
    """The bank's answer as CSV, with a day for what it paid."""
    day = (on or today()).isoformat()
    rows = [f"{each},{day if ',PAID,' in each else ''}" for each in lines]
    return "\n".join([DATED, *rows]).encode()


def uploaded(client: ConformingClient, *lines: str) -> str:
    """The address of the bank's answer, read and not recorded: what it names no day for was paid today."""
    data = dated(*lines)
    answer = client.post("/bank-answers/new", data={"file": (BytesIO(data), "answer.csv")})
    assert answer.status_code == 303, answer.text
    return answer.location


def test_k19_the_banks_answer_is_read_as_every_other_file_and_a_quote_that_swallows_payments_is_named(
    client: ConformingClient, cast: Cast
) -> None:
    client.sign_in(cast.finance_officer)
    swallowed = f'{HEAD}\nA1,1.00,PAID,"paid\nB2,2.00,PAID,\nC3,3.00,PAID,"\n'.encode()
    answer = client.post("/bank-answers/new", data={"file": (BytesIO(swallowed), "answer.csv")})
    assert (answer.status_code, "Line 2: a quote opens in this line" in answer.text) == (422, True)
    semicolons = f"{HEAD.replace(',', ';')};\nA1;1.00;REJECTED;Ungültig;\n".encode("utf-16")
    made = client.post("/bank-answers/new", data={"file": (BytesIO(semicolons), "answer.csv")})
    assert "Ungültig" in client.get(made.location).text


@pytest.mark.parametrize(
    ("field", "typed_in", "said"),
    [
        ("sort_code", "12-34-5x", "Enter the sort code as 6 figures"),
        ("sort_code", "12-3456", "Enter the sort code as 6 figures"),
        ("sort_code", "“12-34-5”6", "Enter the sort code as 6 figures"),
        ("account_number", "1234567", "Enter the account number as 8 figures"),
        ("account_name", "A" * 71, "70 characters or fewer"),
        ("account_name", "株式会社", "in the letters that your bank uses"),
        ("sort_code", "00-00-00", "cannot be all zeros"),
        ("account_number", "00000000", "cannot be all zeros"),
    ],
    ids=[
        "letters",
        "5-dashes",
        "quotes-inside",
        "7-figures",
        "71-characters",
        "no-letters",
        "no-sort-code",
        "no-account",
    ],
)
def test_bank_details_that_no_bank_takes_are_refused_at_their_box(
    client: ConformingClient, cast: Cast, field: str, typed_in: str, said: str
) -> None:
    telephone()
    answer = client.sign_in(cast.founder).post(f"{HERE}/new", data={**GOOD, field: typed_in})
    assert answer.status_code == 422
    assert said in answer.text
    assert details_queries.details_of(BUSINESS) == []


@pytest.mark.parametrize(
    "code", ["“12-34-56”", "'12-34-56'", "12–34–56", "12 — 34 — 56", "12\u00a034\u00a056", "12.34.56", "123 456", "１２-３４-５６", "12\u200b3456"]
)  # fmt: skip
@pytest.mark.parametrize("number", ["“1234 5678”", "1234–5678\u00a0"])
def test_bank_details_pasted_with_quotes_dashes_or_spaces_are_taken_where_their_figures_are_clear(
    client: ConformingClient, cast: Cast, code: str, number: str
) -> None:
    telephone()
    typed = {**GOOD, "sort_code": code, "account_number": number}
    sent(client.sign_in(cast.founder), f"{HERE}/new", typed)
    found = details_queries.waiting_details(BUSINESS)
    assert found is not None
    assert (found.sort_code, found.account_number) == ("123456", "12345678")


def test_bank_details_count_after_a_call_on_a_known_number_and_are_masked_everywhere(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    telephone()
    page = sent(client.sign_in(cast.founder), f"{HERE}/new", GOOD)
    assert "ending 678" in page
    assert "12345678" not in page
    assert "still waiting for our call" in client.get(f"{HERE}/new").text
    found = details_queries.waiting_details(BUSINESS)
    assert found is not None
    one = f"/bank-details/{found.id}"
    assert client.get(one).status_code in {403, 404}

    client.sign_in(cast.finance_officer)
    assert "Call the business to check its bank details" in client.get("/desk").text
    assert "12345678" not in client.get(one).text
    assert "12345678" in client.get(f"{one}/number").text
    looked = db.scalars(select(AuditEntry).where(AuditEntry.act == "reveal_account_number")).one()
    assert looked.actor_id == cast.finance_officer.id
    other = client.post(f"{one}/confirm", data={"number": "07000 000000", "spoke_to": "Ann"})
    assert other.status_code == 422
    assert "Bank details confirmed" in sent(client, f"{one}/confirm", {"number": NUMBER, "spoke_to": "Ann"})
    kinds = list(db.scalars(select(Letter.kind).where(Letter.kind.startswith("bank_details"))))
    assert sorted(kinds) == ["bank_details_confirmed", "bank_details_entered"]
    assert not [each for each in db.scalars(select(AuditValue.changes)) if "12345678" in str(each)]


def test_the_account_is_on_each_page_for_those_who_pay_or_audit_and_on_none_for_other_readers(
    client: ConformingClient, cast: Cast
) -> None:
    telephone()
    confirmed(client, cast)
    payment = due(cast, 100)
    run = in_a_run(client, cast, payment)
    found = details_queries.confirmed_details(BUSINESS)
    assert found is not None
    pages = (run, f"/payments/{payment.id}")
    for who, sees in ((cast.auditor, True), (cast.approver, True), (cast.administrator, False)):
        client.sign_in(who)
        assert {"ending 678" in client.get(each).text for each in pages} == {sees}
        assert (client.get(f"/bank-details/{found.id}").status_code == 200) is sees
        assert (client.get(HERE).status_code == 200) is sees


def test_bank_details_are_refused_or_withdrawn_and_a_new_account_replaces_the_old(
    client: ConformingClient, cast: Cast
) -> None:
    telephone()
    confirmed(client, cast)
    confirmed(client, cast, account_number="87654321")
    assert [str(each.status) for each in details_queries.details_of(BUSINESS)] == ["confirmed", "replaced"]
    for act, who, form in (
        ("withdraw", cast.founder, {}),
        ("refuse", cast.finance_officer, {"reason": "Not known there"}),
    ):
        sent(client.sign_in(cast.founder), f"{HERE}/new", {**GOOD, "account_number": "11111111"})
        found = details_queries.waiting_details(BUSINESS)
        assert found is not None
        sent(client.sign_in(who), f"/bank-details/{found.id}/{act}", form)
    kept = details_queries.confirmed_details(BUSINESS)
    assert kept is not None
    assert kept.account_number == "87654321"


def test_p45_one_person_makes_a_run_another_releases_it_and_the_bank_is_told_once(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    telephone()
    first, second = due(cast, 100), due(cast, 250)
    mine = due(cast, 5, by=cast.finance_officer.actor)
    held = client.sign_in(cast.finance_officer).get("/payment-runs/new").text
    assert "no bank details that were confirmed" in held
    confirmed(client, cast)
    assert "You approved what this pays for" in client.get("/payment-runs/new").text
    refused = {"payments": [str(mine.id)], **typed("1 12 2026", name="pay_on")}
    assert client.post("/payment-runs/new", data=refused).status_code == 422
    run = in_a_run(client, cast, first, second)
    assert client.post(f"{run}/release").status_code == 403
    assert "made this run" in client.get(run).text
    assert client.get(f"{run}/file").status_code == 409
    assert "£350.00" in sent(client.sign_in(cast.approver), f"{run}/release", {})

    whole = client.sign_in(cast.finance_officer).get(f"{run}/file").data
    confirmed(client, cast, account_number="87654321")
    assert whole == client.get(f"{run}/file").data
    assert b"12345678" in whole
    assert b"87654321" not in whole
    root = ET.fromstring(whole)  # noqa: S314 our own file
    names = {"p": PAIN_001}
    sums = [each.text for each in root.findall(".//p:CtrlSum", names)]
    lines = [each.text for each in root.findall(".//p:InstdAmt", names)]
    assert (sums, sorted(each or "" for each in lines)) == (["350.00"] * 2, ["100.00", "250.00"])
    order = [each.tag.removeprefix(f"{{{PAIN_001}}}") for each in root.find(".//p:PmtInf", names) or ()]
    assert order[:9] == [
        *("PmtInfId", "PmtMtd", "NbOfTxs", "CtrlSum", "ReqdExctnDt", "Dbtr", "DbtrAcct", "DbtrAgt"),
        "CdtTrfTxInf",
    ]
    assert "Cast Pictures and Sohne" in {each.text for each in root.findall(".//p:Nm", names)}
    downloads = db.scalars(select(AuditEntry).where(AuditEntry.act == "download_payment_run")).all()
    assert len(downloads) == 2


@pytest.mark.engine("sqlite")
def test_who_releases_a_run_sees_who_approved_and_is_warned_of_an_account_that_is_new(
    client: ConformingClient, cast: Cast
) -> None:
    telephone()
    confirmed(client, cast)
    run = in_a_run(client, cast, due(cast, 100))
    checked = client.sign_in(cast.approver).get(run).text
    assert ("Approved by the system" in checked, "first bank account" in checked) == (True, True)
    assert "Released" in sent(client, f"{run}/release", {})
    confirmed(client, cast, account_number="87654321")
    third = in_a_run(client, cast, due(cast, 7))
    page = client.sign_in(cast.approver).get(third).text
    assert ("new bank account" in page, "before that" in page) == (True, True)
    listed = client.get("/payments").text
    assert 'status=in_run">£7.00 in 1 payment<' in listed, "each sum of the list opens its payments"


def test_p44_the_banks_answer_is_previewed_recorded_once_and_what_it_leaves_open_is_resolved(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    telephone()
    confirmed(client, cast)
    first, second, third = due(cast, 100), due(cast, 250), due(cast, 70)
    run = in_a_run(client, cast, first, second, third)
    sent(client.sign_in(cast.approver), f"{run}/release", {})
    ids = {each.amount.pence: each.end_to_end_id for each in db.scalars(select(queries.RunLine))}
    client.sign_in(cast.finance_officer)
    lines = (
        f"{ids[10_000]},100.00,PAID,",
        f"{ids[10_000]},100.00,PAID,",
        f"{ids[25_000]},250.00,REJECTED,Account closed",
        f"{ids[7_000]},69.99,PAID,",
        "ELSE-1,5.00,PAID,",
    )
    answer = uploaded(client, *lines)
    preview = client.get(answer).text
    for words in ("Repeated: counted once", "Not one of our payments", "Not the amount that we sent"):
        assert words in preview
    assert statuses(db, first) == ["sent"]
    told = sent(client, f"{answer}/record", {})
    assert ("2 lines to resolve below." in told, told.count(">Resolve<")) == (True, 2)
    assert statuses(db, first, second, third) == ["paid", "failed", "sent"]
    assert balances_of(first.about)[LedgerAccount.PAID] == first.amount
    letter = db.scalars(select(Letter).where(Letter.kind == "payment_paid")).one()
    assert (letter.context["amount"], letter.context["account"]) == ("£100.00", "ending 678")
    again = client.post("/bank-answers/new", data={"file": (BytesIO(dated(*lines)), "again.csv")})
    assert "This file was recorded already" in again.text
    assert "Lines to resolve" in client.get("/bank-answers").text
    partial = only_line_left(client, ids[7_000])
    repeated = uploaded(client, f"{ids[10_000]},100.00,PAID,", f"{ids[7_000]},70.00,PAID,")
    sent(client, f"{repeated}/record", {})
    assert statuses(db, third) == ["paid"]
    assert [each.id for each in answer_queries.to_resolve()] == [partial.id], "the bank said two amounts"
    said = {"words": "The bank corrected its first answer"}
    assert "Line resolved, with your words" in sent(client, f"/bank-lines/{partial.id}/resolve", said)
    assert f"/payments/{third.id}" in client.get(f"/bank-lines/{partial.id}").text
    assert balances_of(first.about)[LedgerAccount.PAID] == first.amount


@pytest.mark.engine("sqlite")
def test_a_run_is_paid_on_a_day_on_which_banks_pay_and_not_too_far_ahead(
    client: ConformingClient, cast: Cast
) -> None:
    telephone()
    confirmed(client, cast)
    made = due(cast, 100)
    page = client.get("/payment-runs/new").text
    assert 'value="25"' in page, "the next working day after Tuesday 24 November"
    for day, says in (
        ("28 11 2026", "Banks do not pay on 28 November 2026. The next working day is 30 November 2026"),
        ("25 12 2026", "Banks do not pay on 25 December 2026. The next working day is 29 December 2026"),
        ("1 12 2036", "must be 5 January 2027 or earlier"),
        ("23 11 2026", "must be today or later"),
    ):
        form = {"payments": [str(made.id)], **typed(day, name="pay_on")}
        answer = client.post("/payment-runs/new", data=form)
        assert (answer.status_code, says in answer.text) == (422, True), day


def only_line_left(client: ConformingClient, reference: str) -> BankAnswerLine:
    """The line of another amount, which names its business and what we sent; the others are resolved."""
    waiting = client.get("/bank-answers").text
    assert "Cast Pictures" in waiting.partition("Files<")[0]
    assert "we sent £70.00" in waiting, "whose payment it is, and what we sent"
    for words in (reference, reference.rpartition("-")[0]):
        found = client.get(f"/search?q={words}").text
        assert ("£70.00 to " in found, words in found) == (True, True)
    (partial,) = [each for each in answer_queries.to_resolve() if each.end_to_end_id == reference]
    for each in answer_queries.to_resolve():
        if each is not partial:
            sent(client, f"/bank-lines/{each.id}/resolve", {"words": "The bank had mistyped it"})
    return partial


def test_a_rejected_payment_is_due_again_with_new_bank_details_or_cancelled(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    telephone()
    confirmed(client, cast)
    found = due(cast, 100)
    run = in_a_run(client, cast, found)
    sent(client.sign_in(cast.approver), f"{run}/release", {})
    line = db.scalars(select(queries.RunLine)).one()
    client.sign_in(cast.finance_officer)
    sent(client, f"{uploaded(client, f'{line.end_to_end_id},100,REJECTED,Closed')}/record", {})
    here = f"/payments/{found.id}"
    assert client.post(f"{here}/retry").status_code == 409
    confirmed(client, cast, account_number="87654321")
    assert "due again" in sent(client, f"{here}/retry", {})
    again = in_a_run(client, cast, found)
    sent(client, f"{again}/discard", {"reason": "Wrong day"})
    assert "Payment cancelled" in sent(client, f"{here}/cancel", {"reason": "The claim was withdrawn"})
    assert "£100.00" in client.get("/payments?status=cancelled").text
    rows = client.get("/payments.csv?status=cancelled").text
    assert "Cast Pictures" in rows
    dropped = uploaded(client, "ELSE-1,5.00,PAID,")
    sent(client, f"{dropped}/discard", {})


def test_a_payment_that_the_bank_never_answers_is_settled_by_two_people_in_words(
    client: ConformingClient, cast: Cast, db: Session, clock: Any
) -> None:
    telephone()
    confirmed(client, cast)
    paid, not_paid = due(cast, 100), due(cast, 250)
    run = in_a_run(client, cast, paid, not_paid, pay_on="1 12 2026")
    sent(client.sign_in(cast.approver), f"{run}/release", {})
    client.sign_in(cast.finance_officer)
    given = {"outcome": "paid", "words": "It is on the statement of 1 December"}
    early = client.post(f"/payments/{paid.id}/settle", data=given)
    assert (early.status_code, "The bank pays on 1 December 2026" in early.text) == (409, True)
    clock.move_to(datetime(2026, 12, 2, 12, tzinfo=UTC))
    client.sign_in(cast.finance_officer)
    assert client.get("/desk").text.count("Find out what became of a payment") == 2
    assert client.post(f"/payments/{paid.id}/settle", data={**given, "words": ""}).status_code == 422
    for each, outcome in ((paid, "paid"), (not_paid, "not_paid")):
        page = sent(client, f"/payments/{each.id}/settle", {**given, "outcome": outcome})
        assert "You proposed this" in page
        waiting = queries.settlement_waiting(each.id)
        assert waiting is not None
        assert client.post(f"/payment-settlements/{waiting.id}/confirm").status_code == 403
        client.sign_in(cast.approver)
        assert "Confirm what became of a payment" in client.get("/desk").text
        if each is paid:
            assert "stays as it was" in sent(client, f"/payment-settlements/{waiting.id}/refuse", {})
            sent(client.sign_in(cast.finance_officer), f"/payments/{each.id}/settle", given)
            waiting = queries.settlement_waiting(each.id)
            assert waiting is not None
            client.sign_in(cast.approver)
        assert "Confirmed" in sent(client, f"/payment-settlements/{waiting.id}/confirm", {})
        assert client.post(f"/payment-settlements/{waiting.id}/confirm").status_code == 409
        client.sign_in(cast.finance_officer)
    assert statuses(db, paid, not_paid) == ["paid", "failed"]
    assert balances_of(paid.about)[LedgerAccount.PAID] == paid.amount
    assert balances_of(not_paid.about)[LedgerAccount.PAID] == Money(0)
    line = db.scalars(select(queries.RunLine).where(queries.RunLine.payment_id == paid.id)).one()
    late = uploaded(client, f"{line.end_to_end_id},100.00,PAID,")
    assert "Comes after the payment was settled" in sent(client, f"{late}/record", {})
    assert "due again" in sent(client, f"/payments/{not_paid.id}/retry", {})
