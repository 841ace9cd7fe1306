"""Where a part of a round stands among its like: "2" is second, and what stood there moves on by one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from crm.db.session import session
from crm.programme.rounds.models import Criterion, RoundQuestion, RoundSection

# Among which it stands: a question among those of its section, the others in their round.
AMONG: dict[type[Any], str] = {
    RoundSection: "round_id",
    RoundQuestion: "section_id",
    Criterion: "round_id",
}


def make_room(kind: type[Any], owner_id: UUID, *, at: int, of: UUID | None = None) -> tuple[int, bool]:
    """Move what stands at a position, and after it, on by one. Returns where the part itself stands, last at the most, and
    whether others moved.

    ``of`` is the part, where it is there already. The others keep their version: whoever changes one of them meanwhile is
    not told that somebody else did.
    """
    others = _others(kind, owner_id, of)
    place = min(at, len(others) + 1)
    numbers = [number + (number >= place) for number in range(1, len(others) + 1)]
    return place, _number(kind, others, numbers)


def close_up(kind: type[Any], owner_id: UUID, *, without: UUID) -> None:
    """Number what is left, as one of them is removed."""
    others = _others(kind, owner_id, without)
    _number(kind, others, range(1, len(others) + 1))


def _others(kind: type[Any], owner_id: UUID, but: UUID | None) -> list[Any]:
    asked = select(kind).where(getattr(kind, AMONG[kind]) == owner_id).order_by(kind.position, kind.id)
    return [each for each in session().scalars(asked) if each.id != but]


def _number(kind: type[Any], parts: list[Any], positions: Iterable[int]) -> bool:
    moved = [
        (each, position) for each, position in zip(parts, positions, strict=True) if each.position != position
    ]
    for each, position in moved:
        session().execute(update(kind).where(kind.id == each.id).values(position=position))
    return bool(moved)
