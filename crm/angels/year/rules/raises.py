"""Raises that stall: published, and no investor opened, asked or pledged for so many days; and those that end soon."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from crm.angels.year.rules.members import Days


class ShowRaises(StrEnum):
    """The lists of raises."""

    STALLED = "stalled"
    ENDING = "ending"
    ALL = "all"


@dataclass(frozen=True)
class Raise:
    """One published raise on a day: how many investors opened it and asked to meet within the days that count, and the last time."""

    pitch_id: UUID
    business_id: UUID
    business: str
    headline: str
    reference: str
    published_on: date
    closes_on: date | None
    looks: int
    requests: int
    pledges: int
    last_on: date | None

    def is_stalled(self, on: date, days: Days) -> bool:
        """Whether nothing came of it for so many days."""
        since = max(self.published_on, self.last_on) if self.last_on else self.published_on
        return since + timedelta(days=days.stall) < on

    def is_ending(self, on: date, days: Days) -> bool:
        """Whether its last day is near, or has passed."""
        return self.closes_on is not None and self.closes_on <= on + timedelta(days=days.ending)


def raises_of(raises: Iterable[Raise], show: ShowRaises, *, on: date, days: Days) -> list[Raise]:
    """Those that a list shows, the longest without a sign first; those that end, by their last day."""
    tests: Mapping[ShowRaises, Callable[[Raise], bool]] = {
        ShowRaises.STALLED: lambda each: each.is_stalled(on, days),
        ShowRaises.ENDING: lambda each: each.is_ending(on, days),
        ShowRaises.ALL: lambda _: True,
    }
    found = [each for each in raises if tests[show](each)]
    if show is ShowRaises.ENDING:
        return sorted(found, key=lambda each: (each.closes_on or date.max, each.reference))
    return sorted(found, key=lambda each: (each.last_on or each.published_on, each.reference))
