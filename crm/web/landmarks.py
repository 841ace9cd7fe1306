"""Where the pages are that the frame and the error pages lead to, and where the page of a thing is: rooms say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request, url_for
from sqlalchemy.exc import InvalidRequestError
from werkzeug.exceptions import HTTPException

from crm.kernel.errors import Refusal
from crm.kernel.permissions import Audience
from crm.web.feature import Feature
from crm.web.identity import current_actor

NEXT = "next"
"""Where an address says to which page its reader was going."""
ABOVE = "above"
"""Where a form says on which page the thing that it is about stands."""


def landmark(name: str) -> str:
    """The address of a page that every room may lead to: ``desk``, ``sign_in``, ``account`` and the like."""
    endpoints: Mapping[str, str] = current_app.extensions["landmarks"]
    return url_for(endpoints[name])


def wanted_next() -> str:
    """The page that this reader was going to, as the address says, if it is one of our own; else empty."""
    try:
        target = urlsplit(request.args.get(NEXT, ""))
    except ValueError:
        return ""
    is_ours = target.path.startswith("/") and not target.path.startswith("//") and "\\" not in target.path
    if is_ours and not target.netloc and not target.scheme:
        return target.path + (f"?{target.query}" if target.query else "")
    return ""


def page_before() -> str:
    """The page of ours on which the link or form of this request stood; empty where the browser does not say.

    A form says itself what it stands under, where its own page goes with the thing that it is about.
    """
    try:
        came_from = urlsplit(request.referrer or "")
    except ValueError:
        return ""
    is_ours = came_from.netloc == request.host
    stood_on = f"{came_from.path}?{came_from.query}".rstrip("?") if is_ours else ""
    found = (request.form.get(ABOVE, ""), stood_on)
    return next((each for each in found if _is_page_elsewhere(each)), "")


def _is_page_elsewhere(address: str) -> bool:
    """Whether there is a page of ours at an address, and it is not the one that was asked for."""
    try:
        path = urlsplit(address).path
        current_app.url_map.bind(request.host).match(path, "GET")
    except (HTTPException, ValueError):
        return False
    is_local = address.startswith("/") and not address.startswith("//") and "\\" not in address
    return is_local and path != request.path


def address_of(thing: Any) -> str:
    """The page of a thing, by its table; empty where it has none of its own."""
    return address_of_row(getattr(thing, "__tablename__", ""), getattr(thing, "id", None))


def onward(about: Any = None) -> str:
    """The page that says more, where its reader does not stand there and can open it.

    That is the page of what a refusal is ``about`` (a thing, or the address of a page), else of the thing that the request was about. What has no page of
    its own says on whose page it stands (``stands_on``). Last come the tab of the business on which its room is, and the business.
    """
    if isinstance(about, str):
        return about if about != request.path and can_open(about) else ""
    thing = g.get("thing")
    business = _of(thing, "business")
    shown = (each for each in (*_pages_up(about), *_pages_up(thing)) if each is not None)
    found = (*map(address_of, shown), _tab_of(thing, business), address_of(business))
    return next((each for each in found if each and each != request.path and can_open(each)), "")


def can_open(address: str) -> bool:
    """Whether whoever is here can open a page of ours: a founder knows of a referral, but its page is for staff."""
    try:
        endpoint, given = current_app.url_map.bind(request.host).match(urlsplit(address).path, "GET")
        door: Any = getattr(current_app.view_functions[endpoint], "door", None)
        thing = door.load(**given) if door.load else None
    except (HTTPException, Refusal):
        return False
    actor = current_actor()
    is_shown = actor.seen_by is None or door.policy.is_seen_through or door.audience is Audience.PUBLIC
    is_there = door.load is None or thing is not None
    return bool(is_there and is_shown and door.policy.allows(actor, door.act, thing))


def _tab_of(thing: Any, business: Any) -> str:
    """The tab of a business on which the room of a thing shows such things; empty where none does."""
    tabs: Mapping[str, str] = current_app.extensions["tabs"]
    endpoint = tabs.get(getattr(thing, "__tablename__", ""), "")
    return url_for(endpoint, business_id=business.id) if endpoint and business is not None else ""


def _pages_up(thing: Any) -> Iterator[Any]:
    """A thing, what it stands on, what that stands on, and so on."""
    while thing is not None:
        yield thing
        thing = _of(thing, "stands_on")


def _of(thing: Any, name: str) -> Any:
    """What a thing is about or stands on, where it was loaded with it."""
    try:
        return getattr(thing, name, None)
    except InvalidRequestError:
        return None


def address_of_row(table: str, thing_id: Any) -> str:
    """The page of the row of ``table`` with this id; empty where such rows have no page."""
    pages: Mapping[str, tuple[str, str]] = current_app.extensions["pages"]
    if table not in pages or thing_id is None:
        return ""
    endpoint, name = pages[table]
    return url_for(endpoint, **{name: thing_id})


def install(app: Flask, rooms: Iterable[Feature]) -> None:
    """Gather what the rooms' manifests say, and let templates ask for it."""
    known = tuple(rooms)
    app.extensions["landmarks"] = {name: page for room in known for name, page in room.landmarks.items()}
    app.extensions["walls"] = {name: said for room in known for name, said in room.walls.items()}
    app.extensions["pages"] = {table: page for room in known for table, page in room.pages.items()}
    tabs = {tab: endpoint for room in known for tab, endpoint in room.tabs.items()}
    app.extensions["tabs"] = {
        table: tabs[room.panels[0].tab] for room in known if room.panels for table in room.pages
    }
    app.add_template_global(landmark)
