"""What has changed since a cohort was asked for, in words: a proposal rests on the day it was asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from crm.kernel.money import Money
from crm.kernel.text import series
from crm.programme.cohort.rules.groups import Dimension
from crm.programme.cohort.rules.labels import DIMENSIONS, group_in_words
from crm.programme.cohort.rules.limits import Option
from crm.programme.rounds.rules.weights import shown


def changes_since(then: Sequence[Option], today: Sequence[Option], *, names: Mapping[str, str]) -> list[str]:
    """Who can no longer be chosen, who can now, and whose total, sum or groups are others, by the names of applications."""
    before, after = ({each.code: each for each in rows} for rows in (then, today))
    gone = [f"{_name(code, names)} can no longer be chosen." for code in before if code not in after]
    new = [f"{_name(code, names)} can be chosen now." for code in after if code not in before]
    both = (code for code in before if code in after)
    return [*gone, *new, *(each for code in both for each in _differences(before[code], after[code], names))]


def _differences(then: Option, today: Option, names: Mapping[str, str]) -> list[str]:
    name, found = _name(then.code, names), []
    if then.total != today.total:
        found.append(f"The total of {name} is {shown(today.total)}% now, not {shown(then.total)}%.")
    if then.asked != today.asked:
        found.append(f"{name} asks for {Money(today.asked)} now, not {Money(then.asked)}.")
    return [*found, *_regrouped(then, today, name)]


def _regrouped(then: Option, today: Option, name: str) -> Iterator[str]:
    """Each group of the balance that is another now, from what to what."""
    for each in Dimension:
        before, after = then.facts.get(each, ()), today.facts.get(each, ())
        if tuple(before) != tuple(after):
            yield f"{DIMENSIONS[each]} of {name} is {_groups(each, after)} now, not {_groups(each, before)}."


def _groups(dimension: Dimension, values: Sequence[str]) -> str:
    return series([f"“{group_in_words(dimension, each)}”" for each in values]) if values else "not known"


def _name(code: str, names: Mapping[str, str]) -> str:
    return names.get(code, code)


def money_short(awarded: Money, free: Money | None) -> list[str]:
    """That less is free now than a proposal awards, where that is so and it is known what is free."""
    if free is None or awarded <= free:
        return []
    return [f"Only {free} is free now. This proposal awards {awarded}."]
