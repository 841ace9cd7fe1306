"""Rows as a workbook: read back by its parts, with sums and days as numbers and nothing that runs."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest

from crm.kernel.money import Money
from crm.web.workbooks import workbook_of

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
NAME = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read(made: bytes) -> list[list[str | float]]:
    """The cells of the one sheet: text as text, numbers as numbers."""
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        shared, sheet = (ET.fromstring(book.read(part)) for part in (STRINGS, SHEET))  # noqa: S314 our own file
    strings = ["".join(each.itertext()) for each in shared.iter(f"{NAME}si")]
    assert not list(sheet.iter(f"{NAME}f")), "no cell is a formula"
    assert not list(sheet.iter(f"{NAME}hyperlink"))
    return [[_value(cell, strings) for cell in row] for row in sheet.iter(f"{NAME}row")]


def _value(cell: ET.Element, strings: list[str]) -> str | float:
    found = cell.find(f"{NAME}v")
    text = found.text if found is not None and found.text else ""
    return strings[int(text)] if cell.get("t") == "s" else float(text)


def test_sums_days_and_moments_are_numbers_and_codes_are_words() -> None:
    moment = datetime(2026, 7, 1, 12, 30, tzinfo=UTC)
    rows = [["A", Money.pounds(1_234_567) + Money(89), date(2026, 4, 6), moment, 3, True, ("b", "c"), None]]
    head, row = read(
        workbook_of(("Name", "Sum", "Day", "Moment", "Number", "Is it", "Several", "None"), rows)
    )
    assert head[0] == "Name"
    day = (date(2026, 4, 6) - date(1899, 12, 30)).days
    summer = (date(2026, 7, 1) - date(1899, 12, 30)).days + 13.5 / 24
    assert row[:3] == ["A", 1_234_567.89, day]
    assert row[3] == pytest.approx(summer), "as the clock in London shows it"
    assert row[4:] == [3, "Yes", "b; c"]


@pytest.mark.parametrize(
    "typed", ["=1+1", "+44 121", "-5", "@SUM(A1)", "{=1}", "https://made.example", "007"]
)
def test_n54_what_somebody_typed_stays_text(typed: str) -> None:
    _, row = read(workbook_of(("Name",), [[typed]]))
    assert row == [typed]
