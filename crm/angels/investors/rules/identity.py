"""Whether a text of an investor says who they are: before a business agrees, it must not learn that from their own words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from crm.kernel.folding import APOSTROPHES, plain_words, without_ending

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++\s?@\s?[\w-]+\s?\.\s?\w+")
SPELT_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]+\s*(?:[\[({<]\s*at\s*[\])}>]|\bat\b)\s*[\w-]{1,63}\s*(?:[\[({<]\s*dot\s*[\])}>]|\bdot\b)\s*[a-z]{2,}",
    re.IGNORECASE,
)
NUMBER = re.compile(r"(?<![\d£])\+?\(?\d[\d\s()./_·\u2010-\u2015-]{7,}\d")
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
LONG_NAME = 6
"""A surname of so many letters is looked for at the ends of other words too, as in an account's name."""
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
_WORDS = """
    abbot archer ball banks barber barker bell berry best bird bishop black blue bond bowler bridges bright brook brooks
    brown burns bush butcher butler carpenter carter carver case castle chance chandler chase church clay cook cooper
    cotton cross curry dale day dean dear draper dyer early farmer field fields finch fisher flint flowers ford
    forest forester fox freeman french frost gardener gates gold golden good grant graves gray green grey griffin hall
    hand hands hardy harper head heath hill hills holiday holland hope house hunt hunter ireland joiner joy judge
    justice keen king kitchen knight lake lamb lane lawyer leach light little lock long lord love major mann
    marsh marshal marshall mason masters may merchant miller mills money moon more moss mountain new noble north
    ocean page painter park parker parks parson pepper piper plant plum pond pope porter
    post potter pound powers price prince read reader reed rice rich rider rivers roads robin rock rose rowing rule
    salt savage sawyer say sharp shepherd shore short silver singer skinner slater small smart
    snow south speed spicer spring stack stamp star steel stern steward still stone strange street
    strong summer summers swan sweet tailor tanner taylor thorn tiller town towers tree turner underwood waite
    walker wall walls ward warden waters weaver weeks wells west wheeler white wild wise wolf wood woods worth
    wren young
"""
ORDINARY_SURNAMES = frozenset(_WORDS.split())
"""Surnames that are words too: in small letters they name a person where they follow words like "my name is"."""
SAID_TO_BE = re.compile(
    r"\b(?:my name is|my name's|i am|i'm|i’m|call me|called|ask for|this is|signed|regards|wishes|thanks|sincerely|"
    r"yours|from|mr|mrs|ms|miss|mx|dr|prof|professor|sir|dame)\b[\s,.:–—-]*((?:[^\W\d_]+[\s.-]*){1,3})",
    re.IGNORECASE,
)
PARTICLES = frozenset(
    [
        "bin",
        "dal",
        "das",
        "del",
        "den",
        "der",
        "des",
        "dos",
        "ibn",
        "las",
        "les",
        "los",
        "san",
        "ter",
        "the",
        "van",
        "von",
    ]
)
"""Parts of a surname that name nobody alone: a business that sells from a van can be written to."""
LONGEST_RUN = 40
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
    text = unicodedata.normalize("NFKC", text)
    words = plain_words(text)
    if EMAIL.search(text) or SPELT_EMAIL.search(text) or _is_address(words, known.email):
        return "the email address"
    if any(_is_phone(each, known.phone) for each in (*NUMBER.findall(text), *_spoken_numbers(text))):
        return "the telephone number"
    if _names(text, words, plain_words(known.name), _surnames(known.name)):
        return "your name"
    return "the name of your firm" if any(_is_firm(words, each) for each in known.firms) else None


def _is_address(words: tuple[str, ...], email: str) -> bool:
    """Whether an email address is said, however it is parted."""
    return _runs(tuple(each for each in words if each not in {"at", "dot"}), plain_words(email))


def _is_firm(words: tuple[str, ...], firm: str) -> bool:
    """Whether a firm is named, with or without its legal ending, "the" and "and", in one word or several."""
    name = without_ending(plain_words(firm))[0]
    kept = tuple(each for each in name if each not in {"the", "and"})
    return _holds(words, name) or _runs(tuple(each for each in words if each not in {"the", "and"}), kept)


def _runs(words: tuple[str, ...], part: tuple[str, ...]) -> bool:
    """Whether neighbouring words, written as one, are this part written as one: "whit-taker" is "Whittaker"."""
    wanted = "".join(part)
    for start in range(len(words) if len(wanted) >= SHORTEST_NAME else 0):
        run = ""
        for each in words[start : start + LONGEST_RUN]:
            run += each
            if len(run) >= len(wanted):
                break
        if run == wanted:
            return True
    return False


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


def _surnames(name: str) -> tuple[str, ...]:
    """Every part of a name but the first, also as parted by apostrophes: O'Neill-Lodz is oneill, neill and lodz."""
    ways = (plain_words(name), plain_words(APOSTROPHES.sub(" ", name)))
    parts = [each for way in ways for each in way[1:] or way]
    return tuple(each for each in dict.fromkeys(parts) if each not in PARTICLES)


def _names(text: str, words: tuple[str, ...], name: tuple[str, ...], surnames: tuple[str, ...]) -> bool:
    """The whole name in either order, the initial with the surname, the first name, or a line of nothing but names."""
    if not name:
        return False
    if _names_in_passing(text, name):
        return True
    if any(_names_by_surname(text, words, each) for each in surnames):
        return True
    ways = {name, name[::-1], (name[0], name[-1]), (name[-1], name[0]), (name[0][0], name[-1])}
    if len(name) == 1:
        ways = {name}
    lines = (plain_words(each) for each in text.splitlines())
    whole = {name, name[::-1], (name[0], name[-1])} if len(name) > 1 else set()
    if any(_runs(words, each) for each in whole):
        return True
    return any(_holds(words, each) for each in ways) or any(line and set(line) <= set(name) for line in lines)


def _names_in_passing(text: str, name: tuple[str, ...]) -> bool:
    """The first name as a word of its own, or any part of the name that has a capital within a sentence."""
    parts, elsewhere = {each for each in name if len(each) >= SHORTEST_NAME}, OF_A_PLACE.sub("", text)
    if name[0] in parts - ORDINARY and name[0] in plain_words(elsewhere):
        return True
    capitals = (each for each in WITHIN_SENTENCE.findall(elsewhere) if each[0].isupper())
    return any(parts.intersection(plain_words(each)) for each in capitals)


def _names_by_surname(text: str, words: tuple[str, ...], surname: str) -> bool:
    """The surname in letters of any size, also in the possessive, with figures behind it, or letter by letter.

    One that is an ordinary word is a name where it follows words such as "my name is".
    """
    if len(surname) < SHORTEST_NAME:
        return False
    if surname in ORDINARY_SURNAMES | ORDINARY:
        return any(surname in plain_words(each) for each in SAID_TO_BE.findall(text))
    elsewhere = plain_words(OF_A_PLACE.sub("", text))
    bare = [each.strip("0123456789") for each in elsewhere]
    if any(each in {surname, f"{surname}s"} for each in bare):
        return True
    if len(surname) >= LONG_NAME and any(each.startswith(surname) or each.endswith(surname) for each in bare):
        return True
    return _spells(text, words, surname)


def _spells(text: str, words: tuple[str, ...], surname: str) -> bool:
    """Whether a surname is said letter by letter, or parted by other signs than spaces."""
    letters = "".join(each if len(each) == 1 else " " for each in words)
    parted = (plain_words(each) for each in text.split())
    return surname in letters or any(len(each) > 1 and _runs(each, (surname,)) for each in parted)
