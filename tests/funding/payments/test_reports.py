"""The bank's answer as a payment status report (pain.002): read without a document type, through the same preview as CSV."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from sqlalchemy.orm import Session

from crm.funding.payments.queries import payments as queries
from crm.funding.payments.rules.reports import Reported, WholeRun, is_report, read_report
from crm.kernel.errors import BadInput
from crm.kernel.money import Money
from tests.cast import Cast
from tests.client import ConformingClient
from tests.funding.payments.paying import due, telephone
from tests.funding.payments.test_pages import confirmed, in_a_run, statuses
from tests.programme.pages import sent

SPACE = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"
HEAD = "<GrpHdr><MsgId>B1</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>{run}</OrgnlMsgId>{status}</OrgnlGrpInfAndSts>"


def report(
    *payments: str, run: str = "PAY-1", status: str = "", space: str = SPACE, before: str = ""
) -> bytes:
    """A report about some payments of a run."""
    inner = HEAD.format(run=run, status=f"<GrpSts>{status}</GrpSts>" if status else "")
    part = f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{run}</OrgnlPmtInfId>{''.join(payments)}</OrgnlPmtInfAndSts>"
    whole = f"<CstmrPmtStsRpt>{inner}{part if payments else ''}</CstmrPmtStsRpt>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<Document xmlns="{space}">{whole}</Document>'.encode()
    )


def payment(
    key: str, status: str, amount: str = "", *, currency: str = "GBP", reason: str = "", on: str = ""
) -> str:
    sum_ = (
        f'<OrgnlTxRef><Amt><InstdAmt Ccy="{currency}">{amount}</InstdAmt></Amt></OrgnlTxRef>'
        if amount
        else ""
    )
    why = f"<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>{reason}</AddtlInf></StsRsnInf>" if reason else ""
    day = f"<FctvIntrBkSttlmDt><Dt>{on}</Dt></FctvIntrBkSttlmDt>" if on else ""
    key = f"<OrgnlEndToEndId>{key}</OrgnlEndToEndId>"
    return f"<TxInfAndSts>{key}<TxSts>{status}</TxSts>{why}{day}{sum_}</TxInfAndSts>"


def test_a_report_says_of_each_payment_what_is_final_and_leaves_out_what_is_on_its_way() -> None:
    data = report(
        payment("A", "ACSC", "100.00"),
        payment("B", "RJCT", "70.5", reason="Account  closed"),
        payment("C", "ACSP", "5"),
        payment("D", "ACCC"),
    )
    assert is_report(data)
    assert is_report(data.decode().replace("UTF-8", "UTF-16").encode("utf-16"))
    assert not is_report(b"end_to_end_id,amount,status,reason\n")
    assert read_report(data) == [
        Reported("A", Money.pounds(100), True),
        Reported("B", Money(7_050), False, "The account is closed (AC04): Account closed"),
        Reported("D", None, True),
    ]
    assert read_report(report(status="RJCT", run="PAY-7")) == [WholeRun("PAY-7", False)]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<", "line 1 is not as XML should be"),
        (report(payment("A", "ACSC"))[:-20], "not as XML should be"),
        (b"<html></html>", "not a payment status report"),
        (report(space="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"), "not a payment status report"),
        (f'<Document xmlns="{SPACE}"/>'.encode(), "CstmrPmtStsRpt"),
        (report(payment("A", "ACSC"), before='<!DOCTYPE x [<!ENTITY a "aa">]>'), "document type or entities"),
        (
            report(payment("A", "ACSC"), before='<!DOCTYPE x SYSTEM "file:///etc/passwd">'),
            "document type or entities",
        ),
        (report(payment("A", "WHAT")), "“WHAT” is not one that we know"),
        (report(payment("", "ACSC")), "1 to 35 characters"),
        (report(payment("A" * 36, "ACSC")), "1 to 35 characters"),
        (report(payment("A", "ACSC", "1", currency="EUR")), "must be in GBP"),
        (report(payment("A", "ACSC", "-1")), "must be in GBP"),
        (report(payment("A", "ACSC", "1e6")), "must be in GBP"),
        (report(payment("A", "ACSC", "1.005")), "whole pence"),
        (report(payment("A", "ACSP")), "still on its way"),
        (report(), "names no payment"),
    ],
    ids=[
        *("bytes", "cut", "html", "pain.001", "empty", "entity", "doctype", "status", "no-id", "36"),
        *("euros", "negative", "exponent", "half-a-penny", "on-the-way", "nothing"),
    ],
)
def test_a_report_that_cannot_be_read_says_why(data: bytes, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        read_report(data)


def upload(client: ConformingClient, data: bytes) -> str:
    answer = client.post("/bank-answers/new", data={"file": (BytesIO(data), "answer.xml")})
    assert answer.status_code == 303, answer.text
    return answer.location


def test_p45_a_report_goes_through_the_same_preview_and_nothing_is_paid_twice(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    telephone()
    confirmed(client, cast)
    first, second = due(cast, 100), due(cast, 70)
    run = in_a_run(client, cast, first, second)
    sent(client.sign_in(cast.approver), f"{run}/release", {})
    ids = {each.amount.pence: each.end_to_end_id for each in db.scalars(queries.select(queries.RunLine))}
    client.sign_in(cast.finance_officer)
    bad = client.post("/bank-answers/new", data={"file": (BytesIO(b"<!DOCTYPE x><x/>"), "answer.xml")})
    assert bad.status_code == 422
    assert "document type or entities" in bad.text
    data = report(
        payment(ids[10_000], "ACSC", "100.00", on="2026-11-24"),
        payment(ids[10_000], "ACSC", "100.00", on="2026-11-24"),
        payment(ids[7_000], "ACSC", "69.99"),
        payment("NOT-OURS", "ACSC", "5"),
    )
    here = upload(client, data)
    page = client.get(here).text
    for words in ("Repeated: counted once", "Not the amount that we sent", "Not one of our payments"):
        assert words in page
    assert statuses(db, first, second) == ["sent", "sent"], "nothing follows from an upload"
    sent(client, f"{here}/record", {})
    assert statuses(db, first, second) == ["paid", "sent"]
    unknown = client.post("/bank-answers/new", data={"file": (BytesIO(report(status="RJCT")), "whole.xml")})
    assert "no payment run of ours" in unknown.text
    sent(client, f"{upload(client, report(payment(ids[7_000], 'RJCT', reason='Closed')))}/record", {})
    assert statuses(db, first, second) == ["paid", "failed"], "where the report names no sum, ours counts"
    assert "The account is closed (AC04): Closed" in client.get(f"/payments/{second.id}").text
    reference = queries.run(queries.tries_of(first.id)[0].run_id)
    assert reference is not None
    late = upload(client, report(status="RJCT", run=reference.reference))
    sent(client, f"{late}/record", {})
    assert statuses(db, first, second) == ["paid", "failed"], (
        "a late answer about the whole run changes nothing"
    )


def test_the_day_of_a_payment_is_the_one_on_which_the_report_says_that_it_was_settled() -> None:
    settled = "<FctvIntrBkSttlmDt><Dt>2026-11-30</Dt></FctvIntrBkSttlmDt></TxInfAndSts>"
    data = report(payment("A", "ACSC").replace("</TxInfAndSts>", settled), payment("B", "ACSC"))
    assert [each.paid_on for each in read_report(data)] == [date(2026, 11, 30), None]
