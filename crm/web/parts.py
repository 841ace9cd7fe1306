"""What rooms above add to the page of a room below, as their manifests declare it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from crm.kernel.permissions import Actor
from crm.web.feature import Part, Todo
from crm.web.identity import current_actor
from crm.web.navigation import features
from crm.web.telling import Happening, Stand


def parts_on(page: str, thing: Any, **sent: Any) -> list[tuple[Part, Mapping[str, Any]]]:
    """The parts of a page, each with what it shows: what it loads, and any of its forms that was sent and refused."""
    actor = current_actor()
    wanted = (each for room in features() for each in room.parts if each.page == page)
    loaded = ((each, each.load(actor, thing)) for each in wanted)
    return [(each, {**shown, **sent}) for each, shown in loaded if shown is not None]


def recounted(kind: str, thing: Any) -> Iterator[Any]:
    """What rooms above did to a row of a table, as entries of the audit log that the current actor may read."""
    actor = current_actor()
    for room in features():
        tell = room.recounts.get(kind)
        if tell is not None:
            yield from tell(actor, thing)


def todos_about(page: str, *ids: UUID) -> list[Todo]:
    """What waits for the current actor about a thing, in the order in which to do it: of what their desk lists, what names it."""
    actor, wanted = current_actor(), set(ids)
    waits = (each for room in features() for each in room.waits if page in each.pages)
    found = (todo for each in waits if actor.has(*each.roles) for todo in each.find(actor))
    mine = {each.href: each for each in found if wanted & set(each.things)}
    return sorted(mine.values(), key=lambda each: (not each.is_first, each.due or each.since or date.max))


def standings_of(kind: str, ids: Collection[UUID], *, actor: Actor | None = None) -> dict[UUID, Stand]:
    """Where some rows of a table stand, as the highest room that knows it says; the others are left out."""
    found: dict[UUID, Stand] = {}
    for room in features():
        tell = room.standings.get(kind)
        if tell is not None and ids:
            found |= tell(actor or current_actor(), ids)
    return found


def story_of(kind: str, thing_id: UUID) -> list[Happening]:
    """The story of one row of a table, as every room that has a part in it tells it: the newest first."""
    actor = current_actor()
    tellers = (room.stories[kind] for room in features() if kind in room.stories)
    found = [each for tell in tellers for each in tell(actor, thing_id)]
    return sorted(found, key=lambda each: (each.day, each.at))[
        ::-1
    ]  # of one moment, the later room's is the later
