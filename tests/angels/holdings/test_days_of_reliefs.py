"""The days of SEIS and EIS papers, at their edges: a pure rule, told by day."""

from __future__ import annotations

from datetime import date

import pytest

from crm.angels.holdings.rules.quarters import quarter_before, quarter_in_words, share_of
from crm.angels.holdings.rules.reliefs import Lengths, can_be_sent_from, claim_by, send_by, tax_year_of
from crm.kernel.money import Money

LENGTHS = Lengths(4, 2, 5)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 4, 5), 2025),
        (date(2026, 4, 6), 2026),
        (date(2026, 1, 1), 2025),
        (date(2026, 12, 31), 2026),
    ],
)
def test_a_tax_year_begins_on_6_april(day: date, year: int) -> None:
    assert tax_year_of(day) == year


def test_a_statement_can_be_sent_after_four_months_of_trading_or_earlier_once_70_percent_is_spent() -> None:
    assert can_be_sent_from(None, None, lengths=LENGTHS) is None
    assert can_be_sent_from(date(2025, 10, 31), None, lengths=LENGTHS) == date(2026, 2, 28)
    assert can_be_sent_from(date(2025, 10, 31), date(2025, 12, 1), lengths=LENGTHS) == date(2025, 12, 1)
    assert can_be_sent_from(date(2025, 10, 31), date(2026, 6, 1), lengths=LENGTHS) == date(2026, 2, 28)


def test_it_must_be_sent_within_two_years_of_the_tax_year_or_of_the_four_months_if_that_is_later() -> None:
    assert send_by(date(2026, 4, 5), None, lengths=LENGTHS) == date(2028, 4, 5)
    assert send_by(date(2026, 4, 6), None, lengths=LENGTHS) == date(2029, 4, 5)
    assert send_by(date(2026, 4, 5), date(2025, 1, 1), lengths=LENGTHS) == date(2028, 4, 5)
    assert send_by(date(2026, 4, 5), date(2026, 3, 1), lengths=LENGTHS) == date(2028, 6, 30)


def test_relief_is_claimed_within_five_years_of_the_31_january_after_the_tax_year() -> None:
    assert claim_by(date(2026, 4, 5), LENGTHS) == date(2032, 1, 31)
    assert claim_by(date(2026, 4, 6), LENGTHS) == date(2033, 1, 31)


@pytest.mark.parametrize(
    ("day", "end", "words"),
    [
        (date(2026, 1, 1), date(2025, 12, 31), "October to December 2025"),
        (date(2026, 3, 31), date(2025, 12, 31), "October to December 2025"),
        (date(2026, 4, 1), date(2026, 3, 31), "January to March 2026"),
        (date(2026, 11, 24), date(2026, 9, 30), "July to September 2026"),
    ],
)
def test_a_quarter_is_asked_about_once_it_has_ended(day: date, end: date, words: str) -> None:
    assert quarter_before(day) == end
    assert quarter_in_words(end) == words


def test_a_holding_is_its_share_of_the_stated_valuation_in_whole_pence_rounded_down() -> None:
    assert share_of(Money.pounds(1_200_000), 1_500, of=100_000) == Money.pounds(18_000)
    assert share_of(Money(100), 1, of=3) == Money(33)
    assert share_of(Money.pounds(1_500_000), 1_500, of=100_600) == Money(2_236_581)
    assert share_of(Money.pounds(900_000), 750, of=90_750) == Money(743_802)
    assert share_of(Money.pounds(1), 10_000_000_000, of=10_000_000_000) == Money.pounds(1)
