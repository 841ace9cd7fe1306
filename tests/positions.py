"""Positions of made things among what belongs to the same one: a list of questions, a night's running order."""

from __future__ import annotations

from collections import defaultdict
from itertools import count
from uuid import UUID

_positions: defaultdict[UUID, count[int]] = defaultdict(lambda: count(1))


def next_position(owner_id: UUID) -> int:
    """The next position within its owner. Small in the longest run of tests: forms take a number up to 999."""
    return next(_positions[owner_id])
