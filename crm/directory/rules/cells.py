"""The cells of the directory's file: each read into its kind, or refused in words for whoever keeps the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeVar
from urllib.parse import urlsplit

from crm.kernel.days import Bounds, read_day
from crm.kernel.errors import BadInput
from crm.kernel.money import Money
from crm.kernel.postcodes import parse_outcode
from crm.kernel.text import one_line

MOST_TEXT = 2_000
MOST_NAME = 200
EARLIEST_DAY, LATEST_DAY = date(1990, 1, 1), date(2100, 12, 31)

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_SAID_OF_NOTHING = frozenset({"any", "all"})

Value = TypeVar("Value")


def text(cell: str) -> str:
    """Words, as they stand: not too many, and nothing that cannot be seen."""
    if len(cell) > MOST_TEXT:
        raise BadInput(f"This is too long: the most is {MOST_TEXT:,} characters")
    if _CONTROL.search(cell):
        raise BadInput("This holds characters that cannot be shown; type it again")
    return cell


def short_text(cell: str) -> str:
    """Words on one line: line breaks within the cell become blanks."""
    line = one_line(cell)
    if len(line) > MOST_NAME:
        raise BadInput(f"This is too long: the most is {MOST_NAME} characters")
    return line


def name(cell: str) -> str:
    if not cell:
        raise BadInput("This must be filled in")
    return short_text(cell)


def identifier(cell: str) -> str:
    if not _IDENTIFIER.fullmatch(cell):
        raise BadInput(
            "Give a short name of letters, figures, _ - and . only, up to 64 of them, with no spaces"
        )
    return cell


def optional(read: Callable[[str], Value]) -> Callable[[str], Value | None]:
    """The same reader, where an empty cell says nothing."""

    def read_if_filled(cell: str) -> Value | None:
        return read(cell) if cell else None

    return read_if_filled


def amount(cell: str) -> Money:
    return Money.parse(cell)


def count(cell: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", cell):
        raise BadInput("Give a whole number in figures, nought or more")
    return int(cell)


def percent(cell: str) -> Decimal:
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,4})?", cell) or Decimal(cell) > 100:
        raise BadInput("Give a percentage from 0 to 100, without the sign")
    return Decimal(cell)


def day(cell: str) -> date:
    try:
        return read_day(cell, within=Bounds(EARLIEST_DAY, least=EARLIEST_DAY, most=LATEST_DAY))
    except BadInput:
        raise BadInput(
            f"Give a real date, {EARLIEST_DAY.year} to {LATEST_DAY.year}, like 2026-03-31 or 31/03/2026"
        ) from None


def yes_or_no(cell: str) -> bool:
    word = cell.casefold()
    if word not in {"yes", "no", ""}:
        raise BadInput("Give yes or no")
    return word == "yes"


def one_word_of(words: Collection[str]) -> Callable[[str], str]:
    known = {word.casefold(): word for word in words}

    def read(cell: str) -> str:
        if cell.casefold() not in known:
            raise BadInput(f"Give one of: {', '.join(words)}")
        return known[cell.casefold()]

    return read


def words_of(
    words: Collection[str], *, aliases: Mapping[str, str] | None = None
) -> Callable[[str], tuple[str, ...]]:
    """A list of known words between bars; "any" or "all" in it means that nothing is asked."""
    known = {word.casefold(): word for word in words} | dict(aliases or {})

    def read(cell: str) -> tuple[str, ...]:
        typed = split(cell)
        if any(word.casefold() in _SAID_OF_NOTHING for word in typed):
            return ()
        strange = [word for word in typed if word.casefold() not in known]
        if strange:
            raise BadInput(f"“{strange[0][:60]}” is not one of: {', '.join(words)}")
        return tuple(dict.fromkeys(known[word.casefold()] for word in typed))

    return read


def outcodes(cell: str) -> tuple[str, ...]:
    typed = split(cell)
    if any(word.casefold() in _SAID_OF_NOTHING for word in typed):
        return ()
    return tuple(dict.fromkeys(parse_outcode(word) for word in typed))


def plan_lines(cell: str) -> tuple[str, ...]:
    lines = split(cell)
    if not all(re.fullmatch(r"6\.[1-7]", line) for line in lines):
        raise BadInput("Give lines of the plan between bars, 6.1 to 6.7, like 6.1|6.5")
    return tuple(dict.fromkeys(lines))


def web_address(cell: str) -> str:
    if not cell:
        return ""
    try:
        parts = urlsplit(text(cell))
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"[\s\"'<>\\]", cell):
        raise BadInput("Give a web address that begins with https:// or http://")
    return cell


def split(cell: str) -> list[str]:
    """The parts between bars, without empty ones."""
    return [part for part in (part.strip() for part in text(cell).split("|")) if part]
