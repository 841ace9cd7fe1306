"""The days of SEIS and EIS papers and claims, by tax year: pure, with the lengths handed in as dated figures."""

# Income Tax Act 2007 parts 5 and 5A, as HMRC's manual says: VCM35040 (SEIS1), VCM14090 (EIS1), VCM14150 (claims).

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from crm.kernel.calendar import add_months

ONE_DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1994, 2100
"""The tax years that can be asked for: EIS began in 1994."""


FEWEST_DIGITS = 4


def is_reference(text: str) -> bool:
    """Whether a text can be a unique investment reference: letters, digits, strokes and dashes, with four digits at least."""
    marks = text.replace("/", "").replace("-", "").replace(" ", "")
    return marks.isascii() and marks.isalnum() and sum(each.isdigit() for each in text) >= FEWEST_DIGITS


@dataclass(frozen=True)
class Lengths:
    """How many months a company must have traded, within how many years it must send its statement, and in how many
    years an investor may claim.
    """

    trading_months: int
    filing_years: int
    claim_years: int


def tax_year_of(day: date) -> int:
    """The calendar year in which the tax year of a day begins, on 6 April."""
    return day.year if (day.month, day.day) >= (4, 6) else day.year - 1


def tax_year_in_words(year: int) -> str:
    """A tax year as people write it: "2026 to 2027"."""
    return f"{year} to {year + 1}"


def first_day(year: int) -> date:
    """6 April of a tax year."""
    return date(year, 4, 6)


def last_day(year: int) -> date:
    """5 April at the end of a tax year."""
    return date(year + 1, 4, 5)


def can_be_sent_from(trading_from: date | None, spent_on: date | None, *, lengths: Lengths) -> date | None:
    """The first day on which SEIS1 or EIS1 can be sent: four months of trading, or for SEIS 70% spent before; None if unknown.

    ``spent_on`` is for SEIS alone: EIS has no such way.
    """
    traded = add_months(trading_from, lengths.trading_months) if trading_from else None
    known = [each for each in (traded, spent_on) if each is not None]
    return min(known) if known else None


def send_by(issued_on: date, trading_from: date | None, *, lengths: Lengths) -> date:
    """The last day to send it: two years after the tax year of issue, or after the four months of trading, if that is later."""
    after_year = add_months(last_day(tax_year_of(issued_on)), 12 * lengths.filing_years)
    if trading_from is None:
        return after_year
    traded = add_months(trading_from, lengths.trading_months) - ONE_DAY
    return max(after_year, add_months(traded, 12 * lengths.filing_years))


def claim_by(issued_on: date, lengths: Lengths) -> date:
    """The last day on which an investor may claim: five years after the 31 January that follows the tax year of issue."""
    return date(tax_year_of(issued_on) + 2 + lengths.claim_years, 1, 31)
