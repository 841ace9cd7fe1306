"""What a draft of a readiness question set changes of the version that is asked today, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

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
        *(
            ["How answers are weighed, or how many must be answered, is different."]
            if before["scoring"] != after["scoring"]
            else []
        ),
    ]


def _of_rows(kind: str, before: Rows, after: Rows, *, called: str) -> Iterator[str]:
    old, new = ({each["id"]: each for each in rows} for rows in (before, after))
    yield from (f"{kind} added: “{row[called]}”" for key, row in new.items() if key not in old)
    yield from (f"{kind} removed: “{row[called]}”" for key, row in old.items() if key not in new)
    yield from (
        f"{kind} changed: “{row[called]}”" for key, row in new.items() if key in old and old[key] != row
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
