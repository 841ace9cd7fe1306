"""Money: what people type is read exactly or refused, and arithmetic never leaves whole pence."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.errors import BadInput
from crm.kernel.money import MOST_PENCE, Money

AMOUNTS = st.integers(min_value=0, max_value=MOST_PENCE)


@pytest.mark.parametrize(
    ("typed", "pence"),
    [
        ("£1.3m", 130_000_000),
        ("1.3M", 130_000_000),
        ("1,300,000", 130_000_000),
        ("1,300,000.00", 130_000_000),
        ("£315k", 31_500_000),
        ("£ 315 K", 31_500_000),
        ("1.3 million", 130_000_000),
        (" 1200 ", 120_000),
        ("12.50", 1_250),
        ("1234.5", 123_450),
        (" 1 234.50 ", 123_450),
        ("1 300 000", 130_000_000),
        ("0", 0),
        ("99999999999.99", MOST_PENCE),
        ("60\u00a0000", 6_000_000),
        ("60\u202f000", 6_000_000),
        ("60k", 6_000_000),
        ("nil", 0),
        ("Nil", 0),
        ("£nil", 0),
        ("£1.2m", 120_000_000),
        ("“£1.2m”", 120_000_000),
        ("GBP 60,000", 6_000_000),
        ("60,000 pounds", 6_000_000),
        ("£60,000.", 6_000_000),
    ],
)
def test_eq01_amounts_are_read_as_people_type_them(typed: str, pence: int) -> None:
    assert Money.parse(typed) == Money(pence)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("1,23", "commas"),
        ("12,34,567", "commas"),
        ("12.345", "two figures of pence"),
        ("12 34", "in figures"),
        ("-5", "less than zero"),
        ("£-5", "less than zero"),
        ("1e6", "Write the amount out"),
        ("NaN", "in figures"),
        ("Infinity", "in figures"),
        ("9" * 20, "too large"),
        ("100,000,000,000", "too large"),
        ("９９", "ordinary figures"),
        ("", "Enter an amount"),
        ("   ", "Enter an amount"),
        ("1" * 10_000, "too long"),
        (" " * 10_000, "too long"),
        ("1.2345678901m", "whole number of pence"),
        ("£", "in figures"),
        ("1200; drop", "in figures"),
        ("about 60k", "without “about”"),
        ("c. £60k", "without “about”"),
        ("None", "in figures"),
        ("−5", "less than zero"),
        ("<b>5</b>", "in figures"),
    ],
)
def test_what_is_no_amount_is_refused_in_plain_words(typed: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        Money.parse(typed)


@given(AMOUNTS)
def test_an_amount_is_read_back_as_it_is_said(pence: int) -> None:
    assert Money.parse(str(Money(pence))) == Money(pence)


@given(AMOUNTS)
def test_the_short_way_to_say_it_never_rounds(pence: int) -> None:
    assert Money.parse(Money(pence).short()) == Money(pence)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(BadInput):
        assert 0 <= Money.parse(text).pence <= MOST_PENCE


@given(st.lists(AMOUNTS.map(Money), max_size=20), st.integers(-50, 50))
def test_arithmetic_is_that_of_whole_pence(amounts: list[Money], times: int) -> None:
    total = sum(amounts, Money(0))
    assert total.pence == sum(each.pence for each in amounts)
    assert (total * times).pence == (times * total).pence == total.pence * times
    assert total - total == Money(0)


@pytest.mark.parametrize("wrong", [1.5, True, "5"])
def test_money_is_made_of_whole_pence_only(wrong: object) -> None:
    with pytest.raises(TypeError):
        Money(wrong)  # type: ignore[arg-type]


def test_money_and_floats_do_not_mix() -> None:
    with pytest.raises(TypeError):
        Money(100) * 1.5  # type: ignore[operator]
    with pytest.raises(TypeError):
        Money(100) + 1  # type: ignore[operator]


@pytest.mark.parametrize(
    ("pence", "full", "short"),
    [
        (130_000_000, "£1,300,000", "£1.3m"),
        (125_000_000, "£1,250,000", "£1.25m"),
        (123_456_700, "£1,234,567", "£1,234,567"),
        (31_500_000, "£315,000", "£315k"),
        (120_000, "£1,200", "£1,200"),
        (1_250, "£12.50", "£12.50"),
        (-130_000_000, "-£1,300,000", "-£1.3m"),
    ],
)
def test_amounts_are_said_in_full_and_briefly(pence: int, full: str, short: str) -> None:
    assert (str(Money(pence)), Money(pence).short()) == (full, short)
