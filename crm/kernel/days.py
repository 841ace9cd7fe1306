"""Days as people type them: in three boxes or in one cell, with months in figures or words, within sensible bounds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from crm.kernel.errors import BadInput
from crm.kernel.text import unwrapped

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
PARTS = ("day", "month", "year")
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
WELSH_MONTHS = (
    *("ionawr", "chwefror", "mawrth", "ebrill", "mai", "mehefin", "gorffennaf"),
    *("awst", "medi", "hydref", "tachwedd", "rhagfyr"),
)
SHORTEST_MONTH = 3
NEARLY = 5
"""So many years outside the bounds, a year of two figures is a mistake, and not one of another century."""
DAY = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?", re.ASCII | re.IGNORECASE)
YEAR_FIRST = re.compile(r"([0-9]{4})([-/. ])([0-9]{1,2})\2([0-9]{1,2})(?:[T ]00:00(?::00)?)?", re.ASCII)
IN_ONE = re.compile(
    r"(?:[a-z]{3,9},? +)?(?P<day>[0-9]{1,2}(?:st|nd|rd|th)?)(?P<mark> ?[-/., ] ?)(?:of )?"
    r"(?P<month>[0-9]{1,2}|[a-z]{3,10}\.?)(?:(?P=mark)|[, ] ?)(?P<year>'?[0-9]{2}|[0-9]{4})",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True)
class Bounds:
    """The first and the last day that are sensible, and today, from which two-digit years are understood."""

    today: date
    least: date = EARLIEST
    most: date = LATEST

    def require(self, day: date) -> date:
        """The day, if it lies within; raises `BadInput`."""
        if day < self.least:
            raise BadInput(f"must be {_said(self.least)} or later")
        if day > self.most:
            last = "today" if self.most == self.today else _said(self.most)
            raise BadInput(f"must be {last} or earlier")
        return day

    def century_of(self, two: int) -> int:
        """The year that two figures stand for: the nearest to today that lies within, or only just misses."""
        century = self.today.year // 100 * 100
        years = sorted(
            (century + shift + two for shift in (-100, 0, 100)), key=lambda y: abs(y - self.today.year)
        )
        first, last = self.least.year - NEARLY, self.most.year + NEARLY
        return next((year for year in years if first <= year <= last), years[0])


class WrongPart(BadInput):
    """What is wrong in some of the three boxes of a day; the message goes on from the name of the field."""

    def __init__(self, message: str, *parts: str) -> None:
        super().__init__(message)
        self.parts = parts or PARTS


def read_parts(parts: tuple[str, str, str], *, within: Bounds, is_rough: bool = False) -> date | None:
    """The day in three boxes, day, month and year; None if all are empty. Raises `WrongPart`, which names the boxes concerned.

    Where a day is known roughly, ``is_rough``, a month without its day stands for its first day.
    """
    typed = dict(zip(PARTS, map(unwrapped, parts), strict=True))
    if is_rough and not typed["day"] and typed["month"] and typed["year"]:
        typed["day"] = "1"
    missing = [part for part in PARTS if not typed[part]]
    if len(missing) == len(PARTS):
        return None
    if missing == ["month", "year"] and len(typed["day"]) > 4:
        return read_day(typed["day"], within=within)
    if missing:
        raise WrongPart(f"must include a {' and a '.join(missing)}", *missing)
    read = {
        "day": _day_in(typed["day"]),
        "month": _month_in(typed["month"]),
        "year": _year_in(typed["year"], within),
    }
    wrong = [part for part, number in read.items() if number is None]
    if wrong:
        raise WrongPart(f"must have {' and '.join(EXPECTED[part] for part in wrong)}", *wrong)
    return _checked(read["year"] or 0, read["month"] or 0, read["day"] or 0, within=within)


EXPECTED = {
    "day": "a day from 1 to 31",
    "month": "a month from 1 to 12, or its name",
    "year": "a year of four figures, like 2027",
}


def read_day(text: str, *, within: Bounds) -> date:
    """A day in one cell: 2026-03-31, 31/03/2026, 31/3/26 or 31 March 2026. Raises `BadInput`."""
    typed = unwrapped(text).rstrip(".")
    first = YEAR_FIRST.fullmatch(typed)
    if first:
        return _checked(int(first[1]), int(first[3]), int(first[4]), within=within)
    found = IN_ONE.fullmatch(typed)
    month = _month_in(found["month"]) if found else None
    year = _year_in(found["year"], within) if found else None
    if found is None or month is None or year is None:
        raise WrongPart("must be a day, like 31/03/2026 or 2026-03-31")
    return _checked(year, month, _day_in(found["day"]) or 0, within=within)


def _checked(year: int, month: int, day: int, *, within: Bounds) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise WrongPart("must be a real date") from None
    try:
        return within.require(found)
    except BadInput as why:
        raise WrongPart(str(why), "year") from None


def _day_in(text: str) -> int | None:
    found = DAY.fullmatch(text)
    return int(found[1]) if found and 1 <= int(found[1]) <= 31 else None


def _month_in(text: str) -> int | None:
    word = text.rstrip(".").casefold()
    if re.fullmatch("[0-9]{1,2}", word, re.ASCII):
        return int(word) if 1 <= int(word) <= 12 else None
    if len(word) < SHORTEST_MONTH:
        return None
    found = {
        at for names in (MONTHS, WELSH_MONTHS) for at, name in enumerate(names, 1) if name.startswith(word)
    }
    return found.pop() if len(found) == 1 else {"sept": 9}.get(word)


def _year_in(text: str, within: Bounds) -> int | None:
    word = text.lstrip("'‘’")
    if re.fullmatch("[0-9]{2}", word, re.ASCII):
        return within.century_of(int(word))
    return int(word) if re.fullmatch("[0-9]{4}", word, re.ASCII) else None


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
