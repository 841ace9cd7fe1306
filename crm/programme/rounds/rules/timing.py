"""When a round is open: instants, with a grace for what was begun in time, and more time for one applicant.

The deadline itself is in time; the instant after it is not. Grace is for whoever had begun before the deadline.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise


class Standing(StrEnum):
    """Where a round stands for one who looks at it."""

    COMING = "coming"
    OPEN = "open"
    IN_GRACE = "in_grace"
    OVER = "over"


@dataclass(frozen=True)
class Window:
    """From when until when, both included, applications are taken. Moments are aware; ``grace`` is not negative."""

    opens_at: datetime
    deadline_at: datetime
    grace: timedelta = timedelta(0)

    def standing(
        self, at: datetime, *, begun_at: datetime | None = None, until: datetime | None = None
    ) -> Standing:
        """Where it stands at a moment, for an application begun at another, or for a new one.

        ``until`` is the later deadline that one applicant was given; grace is added to the deadline of all alone.
        """
        if at < self.opens_at:
            return Standing.COMING
        if at <= max(self.deadline_at, until or self.deadline_at):
            return Standing.OPEN
        is_begun_in_time = begun_at is not None and begun_at <= self.deadline_at
        if is_begun_in_time and at <= self.deadline_at + self.grace:
            return Standing.IN_GRACE
        return Standing.OVER


def minutes_late(window: Window, at: datetime) -> int:
    """How many minutes of grace were used, begun minutes counted."""
    late = at - window.deadline_at
    return max(0, -(-int(late.total_seconds()) // 60))


def order_fault(moments: dict[str, datetime]) -> tuple[str, str] | None:
    """What is wrong with the order of a round's moments, as field and message; None where all is well."""
    in_order = ("opens", "deadline", "assess_from", "assess_until")
    for earlier, later in pairwise(in_order):
        if moments[later] <= moments[earlier] and (later, earlier) != ("assess_from", "deadline"):
            return later, f"{NAMES[later]} must come after {NAMES[earlier].lower()}"
    if moments["assess_from"] < moments["deadline"]:
        return "assess_from", "The assessment must not begin before the deadline"
    return None


NAMES = {
    "opens": "The opening",
    "deadline": "The deadline",
    "assess_from": "The beginning of assessment",
    "assess_until": "The end of assessment",
}
