"""What stands around every page: the navigation this actor may use, who is signed in, hashed assets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, get_flashed_messages, request, url_for

from crm.config import Settings
from crm.kernel.permissions import Actor
from crm.kernel.roles import Scope
from crm.web.feature import Feature, NavigationItem
from crm.web.identity import current_actor, looker
from crm.web.landmarks import landmark


@dataclass(frozen=True)
class Door:
    """One entry of the navigation as a template needs it."""

    label: str
    href: str
    is_current: bool


def settings() -> Settings:
    """The settings of the running application."""
    found = current_app.extensions["settings"]
    assert isinstance(found, Settings)
    return found


EVERYDAY = 50
"""Doors of a lower order stand on every page; those above on the desk, where they are not in the way."""


def features() -> tuple[Feature, ...]:
    """The rooms of the running application, from the ground up."""
    return tuple(current_app.extensions["features"])


def scopes() -> dict[Scope, Mapping[str, str]]:
    """What a role can be held for, by kind, id and name: each room brings its own."""
    return {kind: names() for room in features() for kind, names in room.scopes.items()}


def scope_names() -> dict[str, str]:
    """The names of all that a role can be held for, by id."""
    return {scope_id: name for names in scopes().values() for scope_id, name in names.items()}


def entries(actor: Actor, rooms: Iterable[Feature]) -> list[NavigationItem]:
    """The navigation this actor may use, in order."""
    allowed = [
        item
        for room in rooms
        for item in room.navigation
        if room.policy is not None and room.policy.allows(actor, item.act)
    ]
    return sorted(allowed, key=lambda item: item.order)


@cache
def _content_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a static file, changing with its content so that it can be cached for ever."""
    folder = current_app.static_folder
    assert folder is not None
    return url_for("static", filename=name, h=_content_hash(Path(folder) / name))


def _shown(items: Iterable[NavigationItem], path: str) -> list[Door]:
    """The everyday doors, the one that one stands in, and where there are more of them the way to all."""
    addresses = [(item, url_for(item.endpoint)) for item in items]
    here = max((href for _, href in addresses if _leads_to(href, path)), key=len, default=None)
    doors = [(item, Door(item.label, href, href == here)) for item, href in addresses]
    shown = [door for item, door in doors if item.order < EVERYDAY or door.is_current]
    return (
        shown
        if len(shown) == len(doors)
        else [*shown, Door("More", f"{landmark('desk')}#where-you-can-go", False)]
    )


def _leads_to(href: str, path: str) -> bool:
    """Whether a page stands behind a door; of several such doors the nearest is the one that one stands in."""
    return path == href or (href != "/" and path.startswith(f"{href}/"))


def _surroundings() -> dict[str, Any]:
    actor = current_actor()
    known = settings()
    path = request.path
    return {
        "service_name": known.service_name,
        "contact_email": known.contact_email,
        "is_demo": known.is_demo,
        "theme": known.theme,
        "navigation": _shown(entries(actor, features()), path),
        "signed_in": actor if actor.account_id else None,
        "looker": looker(),
        "current_path": path,
        "flashes": get_flashed_messages(with_categories=True),
    }


def install(app: Flask) -> None:
    """Hand the surroundings to every template."""
    app.context_processor(_surroundings)
    app.add_template_global(asset)
