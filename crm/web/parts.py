"""What rooms above add to the page of a room below, as their manifests declare it."""

from __future__ import annotations

from collections.abc import Mapping
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
