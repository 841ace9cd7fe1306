"""Delegations in words, who is chosen in which order, and what came of them in sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from crm.kernel.money import NO_MONEY, Money

TOP = 3
"""The highest mark for one criterion; the lowest is 0."""
MOST_SEATS, MOST_CRITERIA, MOST_DAYS = 100, 10, 60
LONGEST_WORDS = 4_000
DELEGATION_STATUSES = {
    "draft": "Draft",
    "open": "Open for applications",
    "closed": "Closed for applications",
    "held": "Took place",
    "cancelled": "Cancelled",
}
DELEGATION_COLOURS = {
    "draft": "yellow",
    "open": "green",
    "closed": "blue",
    "held": "grey",
    "cancelled": "red",
}
PLACE_STATUSES = {
    "applied": "Applied",
    "offered": "Offered a place",
    "waiting": "On the waiting list",
    "unselected": "Not selected",
    "accepted": "Accepted",
    "declined": "Declined",
    "lapsed": "Did not answer in time",
    "given_up": "Gave it up",
    "went": "Went",
    "missed": "Did not go",
}
PLACE_COLOURS = {
    "applied": "blue",
    "offered": "yellow",
    "waiting": "yellow",
    "unselected": "grey",
    "accepted": "green",
    "declined": "grey",
    "lapsed": "grey",
    "given_up": "grey",
    "went": "green",
    "missed": "grey",
}
SELLS = {"services": "Services, rights or digital work", "goods": "Goods", "both": "Both"}
REMIND_BEFORE = 2
"""So many days before the last day to answer an offer, its business is reminded once."""
UNKNOWN = "Not known yet"


@dataclass(frozen=True)
class Candidate:
    """An assessed application: whether it meets what was asked, its marks, when it was made, and whose it is."""

    id: UUID
    is_suitable: bool
    marks: tuple[int, ...]
    applied_at: datetime
    name: str


@dataclass(frozen=True)
class Choice:
    """Who is offered a place, who waits in which order, and who is not selected."""

    offered: tuple[UUID, ...]
    waiting: tuple[UUID, ...]
    passed_over: tuple[UUID, ...]


def choose(candidates: Iterable[Candidate], *, seats: int) -> Choice:
    """The most marks first. The rest wait in that order.

    Where two have as many, the higher mark for the first criterion decides, then for the next. Where all are equal it is
    the earlier application, and of two made at the same moment the business whose name comes first.
    """
    known = sorted(candidates, key=_order)
    suitable = [each.id for each in known if each.is_suitable]
    passed = tuple(each.id for each in known if not each.is_suitable)
    return Choice(tuple(suitable[:seats]), tuple(suitable[seats:]), passed)


def _order(each: Candidate) -> tuple[object, ...]:
    return (
        -sum(each.marks),
        [-mark for mark in each.marks],
        each.applied_at,
        each.name.casefold(),
        str(each.id),
    )


@dataclass(frozen=True)
class Told:
    """What a business last said came of it, up to so many months after: None is not known yet, and not nought."""

    meetings: int | None
    leads: int | None
    sales: Money | None


@dataclass(frozen=True)
class Sums:
    """What came of a delegation, with how many places have not told each figure yet."""

    places: int
    meetings: int
    meetings_unknown: int
    leads: int
    leads_unknown: int
    sales: Money
    sales_unknown: int


def sums_of(told: Sequence[Told | None]) -> Sums:
    """The sums over the places of those who went; one that said nothing at all is unknown in each."""
    meetings = [each.meetings for each in told if each and each.meetings is not None]
    leads = [each.leads for each in told if each and each.leads is not None]
    sales = [each.sales for each in told if each and each.sales is not None]
    total = len(told)
    return Sums(
        places=total,
        meetings=sum(meetings),
        meetings_unknown=total - len(meetings),
        leads=sum(leads),
        leads_unknown=total - len(leads),
        sales=sum(sales, start=NO_MONEY),
        sales_unknown=total - len(sales),
    )


def read_criteria(text: str) -> tuple[str, ...]:
    """Criteria as they were typed: one a line."""
    return tuple(each.strip() for each in text.splitlines() if each.strip())


def fault_in_days(closes_on: date, *, departs_on: date, returns_on: date) -> tuple[str, str] | None:
    """At which field and why the days of a delegation cannot be."""
    if returns_on < departs_on:
        return "returns_on", "The day of return must be on or after the day of departure"
    if closes_on >= departs_on:
        return "closes_on", "Applications must close before the day of departure"
    return None
