"""What differs between two versions of an assessment, part by part of the same criterion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crm.programme.assessing.rules.scoring import Key, part_names

Scores = Sequence[Mapping[str, Any]]


def differences(before: Scores, after: Scores | None) -> list[tuple[str, str, str]]:
    """Each part with its score and reasons before and after; after is None where nothing was submitted again yet.

    A criterion is known by its id. One that was superseded has another id afterwards: it is then known by its title,
    as are versions that were kept without ids.
    """
    names = part_names([(_key(each), each["criterion"]) for each in before])
    ids = {_key(each): each for each in after or ()}
    titles = {(each["criterion"], each["part"]): each for each in after or ()}
    return [
        (
            names[_key(each)],
            _said(each),
            _after(ids.get(_key(each)) or titles.get((each["criterion"], each["part"])), after),
        )
        for each in before
    ]


def _key(row: Mapping[str, Any]) -> Key:
    return row.get("id", row["criterion"]), row["part"]


def _after(row: Mapping[str, Any] | None, after: Scores | None) -> str:
    if after is None:
        return "Not submitted again yet"
    return _said(row) if row else "Not scored"


def _said(row: Mapping[str, Any]) -> str:
    words = f"{row['value']} of {row['highest']}"
    return f"{words}: {row['rationale']}" if row["rationale"] else words
