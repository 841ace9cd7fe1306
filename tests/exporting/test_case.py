"""The case against a threshold, as people outside are told it: no small number, and no table that says nothing."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pypdf
import pytest

from crm.exporting.cover.papers import SHEET
from crm.exporting.cover.rules.counting import Attempt, Line, case_of, held_back
from crm.exporting.cover.rules.products import WISHES
from crm.kernel.eligibility.readings import say_percent
from crm.kernel.money import Money
from crm.web.typesetting import set_paper


def test_small_numbers_are_held_back_so_that_no_subtraction_tells_them() -> None:
    lines = [Line(key, key, count, count) for key, count in (("a", 9), ("b", 3), ("c", 6))]
    assert [each.businesses for each in held_back(lines)] == [9, None, None]
    two = [Line(key, key, count, count) for key, count in (("a", 9), ("b", 3), ("c", 1))]
    assert [each.businesses for each in held_back(two)] == [None] * 3, "the total less 9 tells of four"
    ones = [Line(key, key, count, times) for key, count, times in (("a", 9, 12), ("b", 1, 1), ("c", 1, 1))]
    assert [each.attempts for each in held_back(ones)] == [None] * 3, "11 less 9 is one each (K24)"
    enough = [Line(key, key, count, count) for key, count in (("a", 9), ("b", 3), ("c", 4))]
    assert [each.businesses for each in held_back(enough)] == [9, None, None]


def attempt(
    business: int, *, sector: str = "crafts", pounds: int = 100_000, became: str = "nothing"
) -> Attempt:
    day = date(2026, 11, 1)
    figures = (Money.pounds(5_000_000), Money.pounds(pounds))
    return Attempt(business, f"B{business}", sector, "advice", "A service", *figures, day, day, became)


def test_lines_with_small_numbers_are_told_together_so_that_the_letter_says_what_there_was() -> None:
    rows = [attempt(each, sector="crafts" if each % 2 else "publishing") for each in range(9)]
    rows.append(attempt(9, sector="design_fashion", pounds=400_000, became="helped"))
    told = case_of(rows, WISHES, is_outside=True).tables
    assert [(each.words, each.businesses, each.attempts) for each in told["became"]] == [
        ("Helped in another way; Nothing recorded since (together)", 10, 10)
    ]
    assert [each.businesses for each in told["band"]] == [10]
    assert [each.businesses for each in told["sector"]] == [10], "one of one is found by no subtraction"
    inside = case_of(rows, WISHES, is_outside=False).tables
    assert [each.businesses for each in inside["became"]] == [1, 9]


def test_lines_that_the_same_few_businesses_stand_behind_take_in_others_until_enough_do() -> None:
    few = [
        attempt(each, sector=sector)
        for each in range(3)
        for sector in ("crafts", "publishing", "architecture")
    ]
    rows = [*few, *(attempt(each, sector="it_software") for each in range(10, 16))]
    (line,) = case_of(rows, WISHES, is_outside=True).tables["sector"]
    assert (line.businesses, line.attempts) == (9, 15)
    assert case_of(few, WISHES, is_outside=True).tables["sector"][-1].businesses is None


def test_a_share_is_said_in_tenths_and_never_as_a_limit_that_it_does_not_reach() -> None:
    said = {
        Decimal(400) / Decimal(31): "12.9%",
        Decimal("19.99"): "19.9%",
        Decimal(20): "20%",
        Decimal(0): "0%",
    }
    assert {share: say_percent(share) for share in said} == said


@pytest.mark.parametrize("lines", [3, 5, 7])
def test_a_letter_of_two_pages_ends_with_its_last_table_and_not_alone(lines: int) -> None:
    rows = [[f"Film, television and radio {each}", "12", "14"] for each in range(lines)]
    told: dict[str, Any] = {"sender": "The Growth Hubs", "has_hidden": True, "contact": "hub@made.example"}
    told |= {"signed": "Jun", "day": "1 May 2026", "since": "1 May 2025", "threshold": "£5 million"}
    told |= {"caveat": "", "businesses": "25", "attempts": "42", "checks": "45"}
    told["tables"] = [[name, "Line", rows] for name in ("By sector", "By need", "By turnover", "Became")]
    pages = [each.extract_text() for each in pypdf.PdfReader(io.BytesIO(set_paper(SHEET, told))).pages]
    (closing,) = [each for each in pages if "We would like to talk" in each]
    assert "Became" in closing
