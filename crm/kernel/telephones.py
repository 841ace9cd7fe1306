"""Telephone numbers as they are compared: the figures that all ways of writing one number have in common."""

from __future__ import annotations

import re

SHORTEST = 6
LEAST_DIGITS, MOST_DIGITS = 9, 20
EXTENSION = re.compile(r"(?:[,;#]|(?:extension|ext|x)[. ]*[0-9]).*$", re.IGNORECASE)
ABROAD = re.compile(r"^(?:00)?44(?:0)?")


def why_not_called(text: str) -> str | None:
    """Why nobody could call a number; None where it has as many figures as one has with its area code."""
    digits = sum(each.isdigit() for each in text)
    if LEAST_DIGITS <= digits <= MOST_DIGITS:
        return None
    return "Enter a telephone number with its area code, like 0121 496 0001"


def unbroken(text: str | None) -> str:
    """A number as a page shows it, on one line: its blanks are no-break spaces."""
    return (text or "").replace(" ", "\u00a0")


def dialled(text: str | None) -> str:
    """A number as a link dials it: "0121 496 0000 ext 3" is "01214960000;ext=3"."""
    found = EXTENSION.search(text or "")
    number = "".join(
        sign for sign in EXTENSION.sub("", text or "").replace("(0)", "") if sign.isdigit() or sign == "+"
    )
    further = "".join(sign for sign in found.group() if sign.isdigit()) if found else ""
    return f"{number};ext={further}" if further else number


def is_number(text: str) -> bool:
    """Whether somebody looks for a telephone number: nothing but figures and marks, and perhaps an extension."""
    typed = EXTENSION.sub("", text.strip())
    return bool(figures_of(text)) and not any(sign.isalpha() for sign in typed)


def figures_of(text: str) -> str:
    """The figures of a number without its country code, first nought and extension; "" where they are too few to tell.

    "+44 (0)121 496 0000", "0121 496 0000 ext 3" and "0044 121 4960000" all have "1214960000" in common.
    """
    typed = EXTENSION.sub("", text.strip())
    figures = "".join(sign for sign in typed if sign.isascii() and sign.isdigit())
    if typed.startswith(("+", "00")):
        figures = ABROAD.sub("", figures)
    figures = figures.lstrip("0")
    return figures if len(figures) >= SHORTEST else ""
