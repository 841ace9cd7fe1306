"""Where the pages are that the frame and the error pages lead to, and where the page of a thing is: rooms say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request, url_for
from sqlalchemy.exc import InvalidRequestError
from werkzeug.exceptions import HTTPException

from crm.web.feature import Feature

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
    """The page that says more, where its reader does not stand there.

    That is the page of what a refusal is ``about`` (a thing, or the address of a page), else of the thing that the request was about. What has no page of
    its own says on whose page it stands (``stands_on``); a business comes last.
    """
    if isinstance(about, str):
        return about if about != request.path else ""
    thing = g.get("thing")
    shown = (*_pages_up(about), *_pages_up(thing), _of(thing, "business"))
    found = (address_of(each) for each in shown if each is not None)
    return next((each for each in found if each and each != request.path), "")


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
    app.add_template_global(landmark)
