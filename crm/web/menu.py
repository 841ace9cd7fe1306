"""The menu: which areas a person has, in which order, where in it they are, and its pages by their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import current_app, url_for

from crm.kernel.folding import plain_words
from crm.kernel.permissions import Actor, Audience, Policy
from crm.kernel.roles import Role
from crm.web.feature import Area, Feature, Hit, NavigationItem
from crm.web.permit import door_of

MOST_AREAS = 6
_ADVISERS = (Area.DESK, Area.BUSINESSES, Area.ENQUIRIES, Area.REFERRALS, Area.CALENDAR)
_PROGRAMME = (
    Area.DESK,
    Area.PROGRAMME,
    Area.APPLICATIONS,
    Area.ASSESSMENT,
    Area.COHORT,
    Area.FUNDING,
)
_WATCHERS = (Area.DESK, Area.PEOPLE, Area.HUBS, Area.FIGURES, Area.LETTERS, Area.AUDIT)
AREAS: dict[Role, tuple[Area, ...]] = {
    Role.ANYONE: (
        Area.DESK,
        Area.FIND_SUPPORT,
        Area.DIRECTORY,
        Area.CALENDAR,
        Area.PROGRAMME,
        Area.NETWORK,
    ),
    Role.FOUNDER: (
        Area.DESK,
        Area.FIND_SUPPORT,
        Area.PROGRAMME,
        Area.RAISING,
        Area.CALENDAR,
        Area.MY_BUSINESS,
    ),
    Role.ADVISER: _ADVISERS,
    Role.HUB_MANAGER: (*_ADVISERS, Area.REPORTS),
    Role.EXPORT_ADVISER: (*_ADVISERS, Area.EXPORTING),
    Role.TEST_BED_MANAGER: _ADVISERS,
    Role.PROGRAMME_MANAGER: _PROGRAMME,
    Role.LEAD_ASSESSOR: _PROGRAMME,
    Role.ASSESSOR: (Area.DESK, Area.ASSESSMENT, Area.PROGRAMME),
    Role.APPROVER: _PROGRAMME,
    Role.FINANCE_OFFICER: _PROGRAMME,
    Role.ANGEL: (
        Area.DESK,
        Area.PITCHES,
        Area.INTRODUCTIONS,
        Area.PORTFOLIO,
        Area.EVENTS,
        Area.MEMBERSHIP,
    ),
    Role.NETWORK_MANAGER: (
        Area.DESK,
        Area.PITCHES,
        Area.INVESTORS,
        Area.INTRODUCTIONS,
        Area.EVENTS,
        Area.LEDGER,
    ),
    Role.ADMINISTRATOR: _WATCHERS,
    Role.AUDITOR: _WATCHERS,
    Role.FUNDER: (Area.DESK, Area.REPORTS, Area.PROGRAMME, Area.FIGURES),
    Role.PROVIDER: (Area.DESK, Area.REFERRALS, Area.DIRECTORY),
}
"""The areas of each role, in order. A person with several roles has the first of each before the second of any."""


@dataclass(frozen=True)
class Door:
    """One link of the menu. ``is_here`` marks the area a person is in, ``is_current`` the one link that names their page."""

    label: str
    href: str
    is_here: bool = False
    is_current: bool = False


@dataclass(frozen=True)
class Menu:
    """The areas of a person, those under "More", the pages of the area they are in, and where their search is."""

    areas: tuple[Door, ...] = ()
    more: tuple[Door, ...] = ()
    pages: tuple[Door, ...] = ()
    search: str | None = None


def entries(actor: Actor, rooms: Iterable[Feature]) -> list[NavigationItem]:
    """The pages this actor may open from the menu, in order, each once."""
    return [each for each in _open_to(actor, rooms) if each.in_menu]


def _open_to(actor: Actor, rooms: Iterable[Feature]) -> list[NavigationItem]:
    found: dict[str, NavigationItem] = {}
    for room in rooms:
        for item in room.navigation:
            if _is_for(actor, item, room):
                found.setdefault(item.endpoint, item)
    return sorted(found.values(), key=lambda item: item.order)


def _is_for(actor: Actor, item: NavigationItem, room: Feature) -> bool:
    is_meant = not item.roles or actor.has(*item.roles)
    if room.policy is None or (actor.seen_by is not None and not _is_open_to_looks(item, room.policy)):
        return False
    return is_meant and room.policy.allows(actor, item.act)


def _is_open_to_looks(item: NavigationItem, policy: Policy) -> bool:
    """Whether staff who view as someone else can open a page: of rooms that are seen through, and public ones."""
    door = door_of(current_app, item.endpoint)
    return policy.is_seen_through or (door is not None and door.audience is Audience.PUBLIC)


def pages_called(
    words: str, actor: Actor, *, rooms: Iterable[Feature], also: Mapping[str, Iterable[str]]
) -> list[Hit]:
    """The pages of this actor whose name has these words, or whose area is called so.

    ``also`` says by endpoint what people call a page otherwise.
    """
    wanted = plain_words(words)
    found = (each for each in _open_to(actor, rooms) if each.area is not Area.SEARCH)
    return [
        Hit(each.label, "Pages", url_for(each.endpoint), "" if each.label == each.area else each.area)
        for each in found
        if wanted and (wanted == plain_words(each.area) or _is_called(each, wanted, also))
    ]


def _is_called(item: NavigationItem, wanted: tuple[str, ...], also: Mapping[str, Iterable[str]]) -> bool:
    names = (item.label, *also.get(item.endpoint, ()))
    return any(_has(plain_words(each), wanted) for each in names)


def _has(name: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    """Whether each word that is wanted begins one of a name: "market" is in "Markets and festivals"."""
    return all(any(each.startswith(word) for each in name) for word in wanted)


def menu_of(actor: Actor, rooms: Iterable[Feature], *, path: str) -> Menu:
    """The menu of an actor who is at ``path``."""
    items = entries(actor, rooms)
    here = _nearest(items, path)
    by_area: dict[Area, list[NavigationItem]] = {}
    for item in items:
        by_area.setdefault(item.area, []).append(item)
    search = by_area.pop(Area.SEARCH, None)
    wanted = [area for area in ranked(actor) if area in by_area][:MOST_AREAS]
    rest = [area for area in Area if area in by_area and area not in wanted]
    pages = by_area[here.area] if here is not None and here.area in by_area else []
    return Menu(
        areas=tuple(_area(area, by_area[area], here) for area in wanted),
        more=tuple(_area(area, by_area[area], here) for area in rest),
        pages=tuple(_page(item, here) for item in pages) if len(pages) > 1 else (),
        search=url_for(search[0].endpoint) if search else None,
    )


def ranked(actor: Actor) -> list[Area]:
    """The areas of an actor's roles, the first of each role before the second of any."""
    held = [AREAS[role] for role in Role if role in AREAS and role is not Role.ANYONE and actor.has(role)]
    plans = held or [AREAS[Role.ANYONE]]
    places = [(number, place, area) for place, plan in enumerate(plans) for number, area in enumerate(plan)]
    return list(dict.fromkeys(area for _, _, area in sorted(places, key=lambda each: each[:2])))


def _area(area: Area, items: list[NavigationItem], here: NavigationItem | None) -> Door:
    is_here = here is not None and here.area is area
    label = items[0].label if len(items) == 1 else area.value
    return Door(label, url_for(items[0].endpoint), is_here, is_here and len(items) == 1)


def _page(item: NavigationItem, here: NavigationItem | None) -> Door:
    return Door(item.label, url_for(item.endpoint), item is here, item is here)


def _nearest(items: Iterable[NavigationItem], path: str) -> NavigationItem | None:
    """The item whose address, or another address of it, is the longest that the path begins with."""
    found = [
        (len(address), item)
        for item in items
        for address in (url_for(item.endpoint), *item.also)
        if _is_within(path, address)
    ]
    return max(found, key=lambda each: each[0])[1] if found else None


def _is_within(path: str, address: str) -> bool:
    """Whether a path is an address or lies below it. ``*`` in an address is any one part: "/businesses/*/export-plan"."""
    if address in (path, "/"):
        return path == address
    parts = address.split("/")
    below = path.split("/")[: len(parts)]
    return len(below) == len(parts) and all(
        part in ("*", own) for part, own in zip(parts, below, strict=True)
    )
