"""What a room above says of its own row before a room below changes something about it, or pays: declared in its manifest."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crm.db.session import HOLDS, WITHHOLDS, session

Hold = Callable[[Any], str | None]
"""Why entries about a row, by its id, are changed only on the row's own page, in words; None where they may be changed."""
Holds = Mapping[str, Hold]


@dataclass(frozen=True)
class HoldOfMany:
    """A hold that a list can ask for all its rows at once: ``among`` says which of some ids are held."""

    one: Hold
    among: Callable[[Collection[Any]], set[Any]]

    def __call__(self, row_id: Any) -> str | None:
        """What the hold says of one row."""
        return self.one(row_id)


def why_held(table: str, row_id: UUID | int) -> str | None:
    """Why nothing may be changed about this row of ``table`` from below; None where its room does not mind."""
    declared: Holds = session().info.get(HOLDS, {})
    hold = declared.get(table)
    return hold(row_id) if hold is not None else None


def held_among(table: str, row_ids: Collection[Any]) -> set[Any]:
    """Which of some rows of ``table`` are held, as `why_held` says of each."""
    declared: Holds = session().info.get(HOLDS, {})
    hold = declared.get(table)
    if isinstance(hold, HoldOfMany):
        return hold.among(row_ids)
    return {each for each in row_ids if hold is not None and hold(each)}


def why_withheld(table: str, row_id: UUID) -> str | None:
    """Why a payment about this row of ``table`` may not be released, or the row not be erased, now; None where its room has nothing against it."""
    declared: Holds = session().info.get(WITHHOLDS, {})
    hold = declared.get(table)
    return hold(row_id) if hold is not None else None
