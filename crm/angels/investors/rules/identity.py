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
SPOKEN = dict(
    zip(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
        "0123456789",
        strict=True,
    )
)
SPOKEN |= {"oh": "0", "o": "0", "nought": "0", "naught": "0"}
SPOKEN_DIGIT = re.compile(rf"\b(?:{'|'.join(SPOKEN)})\b", re.IGNORECASE)
REPEATED = re.compile(r"\b(double|triple)\s+(\d)\b", re.IGNORECASE)
FEWEST_SPOKEN = 5
"""So many digits in words are read as a number: fewer are a part of a sentence."""
SHORTEST_NAME = 3
ORDINARY = frozenset(
    [
        "art",
        "april",
        "august",
        "bill",
        "carol",
        "dawn",
        "drew",
        "faith",
        "frank",
        "grace",
        "grant",
        "hope",
        "iris",
        "ivy",
        "jack",
        "joy",
        "june",
        "mark",
        "may",
        "miles",
        "pat",
        "peace",
        "penny",
        "pierce",
        "rich",
        "rob",
        "rose",
        "sky",
        "summer",
        "sunny",
        "victor",
        "will",
    ]
)
"""First names that are words too: they name a person where they have a capital within a sentence."""
OF_A_PLACE = re.compile(
    r"\b\w+ (?:Street|Road|Lane|Avenue|Place|Square|House|Court|Hill|Park|Way|Close|Terrace|Hall)\b"
)
"""A street or building that has the name of a person names nobody."""
WITHIN_SENTENCE = re.compile(r"(?<=[\w,;:] )[^\W\d_]+")


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
    if any(_is_phone(each, known.phone) for each in (*NUMBER.findall(text), *_spoken_numbers(text))):
        return "the telephone number"
    if _names(text, words, plain_words(known.name)):
        return "your name"
    firms = (without_ending(plain_words(each))[0] for each in known.firms)
    return "the name of your firm" if any(_holds(words, each) for each in firms) else None


def _holds(words: tuple[str, ...], part: tuple[str, ...]) -> bool:
    """Whether these words stand in a text, one after the other."""
    size = len(part)
    return size > 0 and any(words[i : i + size] == part for i in range(len(words) - size + 1))


def _spoken_numbers(text: str) -> list[str]:
    """The numbers of a text in which digits are written as words: "oh seven, double nine" is 0 7 99."""
    if len(SPOKEN_DIGIT.findall(text)) < FEWEST_SPOKEN:
        return []
    digits = SPOKEN_DIGIT.sub(lambda found: SPOKEN[found[0].casefold()], text)
    digits = REPEATED.sub(lambda found: found[2] * (2 if found[1].casefold() == "double" else 3), digits)
    digits = re.sub(r"\bplus\s+(?=\d)", "+", digits, flags=re.IGNORECASE)
    return NUMBER.findall(re.sub(r"(?<=\d)[\s,;/]+(?=\d)", " ", digits))


def _is_phone(number: str, own: str) -> bool:
    digits, known = re.sub(r"\D", "", number), re.sub(r"\D", "", own)
    if len(known) >= SUBSCRIBER and digits.endswith(known[-SUBSCRIBER:]):
        return True
    return number.lstrip("(").startswith(("0", "+")) and len(digits) in DIGITS_OF_A_PHONE


def _names(text: str, words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """The whole name in either order, the initial with the surname, the first name, or a line of nothing but names."""
    if not name:
        return False
    if _names_in_passing(text, name):
        return True
    ways = {name, name[::-1], (name[0], name[-1]), (name[-1], name[0]), (name[0][0], name[-1])}
    if len(name) == 1:
        ways = {name}
    lines = (plain_words(each) for each in text.splitlines())
    return any(_holds(words, each) for each in ways) or any(line and set(line) <= set(name) for line in lines)


def _names_in_passing(text: str, name: tuple[str, ...]) -> bool:
    """The first name as a word of its own, or any part of the name that has a capital within a sentence."""
    parts, elsewhere = {each for each in name if len(each) >= SHORTEST_NAME}, OF_A_PLACE.sub("", text)
    if name[0] in parts - ORDINARY and name[0] in plain_words(elsewhere):
        return True
    capitals = (each for each in WITHIN_SENTENCE.findall(elsewhere) if each[0].isupper())
    return any(parts.intersection(plain_words(each)) for each in capitals)
