"""Sheets of a workbook that calculates: a pen that writes rows, and formulas each with the value that it has."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.kernel.money import Money

FORMATS = {
    "title": {"bold": True, "font_size": 16},
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
    "money": {"num_format": "£#,##0.00"},
    "count": {"num_format": "#,##0"},
    "day": {"num_format": "d mmm yyyy"},
    "input": {"num_format": "#,##0.##", "bg_color": "#e7dff2", "border": 1},
    "share": {"num_format": '0.0"%"'},
    "text": {},
}
LITERAL = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
SUMMARY = "Summary"


@dataclass(frozen=True)
class Told:
    """What the head of a workbook says: who made it, when, from which asks and at which address."""

    sender: str
    made: str
    scope: str
    address: str


@dataclass(frozen=True)
class Cells:
    """A formula with the value that it has as the workbook is made."""

    formula: str
    value: Any


def workbook_of(names: Sequence[str], write: Callable[[dict[str, Pen]], None]) -> bytes:
    """A workbook with these sheets, as ``write`` fills them. Text stays text, whatever it begins with."""
    from xlsxwriter import Workbook  # loaded where a workbook is asked for

    whole = io.BytesIO()
    with Workbook(whole, {"in_memory": True, **LITERAL}) as book:
        formats = {name: book.add_format(each) for name, each in FORMATS.items()}
        write({name: Pen(book.add_worksheet(name), formats) for name in names})
    return whole.getvalue()


class Pen:
    """Writes the cells of one sheet, row by row."""

    def __init__(self, sheet: Any, formats: dict[str, Any]) -> None:
        self.sheet, self.formats, self.row = sheet, formats, 0

    def line(self, *values: Any, style: str = "text", beside: Any = None) -> None:
        """One more row: text, numbers, sums of money, days, and formulas with their value; ``beside`` is a cell to change."""
        for column, value in enumerate(values):
            self._write((self.row, column), value, style)
        self._write((self.row, len(values)), beside, "input")
        self.row += 1

    def _write(self, at: tuple[int, int], value: Any, style: str) -> None:
        form = self.formats
        if isinstance(value, Cells):
            name = (
                "money"
                if isinstance(value.value, Money)
                else "day"
                if isinstance(value.value, date)
                else "count"
            )
            self.sheet.write_formula(*at, value.formula, form[name], _plain(value.value))
        elif isinstance(value, Money):
            self.sheet.write_number(*at, value.pence / 100, form["money" if style == "text" else style])
        elif isinstance(value, date):
            self.sheet.write_datetime(*at, value, form["day"])
        elif isinstance(value, int):
            self.sheet.write_number(*at, value, form["count" if style == "text" else style])
        elif value is not None:
            self.sheet.write_string(*at, value, form[style])

    def widths(self, columns: Sequence[int]) -> None:
        """How wide the columns are, in signs."""
        for number, width in enumerate(columns):
            self.sheet.set_column(number, number, width)


def _style_of(value: Any) -> str:
    kinds: tuple[tuple[type, str], ...] = ((Money, "money"), (date, "day"), (float, "share"))
    return next((style for kind, style in kinds if isinstance(value, kind)), "count")


def _plain(value: Any) -> Any:
    """A value as a spreadsheet keeps it."""
    if isinstance(value, Money):
        return value.pence / 100
    return (value - date(1899, 12, 30)).days if isinstance(value, date) else value


def introduce(pen: Pen, told: Told, *, warning: str) -> None:
    """The head of the first sheet: what it is, who made it when, and from what."""
    pen.line("The case for a Regional Creative Development Fund", style="title")
    pen.line(f"{told.sender}, worked out on {told.made}.")
    pen.line(f"Asks for finance: {told.scope}. Query: {told.address}")
    pen.line(warning)
    pen.line("")
