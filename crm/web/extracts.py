"""What leaves as a file: the rows of a list as CSV or a workbook that run nothing, papers, calendars; whole or not at all."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any

from flask import Response, send_file

from crm.kernel.clock import to_local
from crm.kernel.events import Event
from crm.kernel.money import Money
from crm.kernel.text import capital
from crm.kernel.workflow import spoken
from crm.web.workbooks import workbook_of

RUNS = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
"""What a spreadsheet takes a cell for a formula by, in half-width and full-width signs."""
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def cell(value: Any) -> str:
    """One value as a cell: yes or no in words, money in plain pounds, days and moments as ISO says, codes as they are said, and text that cannot run."""
    if value is None:
        return ""
    if isinstance(value, Money):
        pounds, pence = divmod(abs(value.pence), 100)
        return f"{'-' if value.pence < 0 else ''}{pounds}.{pence:02}"
    if isinstance(value, datetime):
        return to_local(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, tuple | list | set | frozenset):
        return harmless("; ".join(str(each) for each in value))
    return harmless(str(capital(spoken(value.value)) if isinstance(value, Enum) else value))


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would run it; plain numbers stay."""
    return f"'{text}" if RUNS.match(text) and not NUMBER.fullmatch(text) else text


def csv_response(name: str, head: Sequence[str], *, rows: Iterable[Sequence[Any]]) -> Response:
    """A file to keep, in UTF-8 with its mark. It is written whole before anything is sent: a fault is an error page.

    The first heading must not be "ID": some spreadsheets take such a file for another format.
    """
    assert head[0] != "ID"
    kept = io.BytesIO()
    text = io.TextIOWrapper(kept, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([cell(each) for each in row] for row in rows)
    text.flush()
    text.detach()
    kept.seek(0)
    return send_file(kept, mimetype="text/csv", as_attachment=True, download_name=name)


WORKBOOK = "xlsx"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_response(name: str, head: Sequence[str], *, kind: str, rows: Iterable[Sequence[Any]]) -> Response:
    """The same rows as CSV or as a workbook, whose sums and days are numbers that can be added and sorted."""
    if kind != WORKBOOK:
        return csv_response(f"{name}.csv", head, rows=rows)
    whole = io.BytesIO(workbook_of(head, rows))
    return send_file(whole, mimetype=WORKBOOK_TYPE, as_attachment=True, download_name=f"{name}.{WORKBOOK}")


def pdf_response(name: str, made: bytes) -> Response:
    """A paper to keep, or to print."""
    return send_file(io.BytesIO(made), mimetype="application/pdf", as_attachment=True, download_name=name)


def zip_response(name: str, made: bytes) -> Response:
    """An archive that was made whole."""
    return send_file(io.BytesIO(made), mimetype="application/zip", as_attachment=True, download_name=name)


def subscribed_response(text: str) -> Response:
    """A calendar that a program reads at an address, again and again."""
    return Response(text, mimetype="text/calendar")


def calendar_response(name: str, event: Event) -> Response:
    """Something at a time, for a calendar."""
    whole = io.BytesIO(event.to_ics().encode())
    return send_file(whole, mimetype="text/calendar", as_attachment=True, download_name=name)


def workbook_response(name: str, made: bytes) -> Response:
    """A workbook (XLSX) that was made whole."""
    return send_file(io.BytesIO(made), mimetype=WORKBOOK_TYPE, as_attachment=True, download_name=name)
