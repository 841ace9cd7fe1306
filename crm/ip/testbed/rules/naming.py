"""What of a lesson anyone can read, which businesses it names, and the mark of what a business agreed to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from unicodedata import category

from crm.kernel.folding import IN_PASSING, plain_words, same_name, without_ending
from crm.kernel.marks import mark_of

LONGEST_RUN, SHORTEST = 8, 3
OWNING = re.compile(r"[’']s\b", re.IGNORECASE)
WORD = re.compile(r"[^\W_][\w’'&+-]*")
NO_NAMES = re.compile(
    r"\b(without|no|not|never)\b[^.;:\n]{0,30}\bnam(e|es|ed|ing)\b|\bunnamed\b|\banonym", re.IGNORECASE
)
BUT_WITH_CONSENT = re.compile(r"\b(unless|except|only (if|with|where)|agrees?|consents?)\b", re.IGNORECASE)
LEADING, SHORTEST_JOINED = 2, 7
"""How many words a name begins with tell it, and how long a name is at least that may be written without its spaces."""
COMMON = IN_PASSING | set(
    plain_words(
        "a an of for in on at by to my our your its new old great big little small first one two three north south east west "
        "central midland midlands birmingham coventry wolverhampton warwickshire solihull black country city region england "
        "english british britain uk united kingdom wales welsh scotland europe european world global national local digital "
        "creative media film films game games music art arts design designs studio studios theatre radio tv screen craft crafts "
        "fashion software web online video photo print press book books sound records company group project projects test bed "
        "public open young women people community social business businesses limited good best"
    )
)
"""Words of which two in a row tell no name: a text about "creative media" names nobody."""


def names(text: str, called: Iterable[str]) -> bool:
    """Whether a text has one of the names of a business, however it is written and with its legal ending or without.

    The first two words of a longer name are enough where they tell it: "Copper Lark" is Copper Lark Games Ltd. So is a
    name that is written in one word, or parted by signs that nobody sees.
    """
    return any(_has(text, core) for name in called for core in cores(name))


def names_person(text: str, name: str) -> bool:
    """Whether a text has the whole name of a person, the first and the last: one of the two alone may be another's."""
    words = plain_words(name)
    return len(words) > 1 and _has(text, words)


def is_without_names(agreed: str) -> bool:
    """Whether what partners agreed may be published asks for a text without names, as people write it."""
    return bool(NO_NAMES.search(agreed)) and not BUT_WITH_CONSENT.search(agreed)


def _has(text: str, words: tuple[str, ...]) -> bool:
    joined = "".join(words)
    if not joined:
        return False
    runs, whole = _read(text)
    return any(_padded(words) in each for each in whole) or (
        len(joined) >= SHORTEST_JOINED and joined in runs
    )


@lru_cache(maxsize=16)
def _read(text: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The runs of words of a text, each as one word, and the whole of it in plain words, in each way to read it."""
    ways = [plain_words(each) for each in _as_written(text)]
    spans = range(1, LONGEST_RUN + 1)
    runs = {
        "".join(way[at : at + span]) for way in ways for span in spans for at in range(len(way) - span + 1)
    }
    return frozenset(runs), tuple(_padded(way) for way in ways)


def _as_written(text: str) -> tuple[str, str]:
    """A text, and the same without "’s" at the ends of words."""
    return text, OWNING.sub("", text)


def cores(name: str) -> tuple[tuple[str, ...], ...]:
    """The words of a name by which it is told: all but its legal ending, and the first two where they are its own."""
    kept, _ = without_ending(plain_words(name))
    same = tuple(same_name(name).split())
    first = same[:LEADING]
    tells = len(same) > LEADING and not all(each in COMMON for each in first)
    return (kept, same, first) if tells else (kept, same)


def _padded(words: Iterable[str]) -> str:
    return f" {' '.join(words)} "


def runs_of(text: str) -> frozenset[str]:
    """Every run of two to eight words in a text: a business's name of as many words may be one of them."""
    spans, found = range(2, LONGEST_RUN + 1), set[str]()
    for each in _as_written(text):
        words = plain_words(each)
        found |= {" ".join(words[at : at + span]) for span in spans for at in range(len(words) - span + 1)}
    return frozenset(found)


def capitals_of(text: str) -> frozenset[str]:
    """The single words of a text that are written like a name, with a capital letter: "bloom" is none, "Bloom" may be one."""
    seen = "".join(sign for sign in text if category(sign) != "Cf")
    found = (word for each in _as_written(seen) for word in WORD.findall(each) if word[0].isupper())
    return frozenset(plain for word in found for plain in plain_words(word))


def is_called(name: str, text: str) -> bool:
    """Whether a text has the name of a person, in full or only the first name or the last, written like a name.

    Of a name in two parts, "Smith-Jones", both together tell it or the last: others may share the first.
    """
    parts, runs = [plain_words(each) for each in name.split()], runs_of(text)
    singles = {each[-1] for each in parts if each and len(each[-1]) >= SHORTEST} - IN_PASSING
    together = {" ".join(each) for each in (plain_words(name), *(each for each in parts if len(each) > 1))}
    return bool(together & runs) or bool(singles & capitals_of(text))


@dataclass(frozen=True)
class Public:
    """Everything of a lesson that anyone can read once it is published: its words, and what it says of the project."""

    title: str
    text: str
    question: str
    tried_from: date
    tried_to: date
    partners: str

    @property
    def words(self) -> str:
        """All its words, in which a business may be named."""
        return " . ".join((self.title, self.text, self.question, self.partners))

    def is_planned(self, on: date) -> bool:
        """Whether the trial was not over on a day, so that its days are those that were planned."""
        return on < self.tried_to

    @property
    def mark(self) -> str:
        """The mark of exactly this: consent to it is consent to nothing else."""
        return mark_of(self.title, self.text, self.question, self.tried_from, self.tried_to, self.partners)
