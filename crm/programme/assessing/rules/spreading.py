"""Spreading applications over assessors: evenly by load, nearer to what each knows, never where there is a conflict."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

Pair = tuple[UUID, UUID]
"""An assessor and a business."""


@dataclass(frozen=True)
class Free:
    """An assessor, with what they know, how many applications they have, and how many they can have at most."""

    id: UUID
    knows: frozenset[str] = frozenset()
    load: int = 0
    most: int = 1_000


@dataclass(frozen=True)
class Wanting:
    """An application that wants so many more assessors than ``had`` it."""

    id: UUID
    business_id: UUID
    wants: int
    about: frozenset[str] = frozenset()
    had: frozenset[UUID] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Spread:
    """Who is given what, as pairs of application and assessor, and how many are still missing where."""

    given: tuple[Pair, ...]
    missing: Mapping[UUID, int]


def spread(wanting: Iterable[Wanting], free: Sequence[Free], *, conflicts: Collection[Pair]) -> Spread:
    """Spread fairly. Those for whom fewest can be found come first; of two with one load, who knows the field goes first.

    The same input always gives the same result, whatever its order.
    """
    loads, people = {each.id: each.load for each in free}, sorted(free, key=lambda each: str(each.id))
    given: list[Pair] = []
    missing: dict[UUID, int] = {}
    can = {each.id: _able(each, people, conflicts) for each in wanting}
    for each in sorted(wanting, key=lambda one: (len(can[one.id]), str(one.id))):
        chosen = _choose(each, can[each.id], loads)
        for person in chosen:
            loads[person.id] += 1
            given.append((each.id, person.id))
        if len(chosen) < each.wants:
            missing[each.id] = each.wants - len(chosen)
    return Spread(tuple(given), missing)


def _able(each: Wanting, people: Iterable[Free], conflicts: Collection[Pair]) -> list[Free]:
    return [
        person
        for person in people
        if person.id not in each.had and (person.id, each.business_id) not in conflicts
    ]


def _choose(each: Wanting, able: Iterable[Free], loads: Mapping[UUID, int]) -> list[Free]:
    with_room = [person for person in able if loads[person.id] < person.most]
    best = sorted(
        with_room, key=lambda person: (loads[person.id], not person.knows & each.about, str(person.id))
    )
    return best[: each.wants]
