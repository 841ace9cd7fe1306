"""What has changed since a cohort was asked for, in words: a proposal rests on the day it was asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from crm.kernel.money import Money
from crm.programme.cohort.rules.limits import Limit, Option
from crm.programme.rounds.rules.weights import shown

TOTAL, SUM = "total", "sum"


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
    if then.facts != today.facts:
        found.append(f"What is known of {name} for the balance has changed.")
    return found


def _name(code: str, names: Mapping[str, str]) -> str:
    return names.get(code, code)


def limits_changed(then: Iterable[Limit], today: Iterable[Limit]) -> list[str]:
    """The limits that were set by the cohort and are others now."""
    before, after = {each.words for each in then}, {each.words for each in today}
    return [f"“{words}” no longer applies." for words in sorted(before - after)] + [
        f"“{words}” applies now." for words in sorted(after - before)
    ]
