"""Rows as a workbook (XLSX): sums and days are numbers, text is text and never a formula or a link."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from crm.kernel.clock import to_local
from crm.kernel.money import Money

FORMATS = {
    "head": {"bold": True, "bottom": 1},
    "money": {"num_format": "£#,##0.00"},
    "day": {"num_format": "dd/mm/yyyy"},
    "moment": {"num_format": "dd/mm/yyyy hh:mm"},
}
LITERAL = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""What an investor or a business typed stays text, whatever it begins with."""


def workbook_of(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet with its head kept in sight."""
    from xlsxwriter import Workbook  # loaded where a workbook is asked for

    whole = io.BytesIO()
    with Workbook(whole, {"in_memory": True, **LITERAL}) as book:
        formats = {name: book.add_format(each) for name, each in FORMATS.items()}
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, head, formats["head"])
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                _write(sheet, (number, column), value, formats)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return whole.getvalue()


def _write(sheet: Any, at: tuple[int, int], value: Any, formats: dict[str, Any]) -> None:
    if isinstance(value, Money):
        sheet.write_number(*at, value.pence / 100, formats["money"])
    elif isinstance(value, datetime):
        sheet.write_datetime(*at, to_local(value).replace(tzinfo=None, microsecond=0), formats["moment"])
    elif isinstance(value, date):
        sheet.write_datetime(*at, value, formats["day"])
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        sheet.write_number(*at, value)
    elif value is not None and value != "":
        sheet.write_string(*at, _text_of(value))


def _text_of(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, tuple | list | set | frozenset):
        return "; ".join(str(each) for each in value)
    return str(value.value if isinstance(value, Enum) else value)
