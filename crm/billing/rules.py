"""Membership is worked out from periods and grace, and kept nowhere: no flag can be wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from crm.kernel.calendar import add_months
from crm.kernel.clock import has_come, is_past


@dataclass(frozen=True)
class Period:
    """From a first to a last day, both included."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Membership:
    """A membership on a day. ``since`` is the first day of the unbroken membership that holds then.

    ``until`` is the last day that is paid for without a break, with what is paid ahead; where it does not hold, the last that
    was ever paid for. ``last_day`` is the last day on which it holds, with grace; None where it does not hold. ``next_from`` is
    the first day of a later period that is paid for already, after a break.
    """

    is_member: bool
    is_in_grace: bool = False
    since: date | None = None
    until: date | None = None
    last_day: date | None = None
    next_from: date | None = None


def membership_on(periods: Iterable[Period], *, on: date, grace_days: int) -> Membership:
    """Membership on a day: within a period, or at most so many days after one. Grace joins two periods to one."""
    grace, known = timedelta(days=grace_days), tuple(periods)
    since: date | None = None
    until: date | None = None
    for each in sorted(
        (each for each in known if has_come(each.starts_on, on=on)), key=lambda each: each.starts_on
    ):
        if until is None or each.starts_on > until + grace + timedelta(days=1):
            since = each.starts_on
        until = max(until, each.ends_on) if until else each.ends_on
    if since is None or until is None or is_past(until + grace, on=on):
        return Membership(is_member=False, until=until, next_from=_first_after(on, known))
    ahead = _paid_ahead(until, known, grace)
    return Membership(
        is_member=True,
        is_in_grace=is_past(ahead, on=on),
        since=since,
        until=ahead,
        last_day=ahead + grace,
        next_from=_first_after(ahead, known),
    )


def _first_after(day: date, periods: Iterable[Period]) -> date | None:
    return min((each.starts_on for each in periods if not has_come(each.starts_on, on=day)), default=None)


def _paid_ahead(until: date, periods: Iterable[Period], grace: timedelta) -> date:
    """The last day paid for without a break longer than grace, from a paid day on."""
    for each in sorted(periods, key=lambda each: each.starts_on):
        if each.starts_on <= until + grace + timedelta(days=1):
            until = max(until, each.ends_on)
    return until


def overlaps(wanted: Period, others: Iterable[Period]) -> bool:
    """Whether a period shares a day with one of the others."""
    return any(wanted.starts_on <= each.ends_on and each.starts_on <= wanted.ends_on for each in others)


def next_free(known: Membership, *, on: date) -> Period:
    """A year from the first day that is not paid for, today at the earliest; shorter where a later period begins before."""
    first = max(on, known.until + timedelta(days=1)) if known.until else on
    last = add_months(first, 12) - timedelta(days=1)
    is_cut = known.next_from is not None and first < known.next_from <= last
    return Period(first, known.next_from - timedelta(days=1) if is_cut and known.next_from else last)
