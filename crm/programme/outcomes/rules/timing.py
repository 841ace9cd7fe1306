"""On which days a business is asked what became of its award: fixed when the award is accepted, and never moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from crm.kernel.calendar import add_months
from crm.kernel.clock import is_past

NEAR = timedelta(days=31)
"""Figures of one business for two days no further apart may well be the same: those sent first can be filled in for the other."""


@dataclass(frozen=True)
class Point:
    """One time of asking: the day that the figures are for, and the last day to send them, that day included."""

    place: int
    months: int
    as_at: date
    due_on: date


def points_of(accepted_on: date, months: Sequence[int], *, answer_days: int) -> list[Point]:
    """The baseline on the day of acceptance, and so many months after it: the last day of a month that is shorter.

    Each is counted from the day of acceptance, so that 31 August leads to 28 February and again to 31 August.
    """
    found = []
    for place, after in enumerate((0, *months)):
        as_at = add_months(accepted_on, after)
        found.append(Point(place, after, as_at, as_at + timedelta(days=answer_days)))
    return found


def is_late(due_on: date, *, on: date) -> bool:
    """Whether the last day to send figures is over."""
    return is_past(due_on, on=on)
