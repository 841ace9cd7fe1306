"""The figures of the fund case as a workbook to hand over: what people outside may read, and no row about a single business."""

from __future__ import annotations

from typing import Any

from crm.kernel.money import NO_MONEY, Money
from crm.kernel.small_numbers import HIDDEN
from crm.reports.fundcase.papers.sheets import SUMMARY, Cells, Pen, Told, introduce, workbook_of
from crm.reports.fundcase.rules.counting import TABLES, Line
from crm.reports.fundcase.rules.labels import HEADINGS
from crm.reports.fundcase.rules.reading import Reading, Size, rules_in_words
from crm.web.filters import sentence

TOTALS = {"Businesses": 7, "Asks": 8, "Sought": 9, "Asks not found": 10, "Sum not found": 11}
"""The rows of the first sheet on which the totals stand."""
NOTE = f"“{HIDDEN}” stands for fewer than 5 businesses, and for other figures from which a small one could be worked out."


def figures_workbook(reading: Reading, told: Told) -> bytes:
    """The tables with their totals, shares and what is held back as formulas; and what funds of several sizes would have met."""

    def write(sheets: dict[str, Pen]) -> None:
        introduce(sheets[SUMMARY], told, warning=NOTE)
        _totals(sheets[SUMMARY], reading)
        _sizes(sheets[SUMMARY], reading)
        for name in (*TABLES, "reason"):
            lines = reading.case.reasons if name == "reason" else reading.case.tables[name]
            if lines:
                _table(sheets["Tables"], HEADINGS[name], lines=lines, reading=reading)
        sheets["Tables"].widths((46, 12, 18, 14, 18, 12))

    return workbook_of((SUMMARY, "Tables"), write)


def _totals(pen: Pen, reading: Reading) -> None:
    sums = reading.case.sums
    pen.line("What was asked for", "", style="head")
    for words, value in zip(
        TOTALS, (sums.businesses, sums.asks, sums.sought, sums.unmet, sums.missing), strict=True
    ):
        pen.line(words, value)
    pen.line("")


def _sizes(pen: Pen, reading: Reading) -> None:
    pen.line("The rules of the fund", "", style="head")
    for words, value in rules_in_words(reading.fund):
        pen.line(words, value)
    pen.line("")
    pen.line(
        "What funds would have met",
        *("Asks", "Paid", "Brought by others", "Found together", "Comes back"),
        style="head",
    )
    for size in (Size(reading.result, reading.is_told), *reading.sizes):
        pen.line(f"A fund of {size.result.fund.size.short()}", *_met(size, at=pen.row + 1))
    pen.widths((52, 30, 18, 18, 18, 18))


def _met(size: Size, *, at: int) -> list[Any]:
    result = size.result
    if not size.is_told:
        return [HIDDEN] * 5
    together = Cells(f"=ROUND(C{at}+D{at},2)", result.met)
    return [len(result.funded), result.paid, result.matched, together, result.back]


def _table(pen: Pen, heading: str, *, lines: tuple[Line, ...], reading: Reading) -> None:
    """The lines of a table, what those shown come to, and what of the total is held back."""
    pen.line(heading, "Asks", "Sought", "Asks not found", "Sum not found", "Share", style="head")
    first = pen.row + 1
    for line in lines:
        pen.line(sentence(line.words), *_cells(line, at=pen.row + 1, whole=reading.case.sums.missing))
    last = pen.row
    sums = reading.case.sums
    columns = {"D": ("Asks not found", sums.unmet), "E": ("Sum not found", sums.missing)}
    shown = {"D": sum(each.gap.unmet for each in lines if each.gap), "E": _missing(lines)}
    cells = [Cells(f"=SUM({column}{first}:{column}{last})", shown[column]) for column in columns]
    pen.line("Shown together", "", "", *cells)
    left = [
        Cells(f"=ROUND({SUMMARY}!$B${TOTALS[words]}-{column}{last + 1},2)", total - shown[column])  # type: ignore[operator]
        for column, (words, total) in columns.items()
    ]
    pen.line("Held back", "", "", *left)
    pen.line("")


def _missing(lines: tuple[Line, ...]) -> Money:
    return sum((each.gap.missing for each in lines if each.gap), start=NO_MONEY)


def _cells(line: Line, *, at: int, whole: Money) -> list[Any]:
    told: list[Any] = [line.whole.asks, line.whole.sought] if line.whole else [HIDDEN] * 2
    if line.gap is None:
        return [*told, HIDDEN, HIDDEN]
    share = _tenths(line.gap.missing.pence, whole.pence)
    total = f"{SUMMARY}!$B${TOTALS['Sum not found']}"
    return [
        *told,
        line.gap.unmet,
        line.gap.missing,
        Cells(f"=IF({total}=0,0,ROUND(100*E{at}/{total},1))", share),
    ]


def _tenths(part: int, whole: int) -> float:
    """A share in per cent with one decimal place, a half rounded up as a spreadsheet does."""
    return (2000 * part + whole) // (2 * whole) / 10 if whole else 0.0
