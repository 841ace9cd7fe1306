"""What a draft of a readiness question set changes of the version that is asked today, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from crm.diagnostics.rules.readiness import exact

SCORING = {
    "minimum_answered_share": "Questions that must be answered",
    "sector_boost": "A question counts in its sectors",
    "screen_boost": "A question counts for a bid for screen funding",
}
NUMBERS = {"weight": "weight", "min": "from"}
Rows = Sequence[Mapping[str, Any]]


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Each change in a sentence: parts, questions, results, rules, the introduction and the weights."""
    return [
        *_of_rows("Part", before["areas"], after["areas"], called="name"),
        *_of_rows("Question", before["questions"], after["questions"], called="text"),
        *_order(before["questions"], after["questions"]),
        *_of_rows("Result", before["bands"], after["bands"], called="name"),
        *_of_rules(before["gates"], after["gates"]),
        *(["The introduction is different."] if before["intro"] != after["intro"] else []),
        *_of_scoring(before["scoring"], after["scoring"]),
    ]


def _of_scoring(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """The share that must be answered, and how many times questions count, each from what to what."""
    for name, words in SCORING.items():
        old, new = (said_weighing(name, each[name]) for each in (before, after))
        if old != new:
            yield f"{words}: {old} becomes {new}"


def said_weighing(name: str, value: Any) -> str:
    """How answers are weighed, in words: a share, or how many times a question counts."""
    found = exact(value)
    return f"{plain(found * 100)}%" if name == "minimum_answered_share" else f"{plain(found)} times"


def plain(number: Fraction) -> str:
    """A number as it is typed: 3/2 is "1.5"."""
    return str(number.numerator) if number.denominator == 1 else f"{float(number):g}"


def _of_rows(kind: str, before: Rows, after: Rows, *, called: str) -> Iterator[str]:
    old, new = ({each["id"]: each for each in rows} for rows in (before, after))
    yield from (f"{kind} added: “{row[called]}”" for key, row in new.items() if key not in old)
    yield from (f"{kind} removed: “{row[called]}”" for key, row in old.items() if key not in new)
    yield from (
        _changed(kind, old[key], row, called=called)
        for key, row in new.items()
        if key in old and old[key] != row
    )


def _changed(kind: str, old: Mapping[str, Any], new: Mapping[str, Any], *, called: str) -> str:
    """One row that changed: its name and its weight, or where it begins, before and after."""
    told = [] if old[called] == new[called] else [f"“{old[called]}” becomes “{new[called]}”"]
    for name, words in NUMBERS.items():
        if name in new and exact(old[name]) != exact(new[name]):
            told.append(f"{words} {plain(exact(old[name]))} becomes {plain(exact(new[name]))}")
    if not told:
        return f"{kind} changed: “{new[called]}”"
    is_renamed = old[called] != new[called]
    return (
        f"{kind} changed: {'; '.join(told)}"
        if is_renamed
        else f"{kind} changed: “{new[called]}”: {'; '.join(told)}"
    )


def _order(before: Rows, after: Rows) -> Iterator[str]:
    kept = {each["id"] for each in before} & {each["id"] for each in after}
    old, new = ([each["id"] for each in rows if each["id"] in kept] for rows in (before, after))
    if old != new:
        yield "The order of the questions is different."


def _of_rules(before: Rows, after: Rows) -> Iterator[str]:
    yield from (f"Rule added or changed: “{each['words']}”" for each in after if each not in before)
    words = {each["words"] for each in after}
    yield from (f"Rule removed: “{each['words']}”" for each in before if each["words"] not in words)
