"""The letter to the department’s adviser about those whom the threshold of turnover shuts out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crm.exporting.cover.rules.counting import FEWER, Case
from crm.kernel.money import Money
from crm.web.filters import day
from crm.web.typesetting import set_paper

SHEET = Path(__file__).parent / "reference" / "letter.typ"
HEADINGS = {
    "sector": "By sector",
    "wanted": "What they wanted",
    "band": "Their turnover when they asked",
    "became": "What became of them",
}


def letter_pdf(case: Case, *, focus: Money, on: Any, sender: str, contact: str) -> bytes:
    """The letter as tagged PDF (PDF/UA-1). Its figures are those of the page as people outside see it."""
    told: dict[str, Any] = {
        "sender": sender,
        "contact": contact,
        "day": day(on),
        "since": day(case.first_on) if case.first_on else "",
        "threshold": focus.short(),
        "businesses": f"{case.businesses:,}",
        "attempts": f"{case.attempts:,}",
        "tables": [
            [
                HEADINGS[name],
                [[each.words, _said(each.businesses), _said(each.attempts)] for each in lines],
            ]
            for name, lines in case.tables.items()
        ],
    }
    return set_paper(SHEET, told)


def _said(count: int | None) -> str:
    return FEWER if count is None else f"{count:,}"
