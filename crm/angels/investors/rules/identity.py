"""Whether a text of an investor says who they are: before a business agrees, it must not learn that from their own words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crm.kernel.folding import plain_words, without_ending

EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
NUMBER = re.compile(r"(?<![\d£])\+?\(?\d[\d\s().-]{7,}\d")
DIGITS_OF_A_PHONE = range(10, 15)
SUBSCRIBER = 9
"""So many last digits are the same, however the code of the country or the town is written."""


@dataclass(frozen=True)
class Identity:
    """What names an investor. ``firms`` are those of their own statements, and ``phone`` may be empty."""

    name: str
    email: str
    phone: str = ""
    firms: tuple[str, ...] = ()


def said_in(text: str, known: Identity) -> str | None:
    """What of an investor's identity a text says, in words for "Remove …"; None where it says nothing."""
    words = plain_words(text)
    spelt = tuple(each for each in words if each not in {"at", "dot"})
    if EMAIL.search(text) or _holds(spelt, plain_words(known.email)):
        return "the email address"
    if any(_is_phone(each, known.phone) for each in NUMBER.findall(text)):
        return "the telephone number"
    if _names(text, words, plain_words(known.name)):
        return "your name"
    firms = (without_ending(plain_words(each))[0] for each in known.firms)
    return "the name of your firm" if any(_holds(words, each) for each in firms) else None


def _holds(words: tuple[str, ...], part: tuple[str, ...]) -> bool:
    """Whether these words stand in a text, one after the other."""
    size = len(part)
    return size > 0 and any(words[i : i + size] == part for i in range(len(words) - size + 1))


def _is_phone(number: str, own: str) -> bool:
    digits, known = re.sub(r"\D", "", number), re.sub(r"\D", "", own)
    if len(known) >= SUBSCRIBER and digits.endswith(known[-SUBSCRIBER:]):
        return True
    return number.lstrip("(").startswith(("0", "+")) and len(digits) in DIGITS_OF_A_PHONE


def _names(text: str, words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """The whole name in either order, the initial with the surname, or a line that is a part of the name alone."""
    if not name:
        return False
    ways = {name, name[::-1], (name[0], name[-1]), (name[-1], name[0]), (name[0][0], name[-1])}
    if len(name) == 1:
        ways = {name}
    lines = (plain_words(each) for each in text.splitlines())
    return any(_holds(words, each) for each in ways) or any(line and set(line) <= set(name) for line in lines)
