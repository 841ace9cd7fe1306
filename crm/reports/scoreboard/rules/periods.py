"""Periods of the scoreboard: quarters of the financial year, financial years, and free dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from crm.kernel.calendar import FinancialYear, add_months
from crm.kernel.errors import Invalid

QUARTERS, YEARS, MOST_YEARS = 8, 3, 10
FREE, EVER = "dates", date(1990, 1, 1)


@dataclass(frozen=True)
class Period:
    """From a first to a last day, both included, with what the address calls it and its words."""

    key: str
    words: str
    first: date
    last: date

    @property
    def days(self) -> tuple[date, date]:
        """Its first and last day, by which its numbers are kept."""
        return self.first, self.last

    @property
    def is_kept(self) -> bool:
        """Whether its numbers are kept in the summaries: those of quarters and financial years are."""
        return self.key not in (FREE, "")


def quarter_of(day: date) -> Period:
    """The quarter that a day lies in: January to March, April to June and so on."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    last = add_months(first, 3) - timedelta(days=1)
    return Period(f"{first:%Y-%m}", f"{first:%B} to {last:%B %Y}", first, last)


def year_of(day: date) -> Period:
    """The financial year that a day lies in."""
    begins = FinancialYear.of(day).begins
    first, last = date(begins, 4, 1), date(begins + 1, 3, 31)
    return Period(f"{begins}", f"April {begins} to March {begins + 1}", first, last)


def quarters(on: date) -> tuple[Period, ...]:
    """This quarter and those before it, the newest first."""
    first = quarter_of(on).first
    return tuple(quarter_of(add_months(first, -3 * number)) for number in range(QUARTERS))


def years(on: date) -> tuple[Period, ...]:
    """This financial year and those before it, the newest first."""
    return tuple(year_of(add_months(on.replace(day=1), -12 * number)) for number in range(YEARS))


def offered(on: date) -> tuple[Period, ...]:
    """The periods that everybody inside can choose."""
    return (*quarters(on), *years(on))


def before(period: Period) -> Period:
    """The period of the same kind before one; of free dates, as many days before them."""
    if period.key == FREE:
        last = period.first - timedelta(days=1)
        return free(last - (period.last - period.first), last)
    earlier = period.first - timedelta(days=1)
    return year_of(earlier) if period.key.isdigit() else quarter_of(earlier)


def free(first: date, last: date) -> Period:
    """Dates that somebody chose. Raises `Invalid` at the field of the last day."""
    if last < first:
        raise Invalid("The last day must be the first day or later", field="last")
    if (last - first).days > MOST_YEARS * 366:
        raise Invalid(f"The dates must be within {MOST_YEARS} years of each other", field="last")
    return Period(FREE, f"{_said(first)} to {_said(last)}", first, last)


def until(on: date) -> Period:
    """Everything up to a day: what waits to be put right has no period."""
    return Period("", "up to today", EVER, on)


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
