"""What rooms above add to the page of a room below, as their manifests declare it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crm.web.feature import Part
from crm.web.identity import current_actor
from crm.web.navigation import features


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
