"""What a file for the bank adds up to, and what a line of its answer comes to."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.funding.payments.rules.accounts import BankAccount, for_the_bank
from crm.funding.payments.rules.answers import Known, Said, Verdict, read_answer, verdicts
from crm.funding.payments.rules.files import PAIN_001, RunFile, Transfer, pain_001
from crm.kernel.emails import mailbox
from crm.kernel.errors import BadInput
from crm.kernel.money import MOST_PENCE, Money

TO = BankAccount("An Invented Firm", "123456", "12345678")
AMOUNTS = st.lists(st.integers(1, MOST_PENCE), min_size=1, max_size=30)


@given(AMOUNTS)
def test_the_lines_of_a_file_add_up_to_its_control_sum_to_the_penny(pence: list[int]) -> None:
    transfers = tuple(Transfer(f"R-{at}", Money(each), TO, "a claim") for at, each in enumerate(pence))
    found = RunFile("R", datetime(2026, 12, 1, tzinfo=UTC), date(2026, 12, 3), TO, transfers)
    root = ET.fromstring(pain_001(found))  # noqa: S314 our own file
    lines = [Decimal(each.text or "") for each in root.iter(f"{{{PAIN_001}}}InstdAmt")]
    for each in root.iter(f"{{{PAIN_001}}}CtrlSum"):
        assert Decimal(each.text or "") == sum(lines) == Decimal(sum(pence)) / 100
    assert {each.text for each in root.iter(f"{{{PAIN_001}}}NbOfTxs")} == {str(len(pence))}


@given(st.text(max_size=200))
def test_only_what_banks_take_is_left_of_a_text(text: str) -> None:
    found = for_the_bank(text)
    assert len(found) <= 70
    assert all(each.isascii() and (each.isalnum() or each in "/-?:().,'+ ") for each in found)


def test_letters_are_written_out_by_rule() -> None:
    assert for_the_bank("Łódź & Ærø – “Straße” <Ltd>") == "Lodz and AEro - Strasse Ltd"
    assert mailbox("Ann+pay@Made.example") == mailbox("ann@made.example")


def test_a_line_counts_once_and_a_contradiction_waits_for_a_person() -> None:
    known = {
        "A": Known(Money(100), is_open=True),
        "B": Known(Money(5), is_open=False, counted=True),
        "C": Known(Money(7), is_open=False),
    }
    said = [
        Said("A", Money(100), is_paid=True),
        Said("A", Money(100), is_paid=False),
        Said("B", Money(5), is_paid=True),
        Said("B", Money(5), is_paid=False),
        Said("C", Money(7), is_paid=True),
        Said("D", Money(7), is_paid=True),
        Said("A", Money(99), is_paid=True),
    ]
    assert [str(each) for each in verdicts(said, known, sent=known)] == [
        *("opposed", "opposed", "repeated", "late", "late", "unknown", "partial")
    ]
    assert Verdict.LATE == "late"


def test_p44_what_an_earlier_file_said_is_looked_into_once_but_a_part_without_a_day_may_be_the_second_part() -> (
    None
):
    known = {"A": Known(Money(120), is_open=True)}
    day = date(2026, 11, 24)
    part = Said("A", Money(60), is_paid=True, paid_on=day)
    undated = Said("A", Money(60), is_paid=True)
    stranger = Said("Z", Money(5), is_paid=True)
    before = {part, undated, stranger}
    said = [part, undated, stranger, Said("A", Money(60), is_paid=True, paid_on=date(2026, 11, 25))]
    assert [str(each) for each in verdicts(said, known, sent=known, before=before)] == [
        *("repeated", "partial", "repeated", "partial")
    ]
    whole = Said("A", Money(120), is_paid=True, paid_on=day)
    assert verdicts([whole], known, sent=known, before={whole}) == [Verdict.PAID], (
        "what can be settled now is"
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff\xfe", "the file is empty"),
        (b"", "the file is empty"),
        (b"end_to_end_id,amount\nA,1", "Missing: status, reason"),
        (b"end_to_end_id,amount,status,reason\n", "one or more lines"),
        (b"end_to_end_id,amount,status,reason\nA,-1,PAID,", "Line 2, amount"),
        (b"end_to_end_id,amount,status,reason\nA,1,MAYBE,", "PAID or REJECTED"),
        (b"end_to_end_id,amount,status,reason\n,1,PAID,", "1 to 35"),
        (b'end_to_end_id,amount,status,reason\nA,1,PAID,"no\nB,2,PAID,\n', "Line 2: .* never closes"),
        (
            b'end_to_end_id,amount,status,reason\nA,1,PAID,"no\nB,2,PAID,"\n',
            "Line 2: a quote opens in this line",
        ),
        (b"end_to_end_id,amount,status,reason\nA,1,PAID\n", "Line 2: this line has 3 cells"),
    ],
    ids=[
        "bytes",
        "empty",
        "columns",
        "no-lines",
        "negative",
        "status",
        "no-id",
        "open-quote",
        "swallowed",
        "short",
    ],
)
def test_an_answer_that_cannot_be_read_says_where(data: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_answer(data)
