"""When the time of a kind of row is over, in days and in words, and when so many are due that a person looks first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crm.db.ending import Ends, Retention, Stays
from crm.figures.rules import CATALOGUE
from crm.figures.rules.units import Unit, shown
from crm.kernel.calendar import add_months
from crm.kernel.clock import start_of

FEW, SHARE = 20, 5
"""Up to 20 rows of a kind, or one in five of those that are over at all, are deleted without a person having looked."""
AT_ONCE = 200
"""Rows that are deleted in one transaction: nobody who saves waits for long."""


def too_many(due: int, *, of: int) -> bool:
    """Whether so many are due on one day that a figure may be wrong."""
    return due > max(FEW, of // SHARE)


def kinds_in(manifests: Iterable[Retention]) -> list[Ends]:
    """Every kind of row that ends, in the order of the rooms."""
    return [each for one in manifests for each in one if isinstance(each, Ends)]


def lasting_in(manifests: Iterable[Retention]) -> list[Stays]:
    """Every kind of row that has no time of its own."""
    return [each for one in manifests for each in one if isinstance(each, Stays)]


def first_kept(kind: Ends, value: int, *, on: date) -> datetime:
    """The moment before which a row has to be over to be due on a day; the whole last day of its time is kept."""
    if isinstance(kind.period, timedelta):
        return start_of(on) - kind.period
    is_months = CATALOGUE[kind.period].unit is Unit.MONTHS
    return start_of(add_months(on, -value) if is_months else on - timedelta(days=value))


def period_in_words(kind: Ends, value: int) -> str:
    """How long a kind of row is kept: "24 months"."""
    if isinstance(kind.period, timedelta):
        return shown(Unit.CALENDAR_DAYS, str(kind.period.days))
    return shown(CATALOGUE[kind.period].unit, str(value))


@dataclass(frozen=True)
class Line:
    """One kind of row in the report: for how long it is kept, how many are due now, and what was done last."""

    kind: Ends
    period: str
    before: datetime
    due: int
    done: int = 0
    done_at: datetime | None = None
    held: str = ""

    @property
    def then(self) -> str:
        """What happens to such rows at the end of their time."""
        return f"Deleted, except {self.kind.stays}" if self.kind.stays else "Deleted"


def why_held(due: int, *, of: int) -> str:
    """Why nothing of a kind was deleted."""
    return (
        f"{due:,} of {of:,} are due at once, which is more than the time of one day brings. Nothing was deleted. "
        "Check the figure. If it is right, run `flask --app wsgi retention --many`."
    )


def report(lines: Sequence[Line]) -> str:
    """The report as a command prints it."""
    width = max(len(each.kind.what) for each in lines)
    return "\n".join(
        f"{each.kind.what:{width}}  {each.period:>10}  {each.due:>8,} due"
        + (f"  held back: {each.held}" if each.held else "")
        for each in lines
    )
