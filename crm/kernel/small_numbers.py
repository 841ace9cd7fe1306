"""What people outside are told of counts: none under five, nor any from which such a one could be worked out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

FEWEST_TOLD = 5
"""A smaller number of people or businesses is not told to people outside."""
HIDDEN = "Not shown"
"""What stands for a figure held back: one that is small, or one that would let a small one be worked out."""


def is_worked_out(held: Sequence[int]) -> bool:
    """Whether those held back can be told from their sum, which people outside know: the total less what is shown.

    None may be certain to be small: with one in each of the others, the last must still reach the fewest that are told.
    """
    return bool(held) and (len(held) == 1 or sum(held) - (len(held) - 1) < FEWEST_TOLD)


def held_back(bases: Mapping[str, int]) -> set[str]:
    """The lines held back, by the people or businesses behind each: the small ones, and the next smallest too for as long as
    the total less those shown tells one. A line of nobody tells of nobody and is shown, unless all lines have to be held back.
    """
    small = {key for key, base in bases.items() if 0 < base < FEWEST_TOLD}
    rest = sorted((base, key) for key, base in bases.items() if base >= FEWEST_TOLD)
    for _, key in rest:
        if not is_worked_out([bases[each] for each in small]):
            break
        small.add(key)
    return set(bases) if is_worked_out([bases[each] for each in small]) else small


def can_be_told(base: int, *, of: int | None = None) -> bool:
    """Whether a figure of so many may be told: nobody, or five and more; of a larger whole, what is left over too."""
    left = 0 if of is None else of - base
    return all(each == 0 or each >= FEWEST_TOLD for each in (base, left))
