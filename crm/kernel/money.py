"""Money: sterling in whole pence, read from what people type and said in their words, never a float."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crm.kernel.errors import BadInput
from crm.kernel.text import unwrapped

MOST_TYPED_CHARACTERS = 40
MOST_PENCE = 9_999_999_999_999
"""The most that may be typed: £99,999,999,999.99."""

_THOUSANDS = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "mn": 1_000_000, "million": 1_000_000}
NOTHING = frozenset({"nil", "zero", "£nil", "£0"})
_ABOUT = re.compile(
    r"(?:about|approx\.?|approximately|around|roughly|circa|ca?\.|over|under|~|c(?=[ £0-9]))\s*£?\s*[0-9]",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"(?:£|GBP)?[ ]{0,3}(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:\.(?P<part>[0-9]+))?"
    r"[ ]{0,3}(?P<unit>k|thousand|m|mn|million)?\.?(?:[ ]{0,3}(?:GBP|pounds))?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount in whole pence. It may be below zero (a difference); what is typed may not."""

    pence: int

    def __post_init__(self) -> None:
        if type(self.pence) is not int:
            raise TypeError(f"money is counted in whole pence, not in {type(self.pence).__name__}")

    @classmethod
    def pounds(cls, pounds: int) -> Money:
        return cls(pounds * 100)

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read an amount as people type it: "£1.3m", "1,300,000", "£315k", "12.50", "nil". Raises BadInput."""
        typed = _typed(text)
        if typed.casefold() in NOTHING:
            return cls(0)
        found = _AMOUNT.fullmatch(typed)
        if found is None:
            raise BadInput(_why_not(typed))
        whole, part, unit = re.sub("[, ]", "", found["whole"]), found["part"] or "", found["unit"]
        if unit is None and len(part) > 2:
            raise BadInput("Give pounds, or pounds and at most two figures of pence, like 1,200 or 12.50")
        times = 100 * _THOUSANDS[unit.lower()] if unit else 100
        pence, over = divmod(int(whole + part) * times, 10 ** len(part))
        if over:
            raise BadInput("This is not a whole number of pence: give fewer decimal places")
        if pence > MOST_PENCE:
            raise BadInput("This amount is too large: the most is £99,999,999,999.99")
        return cls(pence)

    def __add__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.pence + other.pence)

    def __radd__(self, other: int) -> Money:
        """So that ``sum()``, which starts from nought, adds money up."""
        return self if type(other) is int and other == 0 else NotImplemented

    def __sub__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.pence - other.pence)

    def __mul__(self, times: int) -> Money:
        if type(times) is not int:
            return NotImplemented
        return Money(self.pence * times)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(-self.pence)

    def __bool__(self) -> bool:
        return self.pence != 0

    def __str__(self) -> str:
        return self.in_full().removesuffix(".00")

    def in_full(self) -> str:
        """The amount with its pence, as tables and refusals say it: "£50,000.00"."""
        sign = "-" if self.pence < 0 else ""
        pounds, pence = divmod(abs(self.pence), 100)
        return f"{sign}£{pounds:,}.{pence:02d}"

    def short(self) -> str:
        """The amount said briefly and exactly, "£1.25m" or "£315k"; in full where brevity would round."""
        sign, size = ("-" if self.pence < 0 else ""), abs(self.pence)
        if size >= 100_000_000 and size % 1_000_000 == 0:
            millions, hundredths = divmod(size // 1_000_000, 100)
            return f"{sign}£{millions:,}{f'.{hundredths:02d}'.rstrip('0') if hundredths else ''}m"
        if 100_000 <= size < 100_000_000 and size % 100_000 == 0:
            return f"{sign}£{size // 100_000}k"
        return str(self)


def _typed(text: str) -> str:
    """What was typed without the blanks and curly quotes round it; refused if nothing is left, or far too much."""
    typed = unwrapped(text[: MOST_TYPED_CHARACTERS * 4])
    if not typed and len(text) <= MOST_TYPED_CHARACTERS:
        raise BadInput("Enter an amount in pounds, like 1,200 or £1.3m")
    if len(typed) > MOST_TYPED_CHARACTERS or len(text) > MOST_TYPED_CHARACTERS * 4:
        raise BadInput("This is too long to be an amount: give pounds in figures, like 1,200 or £1.3m")
    return typed


def _why_not(typed: str) -> str:
    """Why an amount could not be read, in words that say what to type instead."""
    if re.fullmatch(r"(?:£ ?)?[-−–].*", typed):
        return "The amount cannot be less than zero"
    if _ABOUT.match(typed):
        return "Give one amount, without “about”: your best estimate, like 60k"
    if not all(sign.isascii() or sign == "£" for sign in typed):
        return "Use ordinary figures, 0 to 9, like 1,200 or £1.3m"
    if "," in typed and re.fullmatch(r"£? *[0-9,.]+ *[A-Za-z]*", typed):
        return "Check the commas: they go between thousands, like 1,300,000"
    if re.fullmatch(r"[0-9.]+[eE][+-]?[0-9]+", typed):
        return "Write the amount out in figures, like 1,000,000 or £1m"
    return "Enter an amount in pounds, in figures, like 1,200 or £1.3m"


NO_MONEY = Money(0)
"""Nothing at all: the default of a sum that nobody named."""


def whole_percent(part: Money, *, of: Money) -> int:
    """A sum as a share of another in whole per cent, a half rounded up; 100 only where it is all of it or more."""
    if of.pence == 0:
        return 0
    rounded = (part.pence * 200 + of.pence) // (2 * of.pence)
    return rounded if part >= of else min(rounded, 99)
