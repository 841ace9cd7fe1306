"""Where our components mean to differ from the published ones, and why: the one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Seen = list[Any]


def _without(*tags: str) -> Callable[[Seen], Seen]:
    """Drops the elements of these kinds."""

    def sift(seen: Seen) -> Seen:
        return [
            item for item in seen if (item[0] if isinstance(item, tuple) else item.lstrip("/")) not in tags
        ]

    return sift


def _inside(tag: str, marker: tuple[str, str]) -> Callable[[Seen], Seen]:
    """Drops the first element if it is the wrapper named, with its end."""

    def unwrap(seen: Seen) -> Seen:
        first = seen[0]
        if isinstance(first, tuple) and first[0] == tag and first[1].get(marker[0]) == marker[1]:
            return seen[1:-1]
        return seen

    return unwrap


# component: (what differs, why, how both are read so that the rest can be compared)
DEVIATIONS: dict[str, tuple[str, str, Callable[[Seen], Seen]]] = {
    "pagination": (
        "no list of numbered pages, and the arrows' outlines",
        "lists are paged by key, so pages have no numbers; the arrows are drawn by us",
        _without("path", "ul"),
    ),
    "back_link": (
        "a nav around the link",
        "everything on a page is then inside a landmark, and axe finds nothing outside one",
        _inside("nav", ("class", "app-back")),
    ),
    "table": (
        "a scrolling region around the table",
        "a wide table scrolls inside itself at 320 pixels, and the keyboard can scroll it",
        _inside("div", ("class", "app-table-scroll")),
    ),
}


def aligned(component: str, seen: Seen) -> Seen:
    """What was seen, without what is meant to differ."""
    return DEVIATIONS[component][2](seen) if component in DEVIATIONS else seen
