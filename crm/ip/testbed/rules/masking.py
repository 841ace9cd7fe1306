"""A text with the names of some businesses and people taken out of it, however they are written there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from unicodedata import category

from crm.ip.testbed.rules.naming import (
    LONGEST_RUN,
    OWNING,
    SHORTEST_JOINED,
    Public,
    cores,
    names,
    names_person,
)
from crm.kernel.folding import APOSTROPHES, ENDINGS, MARKS, plain_words

BUSINESS, PERSON = "another business", "someone at another business"
HELD_BACK = "Not shown: it names another business."
"""What stands for a whole part of a text, should a name in it be found and its place not."""
ENDS = frozenset(way for ways in ENDINGS.values() for way in ways if " " not in way)
AND_SIGNS = "&＆﹠⁊+＋"
READ_PARTS = ("title", "text", "question", "partners")


@dataclass(frozen=True)
class Hidden:
    """Whose names are not shown: businesses by each of their names, and people by theirs."""

    businesses: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    def are_in(self, text: str) -> bool:
        """Whether a text has one of them."""
        return names(text, self.businesses) or any(names_person(text, each) for each in self.people)


@dataclass(frozen=True)
class _Word:
    """A word of a text in plain letters, and where it is written there."""

    plain: str
    start: int
    end: int


@dataclass
class _Spans:
    """Which stretches of a text are not shown, each with what stands for it."""

    found: list[tuple[int, int, str]] = field(default_factory=list)

    def add(self, words: Sequence[_Word], stands: str) -> None:
        self.found.append((words[0].start, words[-1].end, stands))

    def apart(self) -> Iterator[tuple[int, int, str]]:
        """The stretches in their order; those that overlap are one, and a business is named before a person."""
        whole: list[tuple[int, int, str]] = []
        for start, end, stands in sorted(self.found, key=lambda each: (each[0], each[2])):
            if whole and start < whole[-1][1]:
                first = whole.pop()
                whole.append((first[0], max(first[1], end), first[2]))
            else:
                whole.append((start, end, stands))
        yield from whole


def without(shown: Public, hidden: Hidden) -> Public:
    """What anyone could read of a lesson, without the names of some."""
    told: dict[str, Any] = {name: masked(getattr(shown, name), hidden) for name in READ_PARTS}
    return replace(shown, **told)


def names_another(shown: Public) -> bool:
    """Whether a name was taken out of what a business reads."""
    words = shown.words.casefold()
    return any(each.casefold() in words for each in (BUSINESS, PERSON, HELD_BACK))


def masked(text: str, hidden: Hidden) -> str:
    """A text in which "another business" stands for the names of some. It never shows a name that `names` finds."""
    if not hidden.are_in(text):
        return text
    spans = _Spans()
    for called, stands in ((hidden.businesses, BUSINESS), (hidden.people, PERSON)):
        wanted = {core for name in called for core in cores(name)} if stands is BUSINESS else _people(called)
        for words in _readings(text):
            _mark(words, wanted, stands, spans)
    told = _replaced(text, spans)
    return HELD_BACK if hidden.are_in(told) else told


def _people(called: Iterable[str]) -> set[tuple[str, ...]]:
    return {words for name in called if len(words := plain_words(name)) > 1}


def _mark(words: Sequence[_Word], wanted: Iterable[tuple[str, ...]], stands: str, spans: _Spans) -> None:
    """Mark each run of words that is one of the names, its legal ending with it, written in one word or in several."""
    joined = {"".join(each) for each in wanted}
    whole = {each for each in wanted if each}
    for at in range(len(words)):
        for span in range(1, min(LONGEST_RUN, len(words) - at) + 1):
            run = words[at : at + span]
            said = "".join(each.plain for each in run)
            is_long = len(said) >= SHORTEST_JOINED and said in joined
            if is_long or tuple(each.plain for each in run) in whole:
                spans.add(_with_ending(words, at, at + span), stands)


def _with_ending(words: Sequence[_Word], start: int, end: int) -> Sequence[_Word]:
    while end < len(words) and words[end].plain in ENDS:
        end += 1
    return words[start:end]


def _readings(text: str) -> tuple[list[_Word], list[_Word]]:
    """The words of a text where they are written, and the same without "’s" at their ends."""
    plainly, apart = list[_Word](), list[_Word]()
    for start, end in _written(text):
        said = "&" if text[start:end] in AND_SIGNS else text[start:end]
        plainly += [_Word(each, start, end) for each in plain_words(said)]
        bare = OWNING.sub("", said)
        apart += [_Word(each, start, start + len(bare)) for each in plain_words(bare)]
    return plainly, apart


def _written(text: str) -> Iterator[tuple[int, int]]:
    """Where each word of a text begins and ends: letters, and the signs that part no word."""
    start = None
    for at, sign in enumerate(text):
        if _joins(sign):
            start = at if start is None else start
            continue
        if start is not None:
            yield start, at
        start = None
        if sign in AND_SIGNS:
            yield at, at + 1
    if start is not None:
        yield start, len(text)


def _joins(sign: str) -> bool:
    is_seen = sign.isalnum() or bool(APOSTROPHES.match(sign) or MARKS.match(sign))
    return is_seen or category(sign) in ("Cf", "Mn", "Mc")


def _replaced(text: str, spans: _Spans) -> str:
    told, last = "", 0
    for start, end, stands in spans.apart():
        told += text[last:start]
        told += stands.capitalize() if _begins(told) else stands
        last = end
    return told + text[last:]


def _begins(told: str) -> bool:
    """Whether a sentence or a part begins here."""
    before = told.rstrip()
    return not before or before[-1] in ".!?:\n" or "\n" in told[len(before) :]
