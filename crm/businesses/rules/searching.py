"""How businesses are found: the one specification that both engines follow.

A business has the words of its names, its number and its district. A search is cut into terms, and every term has to
meet a word: exactly (0), as its beginning (1), within it (2) or, where it was mistyped, nearly (3). How the weightiest
term is met, the best way counting, puts businesses in order; then that word, then the name. A term with a figure in it
is a number or a district and is only ever met exactly, so that B1 does not find B10; a company number may be left
unfinished.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from crm.kernel.folding import plain_words, telling_words, without_ending

MOST_TERMS = 6
LONGEST_WORD = 60
MOST_WORDS = 60
SHORTEST_FUZZY = 4
NEAR = 0.4
"""Of the trigrams of two words together, the share that both must have for the one to be the other mistyped."""
SHORTEST_NUMBER, LONGEST_NUMBER = 6, 8


class Tier(IntEnum):
    """How a term is met by a word; the lower, the better."""

    EXACT = 0
    BEGINS = 1
    WITHIN = 2
    NEARLY = 3


def words_in(text: str) -> tuple[str, ...]:
    """The words of a text, folded, in order; a legal ending in full or Welsh is followed by the one it stands for."""
    words = plain_words(text)
    _, endings = without_ending(words)
    more = (each for each in endings if each not in words)
    return tuple(word[:LONGEST_WORD] for word in (*words, *more))


def words_of(names: Iterable[str], *, number: str | None, outcode: str | None) -> frozenset[str]:
    """Every word that a business is found by."""
    words = [word for name in names for word in words_in(name)]
    words += [each.casefold() for each in (number, outcode) if each]
    return frozenset(dict.fromkeys(words).keys() if len(words) <= MOST_WORDS else words[:MOST_WORDS])


def terms_of(text: str) -> tuple[str, ...]:
    """What is searched for: a few words, each once. Six or seven figures are a company number without its noughts;
    figures with blanks between them are one number.

    Legal endings, "the" and "and" are written or left out as people please: they count only where nothing else does.
    """
    words = telling_words(text)
    joined = "".join(plain_words(text))
    if joined.isascii() and joined.isdigit() and len(joined) in range(SHORTEST_NUMBER, LONGEST_NUMBER + 1):
        words = (joined,)
    terms = dict.fromkeys(_term(word[:LONGEST_WORD]) for word in words)
    return tuple(terms)[:MOST_TERMS]


def by_weight(terms: tuple[str, ...]) -> tuple[str, ...]:
    """Terms with the weightiest first, the one that fewest have: numbers and districts, then the longest."""
    return tuple(sorted(terms, key=lambda term: (not (has_figure(term) and len(term) > 1), -len(term))))


def _term(word: str) -> str:
    is_short = word.isascii() and word.isdigit() and len(word) in (6, 7) and not word.startswith("0")
    return word.zfill(8) if is_short else word


def has_figure(term: str) -> bool:
    """Whether a term is a number or a district rather than a word of a name."""
    return any(sign.isdigit() for sign in term)


def is_unfinished_number(term: str) -> bool:
    """Whether a term may be the beginning of a company number."""
    return has_figure(term) and len(term) >= SHORTEST_NUMBER


def is_fuzzy(term: str) -> bool:
    """Whether a term is long enough to be looked for within words, and mistyped."""
    return len(term) >= SHORTEST_FUZZY and not has_figure(term)


def grams_of(word: str) -> frozenset[str]:
    """The trigrams of a word, with two blanks before it and one behind, so that its beginning weighs more."""
    padded = f"  {word} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def similarity(one: str, other: str) -> float:
    """The share of their trigrams that two words have in common, 0 to 1."""
    ours, theirs = grams_of(one), grams_of(other)
    return len(ours & theirs) / len(ours | theirs)


def least_shared(term: str) -> int:
    """How many of a term's trigrams a word needs at least to be near it, or to hold it."""
    count = len(grams_of(term))
    return max(1, min(int(count * NEAR + 0.999), max(1, len(term) - 2)))


def tier_of(term: str, word: str) -> Tier | None:
    """How a word meets a term; None where it does not."""
    if word == term:
        return Tier.EXACT
    if has_figure(term):
        return Tier.BEGINS if is_unfinished_number(term) and word.startswith(term) else None
    if word.startswith(term):
        return Tier.BEGINS
    if not is_fuzzy(term):
        return None
    if term in word:
        return Tier.WITHIN
    return Tier.NEARLY if similarity(term, word) >= NEAR else None
