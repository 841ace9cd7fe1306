"""What differs between two versions of an assessment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Scores = Sequence[Mapping[str, Any]]


def differences(before: Scores, after: Scores | None) -> list[tuple[str, str, str]]:
    """Each part with its score and reasons before and after; after is None where nothing was submitted again yet."""
    later = {(each["criterion"], each["part"]): each for each in after or ()}
    return [
        (each["part"], _said(each), _after(later.get((each["criterion"], each["part"])), after))
        for each in before
    ]


def _after(row: Mapping[str, Any] | None, after: Scores | None) -> str:
    if after is None:
        return "Not submitted again yet"
    return _said(row) if row else "Not scored"


def _said(row: Mapping[str, Any]) -> str:
    words = f"{row['value']} of {row['highest']}"
    return f"{words}: {row['rationale']}" if row["rationale"] else words
