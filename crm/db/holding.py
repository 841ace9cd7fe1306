"""What a room above says of its own row before a room below changes something about it, or pays: declared in its manifest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from crm.db.session import HOLDS, WITHHOLDS, session

Hold = Callable[[Any], str | None]
"""Why entries about a row, by its id, are changed only on the row's own page, in words; None where they may be changed."""
Holds = Mapping[str, Hold]


def why_held(table: str, row_id: UUID | int) -> str | None:
    """Why nothing may be changed about this row of ``table`` from below; None where its room does not mind."""
    declared: Holds = session().info.get(HOLDS, {})
    hold = declared.get(table)
    return hold(row_id) if hold is not None else None


def why_withheld(table: str, row_id: UUID) -> str | None:
    """Why a payment about this row of ``table`` may not be released now; None where its room has nothing against it."""
    declared: Holds = session().info.get(WITHHOLDS, {})
    hold = declared.get(table)
    return hold(row_id) if hold is not None else None
