"""The fund case as a workbook that calculates: asks without names, the rules as cells to change, and formulas for everything else.

Sums are in pounds. Each formula is written with the value that the page shows, for readers that calculate nothing. The functions used
are SUM, SUMIFS, COUNTIFS, IF, OR, INT, ROUND and EDATE, which every spreadsheet has.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from crm.kernel.calendar import add_months
from crm.kernel.money import Money
from crm.reports.fundcase.papers.layout import ASKS, FATE_OF_RULE, FUND, RULES, rows_of_rules
from crm.reports.fundcase.papers.sheets import SUMMARY, Cells, Pen, Told, introduce, workbook_of
from crm.reports.fundcase.rules.counting import TABLES
from crm.reports.fundcase.rules.labels import FATES, HEADINGS, INSTRUMENTS, LINES, MEDIA, STANDINGS
from crm.reports.fundcase.rules.reading import Reading
from crm.reports.fundcase.rules.simulating import SIZES, Fate, Fund, Ruled
from crm.reports.fundcase.rules.sought import Sought
from crm.web.filters import sentence


def case_workbook(reading: Reading, told: Told) -> bytes:
    """The workbook with one row for each ask, which names no business."""

    def write(sheets: dict[str, Pen]) -> None:
        _asks(sheets[ASKS], reading.asks)
        _rules(sheets[RULES], reading.fund)
        _fund(sheets[FUND], reading)
        _sizes(sheets["Sizes"], reading)
        _tables(sheets["Tables"], reading, last=len(reading.asks) + 1)
        introduce(sheets[SUMMARY], told, warning=WARNING)
        _totals(sheets[SUMMARY], reading)
        _outcome(sheets[SUMMARY], reading)
        sheets[SUMMARY].widths((52, 18, 18, 18, 18))

    return workbook_of((SUMMARY, RULES, "Tables", ASKS, FUND, "Sizes"), write)


WARNING = (
    "Each row of the sheet “Asks” is about one business, without its name. Do not publish this workbook."
)

HEAD_OF_ASKS = (
    *(
        "Number",
        "Business",
        "First of its business",
        "Asked for on",
        HEADINGS["instrument"],
        HEADINGS["medium"],
    ),
    *(HEADINGS["stage"], HEADINGS["sector"], HEADINGS["area"], HEADINGS["place"], HEADINGS["size"]),
    *("What became of it", "Sought", "Found", "Not found", HEADINGS["reason"], "Counts as not found"),
)
COLUMN_OF = {
    "instrument": "E",
    "medium": "F",
    "stage": "G",
    "sector": "H",
    "area": "I",
    "place": "J",
    "size": "K",
}
"""The column of each heading on the sheet of asks; what was sought, found and not found is in M, N and O."""


def _asks(pen: Pen, asks: Sequence[Sought]) -> None:
    pen.line(*HEAD_OF_ASKS, style="head")
    known: dict[Any, int] = {}
    for number, ask in enumerate(asks, start=1):
        at = number + 1
        is_first = ask.business_id not in known
        business = known.setdefault(ask.business_id, len(known) + 1)
        headings = ask.parts
        words = [sentence(LINES[name][headings[name]]) for name in COLUMN_OF]
        unmet = f'=IF(OR(L{at}="{STANDINGS["unmet"]}",L{at}="{STANDINGS["part"]}"),1,0)'  # type: ignore[index]
        pen.line(
            number,
            business,
            Cells(f"=IF(COUNTIFS(B$2:B{at},B{at})=1,1,0)", int(is_first)),
            ask.asked_on,
            *words,
            STANDINGS[ask.standing],
            ask.amount,
            ask.found,
            Cells(f"=IF(Q{at}=1,ROUND(M{at}-N{at},2),0)", ask.missing),
            LINES["reason"].get(ask.reason, ""),
            Cells(unmet, int(ask.is_unmet)),
        )
    pen.widths((8, 9, 9, 13, 18, 18, 18, 26, 24, 22, 22, 16, 16, 16, 16, 34, 9))
    pen.sheet.freeze_panes(1, 0)


def _rules(pen: Pen, fund: Fund) -> None:
    pen.line("The rules of the fund. Change the coloured cells: everything else follows.", style="head")
    for words, value in rows_of_rules(fund):
        pen.line(words, beside=value)
    pen.widths((44, 18))


def _fund(pen: Pen, reading: Reading) -> None:
    """One row for each ask that was not found, in the order of days."""
    pen.line(
        *("Number", "Asked for on", HEADINGS["instrument"], HEADINGS["medium"], "Missing", "Has an amount"),
        *("Ticket", "Rule it breaks", "Free that day", "What the fund does", "Paid", "Brought by others"),
        *("Comes back", "Comes back on"),
        style="head",
    )
    numbers = _numbers(reading)
    for at, each in enumerate(reading.result.rows, start=2):
        pen.line(*_fund_cells(each, at=at, number=numbers[each.ask.id], months=reading.fund.months))
    pen.widths((8, 13, 18, 18, 16, 9, 16, 26, 16, 40, 16, 16, 16, 13))
    pen.sheet.freeze_panes(1, 0)


def _numbers(reading: Reading) -> dict[UUID, int]:
    """The number of each ask on the sheet of asks."""
    return {ask.id: number for number, ask in enumerate(reading.asks, start=1)}


def _rate(kind: str) -> str:
    """What comes back of a kind of finance, in per cent, by the sheet of rules."""
    return f"SUMIFS({RULES}!$B$20:$B$24,{RULES}!$A$20:$A$24,{kind})"


def _fund_cells(each: Ruled, *, at: int, number: int, months: int) -> list[Any]:
    row, ask, up = number + 1, each.ask, at - 1
    broken = "" if each.fate in (Fate.FUNDED, Fate.NO_MONEY) else FATES[each.fate]
    return [
        number,
        Cells(f"={ASKS}!D{row}", ask.asked_on),
        Cells(f"={ASKS}!E{row}", INSTRUMENTS[ask.instrument]),
        Cells(f"={ASKS}!F{row}", MEDIA[ask.medium]),
        Cells(f"={ASKS}!O{row}", ask.missing),
        Cells(f'=IF({ASKS}!M{row}="",0,1)', int(ask.amount is not None)),
        Cells(f"=INT(ROUND(E{at}*100,0)*(100-{RULES}!$B$5)/100)/100", each.ticket),
        Cells(FATE_OF_RULE.format(at=at), broken),
        Cells(f'=ROUND({RULES}!$B$2-SUM(K$1:K{up})+SUMIFS(M$1:M{up},N$1:N{up},"<="&B{at}),2)', each.free),
        Cells(
            f'=IF(H{at}<>"",H{at},IF(G{at}>I{at},"{FATES[Fate.NO_MONEY]}","{FATES[Fate.FUNDED]}"))',
            FATES[each.fate],
        ),
        Cells(f'=IF(J{at}="{FATES[Fate.FUNDED]}",G{at},0)', each.paid),
        Cells(f"=IF(K{at}>0,ROUND(E{at}-K{at},2),0)", each.matched),
        Cells(f"=INT(ROUND(K{at}*100,0)*{_rate(f'C{at}')}/100)/100", each.back),
        Cells(f"=EDATE(B{at},{RULES}!$B$6)", add_months(ask.asked_on, months)),
    ]


def _sizes(pen: Pen, reading: Reading) -> None:
    """For each size of fund, by the same rules, what it pays for each ask and what comes back."""
    pen.line("Size of the fund", *(cell for size in SIZES for cell in (size, "")))
    pen.line("Number", *(words for _ in SIZES for words in ("Paid", "Comes back")), style="head")
    numbers = _numbers(reading)
    for place, row in enumerate(reading.result.rows):
        cells: list[Any] = [Cells(f"={FUND}!A{place + 2}", numbers[row.ask.id])]
        for number, size in enumerate(reading.sizes):
            told = size.result.rows[place]
            paid, back = _letters(number)
            came = f"INT(ROUND({paid}{place + 3}*100,0)*{_rate(f'{FUND}!C{place + 2}')}/100)/100"
            cells += [Cells(_paid_by(paid, back, at=place + 3), told.paid), Cells(f"={came}", told.back)]
        pen.line(*cells)
    pen.widths((16,) * 11)


def _letters(number: int) -> tuple[str, str]:
    """The two columns of a size of fund."""
    return "BDFHJ"[number], "CEGIK"[number]


def _paid_by(paid: str, back: str, *, at: int) -> str:
    up, on_fund = at - 1, at - 1
    came = f'SUMIFS({back}$2:{back}{up},{FUND}!$N$1:$N{on_fund - 1},"<="&{FUND}!B{on_fund})'
    free = f"ROUND({paid}$1-SUM({paid}$2:{paid}{up})+{came},2)"
    return f'=IF({FUND}!H{on_fund}<>"",0,IF({FUND}!G{on_fund}>{free},0,{FUND}!G{on_fund}))'


def _tables(pen: Pen, reading: Reading, *, last: int) -> None:
    for name in TABLES:
        column = f"{ASKS}!${COLUMN_OF[name]}$2:${COLUMN_OF[name]}${last}"
        pen.line(HEADINGS[name], "Asks", "Sought", "Found", "Asks not found", "Sum not found", style="head")
        for line in reading.case.tables[name]:
            at, found = pen.row + 1, line.whole
            assert found is not None
            sums = (("M", found.sought), ("N", found.found), ("O", found.missing))
            money = [
                Cells(f"=SUMIFS({ASKS}!${each}$2:${each}${last},{column},$A{at})", value)
                for each, value in sums
            ]
            unmet = Cells(f"=COUNTIFS({column},$A{at},{ASKS}!$Q$2:$Q${last},1)", found.unmet)
            asks = Cells(f"=COUNTIFS({column},$A{at})", found.asks)
            pen.line(sentence(line.words), asks, money[0], money[1], unmet, money[2])
        pen.line("")
    pen.widths((40, 10, 18, 18, 12, 18))


def _totals(pen: Pen, reading: Reading) -> None:
    last, sums = len(reading.asks) + 1, reading.case.sums
    pen.line("What was asked for", "", style="head")
    pen.line("Businesses", Cells(f"=SUM({ASKS}!C2:C{last})", sums.businesses))
    pen.line("Asks", Cells(f'=COUNTIFS({ASKS}!A2:A{last},">0")', sums.asks))
    pen.line("Asks not found", Cells(f"=SUM({ASKS}!Q2:Q{last})", sums.unmet))
    for words, column, value in (
        ("Sought", "M", sums.sought),
        ("Found", "N", sums.found),
        ("Not found", "O", sums.missing),
    ):
        pen.line(words, Cells(f"=SUM({ASKS}!{column}2:{column}{last})", value))
    pen.line("")


def _outcome(pen: Pen, reading: Reading) -> None:
    result = reading.result
    last = len(result.rows) + 1
    pen.line("What the fund would have done", "Asks", "Missing", "Paid by the fund", style="head")
    for fate, words in FATES.items():
        at, those = pen.row + 1, result.of(fate)
        sums = (("E", [each.ask.missing for each in those]), ("K", [each.paid for each in those]))
        money = [
            Cells(
                f"=SUMIFS({FUND}!{column}2:{column}{last},{FUND}!J2:J{last},A{at})",
                sum(values, start=Money(0)),
            )
            for column, values in sums
        ]
        pen.line(words, Cells(f"=COUNTIFS({FUND}!J2:J{last},A{at})", len(those)), *money)
    pen.line("Brought by others", "", "", Cells(f"=SUM({FUND}!L2:L{last})", result.matched))
    pen.line("Comes back in the end", "", "", Cells(f"=SUM({FUND}!M2:M{last})", result.back))
    pen.line("")
    pen.line("Funds of several sizes", "Asks met", "Paid by the fund", "Comes back in the end", style="head")
    for number, size in enumerate(reading.sizes):
        paid, back = (f"Sizes!{each}3:{each}{last + 1}" for each in _letters(number))
        count = Cells(f'=COUNTIFS({paid},">0")', len(size.result.funded))
        money = [Cells(f"=SUM({paid})", size.result.paid), Cells(f"=SUM({back})", size.result.back)]
        pen.line(f"A fund of {size.result.fund.size.short()}", count, *money)
