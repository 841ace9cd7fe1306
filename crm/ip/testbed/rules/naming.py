"""Which businesses a text names, and the mark of a text that a business agreed to."""

from __future__ import annotations

from collections.abc import Iterable

from crm.kernel.folding import plain_words, same_name, without_ending
from crm.kernel.marks import mark_of

LONGEST_RUN = 8


def names(text: str, called: Iterable[str]) -> bool:
    """Whether a text has one of the names of a business, however it is written and with its legal ending or without."""
    words = _padded(plain_words(text))
    return any(core in words for name in called for core in _cores(name) if core.strip())


def _cores(name: str) -> tuple[str, str]:
    kept, _ = without_ending(plain_words(name))
    return _padded(kept), _padded(same_name(name).split())


def _padded(words: Iterable[str]) -> str:
    return f" {' '.join(words)} "


def runs_of(text: str) -> frozenset[str]:
    """Every run of two to eight words in a text: a business's name of as many words may be one of them."""
    words = plain_words(text)
    spans = range(2, LONGEST_RUN + 1)
    return frozenset(" ".join(words[at : at + span]) for span in spans for at in range(len(words) - span + 1))


def mark_of_text(title: str, text: str) -> str:
    """The mark of exactly these words: consent to them is consent to no others."""
    return mark_of(title, text)
