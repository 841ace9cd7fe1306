"""What the bank says of a whole file, and of the message, is about us: no business is blamed for it or asked for anything."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.funding.payments.models import Payment
from crm.funding.payments.queries import payments as queries
from crm.funding.payments.rules.reasons import CODES, OURS, PAYEES, in_words, is_against_payee, to_payee
from crm.notices.models import Letter
from crm.notices.service import as_sent
from tests.cast import Cast
from tests.client import ConformingClient
from tests.funding.payments.paying import due, telephone
from tests.funding.payments.test_pages import confirmed, sent, statuses
from tests.funding.payments.test_rejected import is_kept_out, released
from tests.funding.payments.test_reports import payment as said_of
from tests.funding.payments.test_reports import report, upload

pytestmark = pytest.mark.engine("sqlite")
WHY = "<StsRsnInf><Rsn><Cd>{}</Cd></Rsn></StsRsnInf>"
ACCUSED = ("Enter other bank details", "enter another", "Enter new ones", "must enter new")


def refused(
    client: ConformingClient, cast: Cast, *payments: Payment, code: str = "", named: bool = False
) -> None:
    """The bank refuses a whole file: without a reason, or with a code, and with its payments named or not."""
    released(client, cast, *payments)
    line = queries.tries_of(payments[0].id)[0]
    run = queries.run(line.run_id)
    assert run is not None
    keys = [each.end_to_end_id for each in run.lines] if named else []
    data = report(*(said_of(each, "RJCT") for each in keys), run=run.reference, status="RJCT").decode()
    data = data.replace("</GrpSts>", "</GrpSts>" + (WHY.format(code) if code else ""))
    client.sign_in(cast.finance_officer)
    sent(client, f"{upload(client, data.encode())}/record", {})


def texts(db: Session, kind: str) -> list[str]:
    """The letters of a kind as they are read, each on one line."""
    rows = db.scalars(select(Letter).where(Letter.kind == kind)).all()
    return [" ".join(as_sent(each.kind, {**each.context, "to_name": "Made"}).text.split()) for each in rows]


@pytest.mark.parametrize("named", [False, True], ids=["whole", "named"])
@pytest.mark.parametrize("code", ["", "FF02", "AM16", "MS03", "AC04"])
def test_k28_k10_a_file_that_the_bank_refuses_is_held_against_no_business(
    client: ConformingClient, cast: Cast, db: Session, code: str, named: bool
) -> None:
    telephone()
    confirmed(client, cast)
    first, second, left = due(cast, 100), due(cast, 70), due(cast, 7)
    refused(client, cast, first, second, code=code, named=named)
    assert statuses(db, first, second) == ["failed", "failed"]
    here = f"/payments/{first.id}"
    page = " ".join(client.get(here).text.split())
    assert "The bank refused the whole file" in page, "finance reads what the bank said"
    assert "What the bank said is not about that account: put it right with the bank first." in page
    letters = texts(db, "payment_failed")
    own = [client.sign_in(cast.founder).get(each).text for each in (here, "/desk", "/account")]
    assert not [words for words in ACCUSED for each in (*letters, *own) if words in each]
    assert "You have nothing to do" in letters[0]
    assert not [
        words for words in ("whole file", "gave no reason", code or "()") for each in letters if words in each
    ]

    for each in (first, second):
        sent(client.sign_in(cast.finance_officer), f"/payments/{each.id}/retry", {})
    released(client, cast, first, second, left)


def test_k28_a_code_of_one_payment_alone_in_its_file_can_be_about_its_account(
    client: ConformingClient, cast: Cast
) -> None:
    telephone()
    confirmed(client, cast)
    first, left = due(cast, 100), due(cast, 7)
    refused(client, cast, first, code="AC04")
    assert is_kept_out(client, cast, left)


def test_t2_the_letter_has_no_code_and_nothing_of_our_money_or_of_the_banks_suspicions() -> None:
    told = {code: to_payee(in_words(code)) for code in CODES}
    assert not [code for code in OURS if told[code]]
    assert not [code for code, words in told.items() if code in words or "payee" in words or "fraud" in words]
    assert told["AC04"] == "The account is closed"
    assert to_payee(in_words("AC04 on 3 May")) == "The account is closed: on 3 May"
    assert to_payee("No such account") == "No such account"
    assert to_payee("The bank gave no reason") == ""


def test_every_code_is_in_one_table_and_what_was_recorded_before_it_was_known_is_read_so_too() -> None:
    assert PAYEES.keys() & OURS.keys() == set()
    said = {
        each: [
            is_against_payee(one) for one in (in_words(each), f"The bank gave the code {each}", f"{each} why")
        ]
        for each in CODES
    }
    assert {each for each, found in said.items() if set(found) == {False}} == set(OURS)
    assert {each for each, found in said.items() if set(found) == {True}} == set(PAYEES)


@pytest.mark.parametrize("named", [False, True], ids=["whole", "named"])
@pytest.mark.parametrize("code", ["DU01", "AM05", "DUPL"])
def test_k28_what_the_bank_has_already_is_no_refusal_of_the_money_and_a_person_finds_out(
    client: ConformingClient, cast: Cast, db: Session, code: str, named: bool
) -> None:
    telephone()
    confirmed(client, cast)
    first, second = due(cast, 100), due(cast, 70)
    refused(client, cast, first, second, code=code, named=named)
    assert statuses(db, first, second) == ["sent", "sent"]
    here = f"/payments/{first.id}"
    page = " ".join(client.get(here).text.split())
    assert ("Make due again" in page, "that is not resolved" in page) == (False, True)
    assert texts(db, "payment_failed") == [], "nobody is told that the money did not come"
    assert client.post(f"{here}/retry").status_code == 409
    assert "or says that the bank has it already" in client.get("/bank-answers").text


def test_k28_a_refused_file_that_names_one_payment_refuses_the_others_too_and_one_that_it_pays_is_looked_into(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    telephone()
    confirmed(client, cast)
    first, second, third = due(cast, 100), due(cast, 70), due(cast, 7)
    released(client, cast, first, second, third)
    lines = [queries.tries_of(each.id)[0] for each in (first, second)]
    run = queries.run(lines[0].run_id)
    assert run is not None
    keys = [each.end_to_end_id for each in lines]
    said = (said_of(keys[0], "RJCT"), said_of(keys[1], "ACSC"))
    client.sign_in(cast.finance_officer)
    sent(client, f"{upload(client, report(*said, run=run.reference, status='RJCT'))}/record", {})
    assert statuses(db, first, second, third) == ["failed", "sent", "failed"]
