"""Where a right applies, as people type it: whether that is the United Kingdom, alone or beside other places."""

from __future__ import annotations

import re
from enum import Enum, auto

from crm.kernel.folding import plain_words

UNITED_KINGDOM = "United Kingdom"
BETWEEN = re.compile(r"[,;:/|&+()]|\band\b|\bor\b", re.IGNORECASE)
FILLING = frozenset({"the", "only", "all", "whole", "of", "wide"})
KINGDOM = frozenset(
    {
        *("united kingdom", "uk", "u k", "great britain", "gb", "g b", "britain"),
        *("united kingdom great britain", "england", "scotland", "wales", "northern ireland", "isle man"),
    }
)
"""The United Kingdom and its parts, in plain words; what its office registers holds in the Isle of Man too."""


class Reach(Enum):
    """Whether a right applies to the United Kingdom alone, there among other places, or elsewhere."""

    KINGDOM = auto()
    AMONG = auto()
    ELSEWHERE = auto()


def places(territory: str) -> tuple[str, ...]:
    """The places that a territory names, in plain words, in order."""
    named = (" ".join(_telling(each)) for each in BETWEEN.split(territory))
    return tuple(sorted({each for each in named if each}))


def _telling(text: str) -> list[str]:
    words = plain_words(text)
    return [each for each in words if each not in FILLING] or list(words)


def reach(territory: str) -> Reach:
    """Whether a right that applies to a territory is one of the United Kingdom."""
    named = set(places(territory))
    if not named & KINGDOM:
        return Reach.ELSEWHERE
    return Reach.KINGDOM if named <= KINGDOM else Reach.AMONG


def folded_territory(territory: str) -> tuple[str, ...]:
    """A territory as two are compared: each way of naming the United Kingdom is one."""
    return ("united kingdom",) if reach(territory) is Reach.KINGDOM else places(territory)
