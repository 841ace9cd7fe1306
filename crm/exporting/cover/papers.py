"""Those whom the threshold of turnover shuts out: as a file, and in a letter to the department’s adviser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crm.exporting.cover.models import CoverCheck
from crm.exporting.cover.rules.counting import BECAME, NO_SECTOR, Attempt, Case
from crm.exporting.cover.rules.labels import RESULTS
from crm.exporting.cover.rules.products import WISHES
from crm.kernel.clock import day_of
from crm.kernel.eligibility import DCMS_GROUPS
from crm.kernel.money import Money
from crm.kernel.small_numbers import HIDDEN
from crm.web.filters import day
from crm.web.typesetting import set_paper

SHEET = Path(__file__).parent / "reference" / "letter.typ"
HEADINGS = {
    "sector": "By sector",
    "wanted": "What they wanted",
    "band": "Their turnover when they asked",
    "became": "What became of them",
}

COLUMNS = {"sector": "Sub-sector", "wanted": "Need", "band": "Turnover", "became": "Since then"}
"""The first column of each table of the case."""
CHECKS_HEAD = (
    *("Business", "Checked on", "Country of the buyer", "Contract", "Needed", "Turnover then", "Result"),
    *("Withdrawn on", "Why withdrawn"),
)


def check_cells(found: CoverCheck) -> tuple[Any, ...]:
    """A check, as a row."""
    needed = "; ".join(WISHES[each] for each in found.told["wishes"])
    told = (found.business.name, day_of(found.at), found.country, found.told["sentence"], needed)
    withdrawn_on = day_of(found.withdrawn_at) if found.withdrawn_at else None
    return (*told, found.turnover, RESULTS[found.result], withdrawn_on, found.withdrawn_reason)


SHUT_OUTS_HEAD = (
    *("Business", "Date", "Country of the buyer", "Contract", "Sector", "Wanted", "Offer"),
    *("Threshold", "Turnover", "Since then", "Answered by", "Answered on", "Recorded by"),
)


def shut_out_cells(found: Attempt) -> tuple[Any, ...]:
    """A business that was shut out, as a row."""
    sector = DCMS_GROUPS.get(found.sector or NO_SECTOR, "No sector recorded")
    contract = (found.business, found.happened_on, found.country, found.contract)
    about = (*contract, sector, WISHES.get(found.wanted, ""))
    since = (found.offer_name, found.threshold, found.figure, BECAME[found.became])
    answer = found.answer
    return (*about, *since, *((answer.what, answer.on, answer.by) if answer else ("", None, "")))


def caveat(focus: Money, source: str | None) -> str:
    """From where the threshold is known: a plan that names what advisers focus on is not a rule of the department."""
    if source is None:
        return ""
    return (
        f"We know the {focus.short()} from “{source}”. It says what trade advisers focus on; we have "
        "not seen a published rule. Please tell us if it is not, or is no longer, how you decide whom you help."
    )


def letter_pdf(
    case: Case,
    *,
    focus: Money,
    source: str | None,
    on: Any,
    sender: str,
    contact: str,
    signed: str,
) -> bytes:
    """The letter as tagged PDF (PDF/UA-1). Its figures are those of the page as people outside see it."""
    lines = [each for table in case.tables.values() for each in table]
    told: dict[str, Any] = {
        "sender": sender,
        "has_hidden": any(each.businesses is None or each.attempts is None for each in lines),
        "contact": contact,
        "signed": signed,
        "day": day(on),
        "since": day(case.first_on) if case.first_on else "",
        "threshold": focus.short(),
        "caveat": caveat(focus, source),
        "businesses": f"{case.businesses:,}",
        "attempts": f"{case.attempts:,}",
        "checks": f"{case.checks:,}",
        "tables": [
            [
                HEADINGS[name],
                COLUMNS[name],
                [[each.words, _said(each.businesses), _said(each.attempts)] for each in lines],
            ]
            for name, lines in case.tables.items()
        ],
    }
    return set_paper(SHEET, told)


def _said(count: int | None) -> str:
    return HIDDEN if count is None else f"{count:,}"
