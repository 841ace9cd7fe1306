"""In which units figures are measured, and how a value of each unit is read and written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from crm.kernel.errors import BadInput
from crm.kernel.money import Money
from crm.kernel.text import unwrapped

MOST_DIGITS = 9
WHOLE = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+")
"""A whole number as people write it: commas, if any, between the thousands."""


class Unit(StrEnum):
    """What a figure is measured in."""

    MONEY = "pounds"
    DAYS = "working days"
    CALENDAR_DAYS = "days"
    MONTHS = "months"
    HOURS = "hours"
    PERCENT = "per cent"
    COUNT = "count"


ASKED = {
    Unit.DAYS: "Enter a whole number of working days, like 12",
    Unit.CALENDAR_DAYS: "Enter a whole number of days, like 12",
    Unit.MONTHS: "Enter a whole number of months, like 12",
    Unit.HOURS: "Enter a whole number of hours, like 12",
    Unit.PERCENT: "Enter the value as a whole number of per cent, like 80",
    Unit.COUNT: "Enter the value as a whole number, like 12",
}
"""What to enter, where a value of a unit cannot be read. Money says so itself."""

COUNTED = {
    Unit.DAYS: "A whole number of working days",
    Unit.CALENDAR_DAYS: "A whole number of days, weekends included,",
    Unit.MONTHS: "A whole number of months",
    Unit.HOURS: "A whole number of hours",
}
MOST = {
    Unit.DAYS: 250,
    Unit.CALENDAR_DAYS: 3_650,
    Unit.MONTHS: 120,
    Unit.HOURS: 1_000,
    Unit.PERCENT: 100,
}
"""The most that a figure of a unit can be: a year of working days, ten years. Money and counts have no such bound."""


@dataclass(frozen=True)
class Definition:
    """One figure that the product looks up by name."""

    name: str
    label: str
    unit: Unit
    use: str
    least: int = 1
    most: int | None = None

    def read(self, text: str) -> str:
        """A value as it is stored, within this figure's bounds. Raises `BadInput`.

        Nought would turn most rules off without saying so (no review, no deadline), so it is allowed by name only.
        """
        kept = read_value(self.unit, text)
        is_money, most = self.unit is Unit.MONEY, self.most or MOST.get(self.unit)
        if int(kept) < self.least * (100 if is_money else 1):
            raise BadInput(f"The value must be {'£' if is_money else ''}{self.least:,} or more")
        if most is not None and int(kept) > most:
            raise BadInput(f"The value must be {most:,} or fewer")
        return kept

    @property
    def hint(self) -> str:
        """What can be entered, within this figure's own bounds."""
        if self.unit is Unit.MONEY:
            return f"In pounds, £{self.least:,} or more, like £315,000 or £1.3m"
        most, what = self.most or MOST.get(self.unit), COUNTED.get(self.unit, "A whole number")
        return (
            f"{what} from {self.least} to {most:,}" if most else f"{what}, {self.least} or more, like 9,975"
        )

    @property
    def subject(self) -> str:
        """What the figure is about, by the first part of its name."""
        return SUBJECTS[self.name.partition(".")[0]]


SUBJECTS = {
    "outcomes": "Outcomes and growth",
    "growth": "Outcomes and growth",
    "programme": "The programme and the fund",
    "fund": "The programme and the fund",
    "offer": "The programme and the fund",
    "payments": "The programme and the fund",
    "subsidy": "Subsidy control",
    "angel": "The angel network",
    "membership": "The angel network",
    "pitch": "The angel network",
    "introduction": "The angel network",
    "diligence": "The angel network",
    "update": "The angel network",
    "relief": "Tax reliefs for investors",
    "network": "The angel network",
    "pledge": "The angel network",
    "investment": "The angel network",
    "exemption": "The angel network",
    "eis": "Tax reliefs for investors",
    "seis": "Tax reliefs for investors",
    "support": "Giving support",
    "adviser": "Giving support",
    "enquiry": "Giving support",
    "referral": "Giving support",
    "rights": "Giving support",
    "readiness": "Giving support",
    "directory": "Giving support",
    "files": "Files that people hand in",
    "complaint": "Complaints about personal data",
    "privacy": "Requests about personal data",
    "retention": "How long personal data is kept",
    "target": "Targets of Action 6",
    "trade": "The region and its trade",
    "region": "The region and its trade",
    "export": "The region and its trade",
    "cover": "Export insurance and finance",
}
"""What a figure is about, by the first part of its name, in the order in which the page shows it."""


def read_value(unit: Unit, text: str) -> str:
    """The one way a value of this unit is kept: pence for money, a whole number otherwise. Raises `BadInput`."""
    if unit is Unit.MONEY:
        return str(Money.parse(text).pence)
    typed = unwrapped(text)
    digits = typed.replace(",", "")
    if not WHOLE.fullmatch(typed) or len(digits) > MOST_DIGITS:
        raise BadInput(ASKED[unit])
    number = int(digits)
    if unit is Unit.PERCENT and number > 100:
        raise BadInput("Enter a percentage from 0 to 100")
    return str(number)


def value_of(unit: Unit, kept: str) -> Any:
    """What a kept value is: `Money`, or a whole number."""
    return Money(int(kept)) if unit is Unit.MONEY else int(kept)


def shown(unit: Unit, kept: str) -> str:
    """A kept value for people: "£315,000", "12 months", "1 hour", "80%"."""
    value = value_of(unit, kept)
    if unit is Unit.MONEY:
        return str(value)
    if unit is Unit.PERCENT:
        return f"{value}%"
    if unit is Unit.COUNT:
        return f"{value:,}"
    return f"{value:,} {unit.value.removesuffix('s') if value == 1 else unit.value}"
