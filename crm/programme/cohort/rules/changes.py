"""What has changed since a cohort was asked for, in words: a proposal rests on the day it was asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crm.kernel.money import Money
from crm.kernel.text import series
from crm.programme.cohort.rules.groups import Dimension
from crm.programme.cohort.rules.labels import DIMENSIONS, group_in_words
from crm.programme.cohort.rules.limits import Option
from crm.programme.rounds.rules.weights import shown


@dataclass(frozen=True)
class Tense:
    """The verbs of what has changed: by now or, of a cohort that was confirmed since, by then."""

    can: str
    no_longer: str
    share: str
    shares: str
    is_: str
    asks: str
    counts: str
    now: str


NOW = Tense("can", "can no longer", "share", "shares", "is", "asks", "counts", "now")
THEN = Tense("could", "could no longer", "shared", "shared", "was", "asked", "counted", "by then")


@dataclass(frozen=True)
class Shared:
    """What an application can be given of subsidies, of at most what its enterprise asks for, and the applications it shares that with."""

    room: int
    codes: frozenset[str]


def rooms_by_code(options: Sequence[Option], headroom: Mapping[str, int]) -> dict[str, Shared]:
    """By each application that has a limit of subsidies: what it and those that share it can be given of what they ask for."""
    members: dict[str, list[Option]] = {}
    for each in options:
        if each.group in headroom:
            members.setdefault(each.group, []).append(each)
    return {
        each.code: Shared(
            min(headroom[group], sum(one.asked for one in rows)), frozenset(one.code for one in rows)
        )
        for group, rows in members.items()
        for each in rows
    }


def changes_since(
    then: Sequence[Option], today: Sequence[Option], *, names: Mapping[str, str], tense: Tense = NOW
) -> list[str]:
    """Who can no longer be chosen, who can now, and whose total, sum or groups are others, by the names of applications."""
    before, after = ({each.code: each for each in rows} for rows in (then, today))
    gone = [f"{_name(code, names)} {tense.no_longer} be chosen." for code in before if code not in after]
    new = [f"{_name(code, names)} {tense.can} be chosen {tense.now}." for code in after if code not in before]
    both = (code for code in before if code in after)
    differ = (each for code in both for each in _differences(before[code], after[code], names, tense))
    return [*gone, *new, *differ]


def limits_since(
    then: Mapping[str, Shared], today: Mapping[str, Shared], *, names: Mapping[str, str], tense: Tense = NOW
) -> list[str]:
    """Whose limit of subsidies leaves another sum for what they ask for, or is shared with others: each enterprise once."""
    found: dict[str, None] = {}
    for code in (code for code in then if code in today):
        before, after = then[code], today[code]
        both = series([_name(each, names) for each in sorted(after.codes)])
        if before.codes & today.keys() != after.codes & then.keys():
            shared = f"{both} {tense.share} a limit of subsidies {tense.now}." if len(after.codes) > 1 else ""
            alone = f"{both} {tense.shares} its limit of subsidies with no other applicant {tense.now}."
            found[shared or alone] = None
        elif before.room != after.room:
            sums = (
                f"{Money(after.room).in_full()} of subsidies {tense.now}, not {Money(before.room).in_full()}"
            )
            found[f"{both} {tense.can} be given {sums}."] = None
    return list(found)


def _differences(then: Option, today: Option, names: Mapping[str, str], tense: Tense) -> list[str]:
    name, found = _name(then.code, names), []
    if then.total != today.total:
        other = f"{shown(today.total)}% {tense.now}, not {shown(then.total)}%"
        found.append(f"The total of {name} {tense.is_} {other}.")
    if then.asked != today.asked:
        found.append(f"{name} {tense.asks} for {Money(today.asked)} {tense.now}, not {Money(then.asked)}.")
    return [*found, *_regrouped(then, today, name, tense)]


def _regrouped(then: Option, today: Option, name: str, tense: Tense) -> Iterator[str]:
    """Each group of the balance that is another now, from what to what."""
    for each in Dimension:
        before, after = then.facts.get(each, ()), today.facts.get(each, ())
        if tuple(before) != tuple(after):
            yield _regrouped_in_words(each, name, (before, after), tense)


FIRST_TIME: Mapping[tuple[str, ...], str] = {
    ("yes",): "{name} {now} {counts} as a first-time applicant.",
    ("no",): "{name} {now} {counts} as having applied before.",
}


def _regrouped_in_words(
    dimension: Dimension, name: str, groups: tuple[Sequence[str], Sequence[str]], tense: Tense
) -> str:
    before, after = groups
    if dimension is Dimension.FIRST_TIME and tuple(after) in FIRST_TIME:
        return FIRST_TIME[tuple(after)].format(name=name, counts=tense.counts, now=tense.now)
    what = (
        "Whether it is the first application" if dimension is Dimension.FIRST_TIME else DIMENSIONS[dimension]
    )
    return f"{what} of {name} {tense.is_} {_groups(dimension, after)} {tense.now}, not {_groups(dimension, before)}."


def _groups(dimension: Dimension, values: Sequence[str]) -> str:
    return series([f"“{group_in_words(dimension, each)}”" for each in values]) if values else "not known"


def _name(code: str, names: Mapping[str, str]) -> str:
    return names.get(code, code)


def money_short(awarded: Money, free: Money | None, *, tense: Tense = NOW) -> list[str]:
    """That less is free now than a proposal awards, where that is so and it is known what is free."""
    if free is None or awarded <= free:
        return []
    return [f"Only {free} {tense.is_} free {tense.now}. This proposal awards {awarded}."]
