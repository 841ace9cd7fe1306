"""What of a lesson anyone can read, which businesses it names, and the mark of what a business agreed to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from crm.kernel.folding import plain_words, same_name, without_ending
from crm.kernel.marks import mark_of

LONGEST_RUN, SHORTEST = 8, 3
OWNING = re.compile(r"[’']s\b", re.IGNORECASE)
WORD = re.compile(r"[^\W_][\w’'&+-]*")


def names(text: str, called: Iterable[str]) -> bool:
    """Whether a text has one of the names of a business, however it is written and with its legal ending or without."""
    ways = [_padded(plain_words(each)) for each in _as_written(text)]
    return any(core in way for name in called for core in _cores(name) if core.strip() for way in ways)


def _as_written(text: str) -> tuple[str, str]:
    """A text, and the same without "’s" at the ends of words."""
    return text, OWNING.sub("", text)


def _cores(name: str) -> tuple[str, str]:
    kept, _ = without_ending(plain_words(name))
    return _padded(kept), _padded(same_name(name).split())


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
    found = (word for each in _as_written(text) for word in WORD.findall(each) if word[0].isupper())
    return frozenset(plain for word in found for plain in plain_words(word))


def is_called(name: str, text: str) -> bool:
    """Whether a text has the name of a person, in full or only the first name or the last, written like a name."""
    words = plain_words(name)
    singles = {each for each in words if len(each) >= SHORTEST}
    return " ".join(words) in runs_of(text) or bool(singles & capitals_of(text))


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
