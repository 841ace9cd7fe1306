"""How outcomes are said: the measures, the times of asking, and where a report stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from crm.kernel.money import Money


@dataclass(frozen=True)
class Asked:
    """One thing that is asked: its field, what it is called, how it is asked, and in what it is counted."""

    name: str
    label: str
    hint: str
    unit: str

    @property
    def inside(self) -> str:
        """Its name inside a sentence."""
        return self.label if self.label.startswith("IP") else self.label[0].lower() + self.label[1:]

    def say(self, value: Any) -> str:
        """A value in words; of nothing, that it is not known."""
        if value is None:
            return "Not known"
        if isinstance(value, str):
            return value  # the audit log keeps money in words
        if self.unit == "money":
            return (value if isinstance(value, Money) else Money(half_up(value))).in_full()
        if self.unit == "fte":
            return _decimal(Fraction(value, 100))
        return _decimal(Fraction(value))


def half_up(value: Fraction | int) -> int:
    """To the nearest whole number, a half upwards: half a penny of a median is not shown."""
    return int(value * 2 + 1) // 2


def _decimal(value: Fraction) -> str:
    """As it is, without noughts at the end: a median of 3 and 12 is 7.5."""
    said = f"{Decimal(value.numerator) / Decimal(value.denominator):,f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


MEASURES = (
    Asked("turnover", "Turnover", "All sales in the 12 months to {day}", "money"),
    Asked(
        "employees", "People employed", "Everyone on the payroll on {day}, full time or part time", "number"
    ),
    Asked(
        "fte_hundredths",
        "Full-time equivalents",
        "The same people by their hours: half time counts as 0.5",
        "fte",
    ),
    Asked("export_sales", "Export sales", "The part of the turnover that came from buyers abroad", "money"),
    Asked(
        "rights_registered",
        "IP rights registered",
        "Patents, trade marks and designs registered in the 12 months to {day}",
        "number",
    ),
    Asked(
        "finance_raised",
        "Finance raised",
        "Investment, loans and other grants in the 12 months to {day}, without this award",
        "money",
    ),
)
NAMES = tuple(each.name for each in MEASURES)
BY_NAME: Mapping[str, Asked] = {each.name: each for each in MEASURES}

STATUSES = {
    "planned": "Not due yet",
    "asked": "Asked",
    "given": "To confirm",
    "confirmed": "Confirmed",
    "cancelled": "Cancelled",
}
COLOURS = {"planned": "grey", "asked": "blue", "given": "yellow", "confirmed": "green", "cancelled": "grey"}
WAYS = {
    "signed_in": "Sent by the business",
    "link": "Sent by the link in the email",
    "call": "Told on the telephone",
}


def time_in_words(months: int) -> str:
    """A time of asking as it is said: "Baseline" or "After 6 months"."""
    if not months:
        return "Baseline"
    return "After 1 month" if months == 1 else f"After {months} months"
