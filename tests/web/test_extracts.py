"""Extracts: cells that no spreadsheet runs, and a file that is whole or not there."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import StrEnum

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.money import Money
from crm.web.extracts import cell, csv_response


class Word(StrEnum):
    """A word from a list."""

    ONE = "one_more"


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("=1+1", "'=1+1"), ("@x", "'@x"), ("+44 121", "'+44 121"), ("-cmd", "'-cmd"), ("\tx", "'\tx"), ("\rx", "'\rx"),
        ("＝1", "'＝1"), ("-12.5", "-12.5"), ("12", "12"), ("plain = text", "plain = text"), ("", ""), (None, ""),
        (Money(-1250), "-12.50"), (Money(5), "0.05"), (date(2026, 3, 1), "2026-03-01"), (("a", "b"), "a; b"),
        (("=a",), "'=a"), (Word.ONE, "One more"), (datetime(2026, 7, 1, 9, tzinfo=UTC), "2026-07-01T10:00:00+01:00"),
    ],
)  # fmt: skip
def test_a59_a_cell_is_harmless(value: object, kept: str) -> None:
    assert cell(value) == kept


@given(st.text(max_size=30))
def test_a59_no_text_begins_as_a_formula_does(text: str) -> None:
    kept = cell(text)
    assert kept.removeprefix("'") == text or kept == text
    assert kept[:1] not in {"=", "+", "@", "\t", "\r"}


def test_a59_a_file_is_utf8_with_its_mark_and_reads_back(app: Flask) -> None:
    with app.test_request_context():
        answer = csv_response("x.csv", ["Name", "Words"], rows=[["Ŵyn, “Ox”", "two\nlines"]])
        answer.direct_passthrough = False
        data = answer.get_data()
        answer.close()
    assert data.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))) == [
        ["Name", "Words"],
        ["Ŵyn, “Ox”", "two\nlines"],
    ]
    assert answer.headers["Content-Disposition"] == "attachment; filename=x.csv"


def test_a59_a_fault_half_way_is_a_fault_and_no_short_file(app: Flask) -> None:
    def rows() -> Iterator[list[str]]:
        yield ["one"]
        raise ZeroDivisionError

    with app.test_request_context(), pytest.raises(ZeroDivisionError):
        csv_response("x.csv", ["Name"], rows=rows())


def test_a59_the_first_heading_is_never_one_that_spreadsheets_mistake(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(AssertionError):
        csv_response("x.csv", ["ID"], rows=[])
