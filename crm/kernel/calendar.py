"""The working calendar: working days round the bank holidays, months, and the year from 1 April."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def is_working_day(day: date, bank_holidays: AbstractSet[date]) -> bool:
    return day.weekday() < 5 and day not in bank_holidays


def add_working_days(start: date, days: int, *, bank_holidays: AbstractSet[date]) -> date:
    """The working day so many working days after ``start``, which is not counted. ``days`` is not negative."""
    if days < 0:
        raise ValueError("working days are counted forwards")
    day = start
    while days:
        day += ONE_DAY
        days -= is_working_day(day, bank_holidays)
    return day


def working_days_between(start: date, end: date, *, bank_holidays: AbstractSet[date]) -> int:
    """How many working days come after ``start``, up to and with ``end``; 0 where ``end`` is not later."""
    days = range(1, (end - start).days + 1)
    return sum(is_working_day(start + timedelta(days=number), bank_holidays) for number in days)


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months on (or back); the last day where the month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_between(earlier: date, later: date) -> int:
    """Whole months passed from ``earlier`` to ``later``; below zero where ``later`` comes first."""
    if later < earlier:
        return -months_between(later, earlier)
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months - (add_months(earlier, months) > later)


@dataclass(frozen=True, order=True, slots=True)
class FinancialYear:
    """The year from 1 April to 31 March, named by the calendar year it begins in."""

    begins: int

    @classmethod
    def of(cls, day: date) -> FinancialYear:
        return cls(day.year if day.month >= 4 else day.year - 1)

    @property
    def first_day(self) -> date:
        return date(self.begins, 4, 1)

    @property
    def last_day(self) -> date:
        return date(self.begins + 1, 3, 31)

    def back(self, years: int) -> FinancialYear:
        return FinancialYear(self.begins - years)

    def __str__(self) -> str:
        return f"{self.begins}/{(self.begins + 1) % 100:02d}"


def day_in_words(day: date) -> str:
    """A day as people write it: "25 October 2026"."""
    return f"{day.day} {day:%B %Y}"


def days_in_words(first: date, last: date) -> str:
    """From one day to another: "4 May 2026 to 6 May 2026"; the one day where they are the same."""
    return day_in_words(first) if first == last else f"{day_in_words(first)} to {day_in_words(last)}"
