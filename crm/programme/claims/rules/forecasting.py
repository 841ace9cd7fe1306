"""What will be claimed in which financial year, from the days of milestones and what was claimed of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from crm.kernel.money import NO_MONEY, Money


def year_of(day: date) -> int:
    """The financial year of a day, named by the year in which it starts: 31 March 2027 lies in 2026."""
    return day.year if (day.month, day.day) >= (4, 1) else day.year - 1


def in_words(year: int) -> str:
    """A financial year as it is said: "2026 to 2027"."""
    return f"{year} to {year + 1}"


@dataclass(frozen=True)
class Due:
    """One instalment: its day, its sum, and what of it was claimed already, with the days on which it was."""

    on: date
    amount: Money
    claimed: tuple[tuple[date, Money], ...] = ()

    @property
    def left(self) -> Money:
        """What was not claimed of it yet."""
        return self.amount - sum((each for _, each in self.claimed), start=NO_MONEY)


def forecast(instalments: Iterable[Due], *, on: date) -> dict[int, Money]:
    """By financial year, what was claimed and what is still to be: what is overdue counts in the year of ``on``."""
    found: dict[int, Money] = {}
    for each in instalments:
        for day, amount in each.claimed:
            found[year_of(day)] = found.get(year_of(day), NO_MONEY) + amount
        if each.left > NO_MONEY:
            year = year_of(max(each.on, on))
            found[year] = found.get(year, NO_MONEY) + each.left
    return dict(sorted(found.items()))
