"""When to remind of a renewal: at dated figures, once each, and caught up after days on which nothing ran."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

PASSED = -1
"""What is told once the day has passed."""


def stage_on(renews_on: date, *, on: date, stages: Iterable[int]) -> int | None:
    """The reminder that is due: the smallest of the figures (days before) that has been reached; None before all of them."""
    left = (renews_on - on).days
    if left < 0:
        return PASSED
    reached = [days for days in stages if left <= days]
    return min(reached) if reached else None


def is_to_be_told(stage: int | None, *, told: tuple[date | None, int | None], renews_on: date) -> bool:
    """Whether a reminder has not been sent: for this renewal date, a later stage than the last one that was told."""
    if stage is None:
        return False
    told_for, told_stage = told
    return told_for != renews_on or told_stage is None or stage < told_stage


def left_in_words(days: int) -> str:
    """How long is left, as it is said."""
    if days < 0:
        return f"{-days} {'day' if days == -1 else 'days'} ago"
    return "today" if days == 0 else f"in {days} {'day' if days == 1 else 'days'}"
