"""The fund case as a paper to hand to a minister: tagged PDF, with no figure that tells of a few businesses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from crm.kernel.small_numbers import HIDDEN
from crm.programme.outcomes.rules.places import HEIGHT, WIDTH
from crm.reports.fundcase.rules.counting import TABLES, Case, Line
from crm.reports.fundcase.rules.labels import HEADINGS
from crm.reports.fundcase.rules.reading import Reading, Size, map_of, rules_in_words, scope_in_words
from crm.web.filters import moment, sentence
from crm.web.typesetting import set_paper

SHEET = Path(__file__).parents[1] / "reference" / "case.typ"


def case_pdf(reading: Reading, *, at: datetime, address: str, sender: str) -> bytes:
    """The paper as tagged PDF (PDF/UA-1). Its figures are those of the page as people outside read it."""
    case, result = reading.case, reading.result
    told: dict[str, Any] = {
        "sender": sender,
        "made": moment(at),
        "address": address,
        "scope": scope_in_words(reading.scope),
        "sums": _sums(reading),
        "tables": [[name, HEADINGS[name], _lines(case.tables[name])] for name in TABLES],
        "reasons": _lines(case.reasons),
        "barriers": [f"{case.barriers.unmet:,}", case.barriers.missing.in_full()]
        if case.can_tell_barriers
        else [],
        "rules": [list(each) for each in rules_in_words(reading.fund)],
        "result": _result(Size(result, reading.is_told)),
        "sizes": [_result(each) for each in reading.sizes],
        "map": _map(case),
        "has_hidden": _has_hidden(reading),
    }
    return set_paper(SHEET, told)


def _sums(reading: Reading) -> dict[str, str]:
    sums = reading.case.sums
    counts = {name: f"{getattr(sums, name):,}" for name in ("asks", "businesses", "unmet", "without_amount")}
    return counts | {name: getattr(sums, name).in_full() for name in ("sought", "missing")}


def _lines(lines: Iterable[Line]) -> list[list[str]]:
    """Each line with its words, asks, sum sought, asks not found and sum not found."""
    return [[sentence(each.words), *_cells(each)] for each in lines]


def _cells(line: Line) -> list[str]:
    whole, gap = line.whole, line.gap
    told = [f"{whole.asks:,}", whole.sought.in_full()] if whole else [HIDDEN] * 2
    return [*told, *([f"{gap.unmet:,}", gap.missing.in_full()] if gap else [HIDDEN] * 2)]


def _result(size: Size) -> list[str]:
    """The size of a fund and what it would have met: asks, its own money, that of others, and what would come back."""
    result = size.result
    if not size.is_told:
        return [result.fund.size.short(), *[HIDDEN] * 4]
    money = (result.paid, result.matched, result.back)
    return [result.fund.size.short(), f"{len(result.funded):,}", *(each.in_full() for each in money)]


def _map(case: Case) -> dict[str, Any]:
    drawn = [[each.x, each.y, each.short, each.words, each.shade] for each in map_of(case)]
    return {"width": WIDTH, "height": HEIGHT, "tiles": drawn}


def _has_hidden(reading: Reading) -> bool:
    lines = [each for table in (*reading.case.tables.values(), reading.case.reasons) for each in table]
    return any(each.whole is None or each.gap is None for each in lines) or not all(
        each.is_told for each in reading.sizes
    )
