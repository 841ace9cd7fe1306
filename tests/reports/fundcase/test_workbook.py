"""The workbook of the fund case: its formulas, worked out afresh, come to what the page says; and follow where a rule is changed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from hypothesis import given, settings

from crm.kernel.money import Money
from crm.reports.fundcase.papers.workbook import Told, case_workbook
from crm.reports.fundcase.rules.labels import FATES
from crm.reports.fundcase.rules.reading import Reading, read
from crm.reports.fundcase.rules.simulating import DEFAULT, Fate, Fund
from crm.reports.fundcase.rules.sought import Scope, Sought
from tests.reports.fundcase.asked import ask, asks, funds
from tests.spreadsheets import Book

TOLD = Told("Ours", "24 November 2026 at 10am", "all", "http://localhost/reports/fund-case")


def book_of(found: list[Sought], fund: Fund) -> tuple[Book, Reading]:
    reading = read(found, Scope(), fund=fund, is_outside=False)
    return Book(case_workbook(reading, TOLD)), reading


def labelled(book: Book, sheet: str, column: str = "B") -> dict[str, Any]:
    """The worked out cells of a column, by the words in the first."""
    words = {
        at: text for (name, at), text in book.written.items() if name == sheet and re.fullmatch("A[0-9]+", at)
    }
    return {str(text): book[sheet, column + at[1:]] for at, text in words.items()}


def pounds(value: float) -> Money:
    return Money(round(value * 100))


@settings(max_examples=12)
@given(asks(), funds())
def test_every_formula_comes_to_the_value_that_is_written_beside_it(found: list[Sought], fund: Fund) -> None:
    book, _ = book_of(found, fund)

    wrong = {
        at: (formula, book[at], book.written.get(at, ""))
        for at, formula in book.formulas.items()
        if not _same(book[at], book.written.get(at, ""))
    }
    assert wrong == {}


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return str(one) == str(other)
    return abs(float(one) - float(other)) < 0.001


@settings(max_examples=12)
@given(asks(), funds())
def test_the_workbook_comes_to_the_figures_of_the_page_to_the_penny(found: list[Sought], fund: Fund) -> None:
    book, reading = book_of(found, fund)
    counts, paid = labelled(book, "Summary"), labelled(book, "Summary", "D")
    sums, result = reading.case.sums, reading.result

    assert (counts["Asks"], counts["Businesses"], counts["Asks not found"]) == (
        sums.asks,
        sums.businesses,
        sums.unmet,
    )
    assert [pounds(counts[each]) for each in ("Sought", "Found", "Not found")] == [
        sums.sought,
        sums.found,
        sums.missing,
    ]
    assert {fate: counts[words] for fate, words in FATES.items()} == {
        fate: len(result.of(fate)) for fate in Fate
    }
    assert pounds(paid[FATES[Fate.FUNDED]]) == result.paid
    assert [pounds(paid[each]) for each in ("Brought by others", "Comes back in the end")] == [
        result.matched,
        result.back,
    ]
    for size in reading.sizes:
        words = f"A fund of {size.result.fund.size.short()}"
        assert (counts[words], pounds(labelled(book, "Summary", "C")[words])) == (
            len(size.result.funded),
            size.result.paid,
        )


def test_the_formulas_follow_where_a_rule_is_changed_in_the_workbook() -> None:
    found = [ask(number, pounds=300_000, instrument="loan") for number in range(1, 5)]
    book, _ = book_of(found, DEFAULT)
    for at, value in (("B2", 1_000_000.0), ("B4", 250_000.0), ("B5", 20.0), ("B15", "Yes")):
        book.written["Rules", at] = value

    expected = read(
        found,
        Scope(),
        fund=replace(DEFAULT, size=Money.pounds(1_000_000), largest=Money.pounds(250_000), match=20),
        is_outside=False,
    ).result
    assert expected.paid == Money.pounds(960_000)
    assert pounds(labelled(book, "Summary", "D")[FATES[Fate.FUNDED]]) == expected.paid


def test_no_business_is_named_and_no_cell_runs() -> None:
    book, _ = book_of([ask(1, business="=HYPERLINK(1)")], DEFAULT)

    assert not any("HYPERLINK" in str(each) for each in (*book.written.values(), *book.formulas.values()))
