"""How long a project can last and what it can cost: more is a slip of the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from crm.kernel.calendar import add_months
from crm.kernel.money import Money

YEARS, MOST = 10, Money.pounds(10_000_000)
ENDS_FIRST = "The last day must be on or after the first day"


def faults_in_project(
    first: date | None, last: date | None, *, budget: Money | None
) -> Iterator[tuple[str, str]]:
    """At which fields and why the days or the budget of a project cannot be; None is what is not known."""
    if first is not None and last is not None and last < first:
        yield "ends_on", ENDS_FIRST
    if first is not None and last is not None and last > add_months(first, YEARS * 12):
        yield "ends_on", f"A project lasts {YEARS} years at most. Check the years of both days"
    if budget is not None and budget > MOST:
        yield "budget", f"The budget must be {MOST} or less"
