"""How words are looked for in the directory: in any form of a word, in needs and kinds as well as in descriptions.

A word is met where it stands as it was typed, or where a word of the service begins with its stem: "exporting" meets
"export", "trade marks" meets "trademark", "R&D" meets "research and development".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from crm.directory.rules.labels import NEEDS
from crm.kernel.eligibility import DCMS_GROUPS
from crm.kernel.folding import plain_words

IN_PASSING = frozenset({"a", "an", "and", "for", "in", "of", "or", "the", "to", "with", "help"})
SAME = (
    (re.compile(r"\b(?:r and d|rnd|r d|randd)\b"), "research and development"),
    (re.compile(r"\bip\b"), "intellectual property"),
    (re.compile(r"\bvr\b"), "virtual reality"),
    (re.compile(r"\bar\b"), "augmented reality"),
    (re.compile(r"\blicens"), "licenc"),
    (re.compile(r"\btrade marks?\b"), "trademark"),
    (re.compile(r"\bgaming\b"), "games"),
)
RIGHTS = "trademark copyright patent design"
ALSO = {"ip_basics": RIGHTS, "ip_audit": RIGHTS, "ip_implementation": RIGHTS}
"""What people type who need this, where neither the need nor the service says it."""
ENDINGS = ("ations", "ation", "ings", "ing", "ers", "er", "ies", "ied", "ed", "es", "s", "y", "e")
SHORTEST_STEM = 4
SHORTEST_JOINED = 6
SIGNS = re.compile(r"[^\w\s&+'’‘./,()\u2010-\u2015-]|_")


@dataclass(frozen=True)
class Shelf:
    """Everything that one service is found by: as it is written, its words, and its words run together."""

    written: str
    words: frozenset[str]
    joined: str


def shelf_of(name: str, texts: Iterable[str], *, needs: Iterable[str], kinds: Iterable[str]) -> Shelf:
    """What a service is found by: its own texts, its needs and sectors in words and by code, and how it is paid for."""
    named = [f"{need} {NEEDS.get(need, '')} {ALSO.get(need, '')}".replace("_", " ") for need in needs]
    told = [f"{kind} {DCMS_GROUPS.get(kind, '')}".replace("_", " ") for kind in kinds]
    whole = " . ".join((name, *texts, *named, *told))
    words = _words(whole)
    return Shelf(" ".join((name, *texts)).lower(), frozenset(words), "".join(words))


def is_met(text: str, shelf: Shelf) -> bool:
    """Whether a service has every word that is looked for."""
    typed = text.lower().split()
    with_signs = [word for word in typed if SIGNS.search(word)]
    plain = " ".join(word for word in typed if not SIGNS.search(word))
    terms = _words(plain)
    telling = [word for word in terms if word not in IN_PASSING] or terms
    if plain and not terms:
        return plain in shelf.written
    return all(word in shelf.written for word in with_signs) and all(_has(word, shelf) for word in telling)


def _has(term: str, shelf: Shelf) -> bool:
    if len(term) > 1 and term in shelf.written:
        return True
    stem = stem_of(term)
    if any(word.startswith(stem) if len(stem) > 2 else word == stem for word in shelf.words):
        return True
    return len(stem) >= SHORTEST_JOINED and stem in shelf.joined


def stem_of(word: str) -> str:
    """A word without its ending, where enough of it is left."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM and not word.endswith("ss"):
            return word[: -len(ending)]
    return (
        word[:-1] if word.endswith("s") and len(word) == SHORTEST_STEM and not word.endswith("ss") else word
    )


def _words(text: str) -> tuple[str, ...]:
    folded = " ".join(plain_words(text))
    for written, meant in SAME:
        folded = written.sub(meant, folded)
    return tuple(folded.split())
