"""Whether an offer is open on a day, and whether it was checked lately: both apart from the verdict."""

from __future__ import annotations

from datetime import date

from crm.kernel.calendar import add_months
from crm.kernel.clock import has_come, is_past


def is_available(status: str, *, opens_on: date | None, closes_on: date | None, on: date) -> bool:
    """Whether it is open and the day lies within its dates, both of which belong to it."""
    return status == "open" and not is_early(opens_on, on=on) and not is_over(closes_on, on=on)


def is_early(opens_on: date | None, *, on: date) -> bool:
    return opens_on is not None and not has_come(opens_on, on=on)


def is_over(closes_on: date | None, *, on: date) -> bool:
    return closes_on is not None and is_past(closes_on, on=on)


def is_fresh(checked_on: date | None, *, on: date, months: int) -> bool:
    """Whether it was checked within so many months; on the last day it still is. Undated is not fresh."""
    return checked_on is not None and on <= add_months(checked_on, months)
