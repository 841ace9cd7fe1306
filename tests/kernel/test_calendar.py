"""The working calendar: weekends, bank holidays, month ends and the year from 1 April."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.calendar import (
    FinancialYear,
    add_months,
    add_working_days,
    days_in_words,
    is_working_day,
    months_between,
    working_days_between,
)

CHRISTMAS_2026 = frozenset({date(2026, 12, 25), date(2026, 12, 28)})
DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


def test_working_days_pass_over_weekends_and_bank_holidays() -> None:
    assert add_working_days(date(2026, 12, 24), 1, bank_holidays=CHRISTMAS_2026) == date(2026, 12, 29)
    assert working_days_between(date(2026, 12, 24), date(2026, 12, 29), bank_holidays=CHRISTMAS_2026) == 1
    assert working_days_between(date(2026, 12, 29), date(2026, 12, 24), bank_holidays=CHRISTMAS_2026) == 0


def test_working_days_are_counted_forwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        add_working_days(date(2026, 1, 1), -1, bank_holidays=frozenset())


@given(DAYS, st.integers(1, 60), st.frozensets(DAYS, max_size=5))
def test_the_day_so_many_working_days_on_is_one_and_is_so_far(
    start: date, days: int, holidays: frozenset[date]
) -> None:
    end = add_working_days(start, days, bank_holidays=holidays)
    assert is_working_day(end, holidays)
    assert working_days_between(start, end, bank_holidays=holidays) == days


def test_time02_months_end_where_the_month_ends() -> None:
    assert add_months(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert add_months(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert add_months(date(2027, 1, 31), -2) == date(2026, 11, 30)
    assert months_between(date(2027, 1, 31), date(2027, 2, 28)) == 1
    assert months_between(date(2026, 3, 15), date(2027, 3, 14)) == 11
    assert months_between(date(2027, 3, 14), date(2026, 3, 15)) == -11


@given(DAYS, DAYS)
def test_months_between_are_whole_months(one: date, other: date) -> None:
    earlier, later = sorted([one, other])
    months = months_between(earlier, later)
    assert add_months(earlier, months) <= later < add_months(earlier, months + 1)


@given(DAYS)
def test_a_day_lies_in_its_financial_year(day: date) -> None:
    year = FinancialYear.of(day)
    assert year.first_day <= day <= year.last_day
    assert FinancialYear.of(year.last_day + timedelta(days=1)).back(1) == year


def test_a_financial_year_is_named_by_both_its_years() -> None:
    assert str(FinancialYear.of(date(2026, 3, 31))) == "2025/26"
    assert str(FinancialYear.of(date(2026, 4, 1))) == "2026/27"


def test_days_from_one_to_another_are_one_day_where_they_are_the_same() -> None:
    first, last = date(2026, 5, 4), date(2026, 5, 6)
    assert days_in_words(first, last) == "4 May 2026 to 6 May 2026"
    assert days_in_words(first, first) == "4 May 2026"
