"""What stands around every page: the menu of this actor, who is signed in, hashed assets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Flask, current_app, get_flashed_messages, request

from crm.config import Settings
from crm.kernel.permissions import Actor
from crm.kernel.roles import RoleWanted, Scope
from crm.web.feature import Feature
from crm.web.identity import current_actor, looker
from crm.web.menu import menu_of


def settings() -> Settings:
    """The settings of the running application."""
    found = current_app.extensions["settings"]
    assert isinstance(found, Settings)
    return found


def features_of(app: Flask) -> tuple[Feature, ...]:
    """The rooms of an application, from the ground up."""
    return tuple(app.extensions["features"])


def features() -> tuple[Feature, ...]:
    """The rooms of the running application, from the ground up."""
    return tuple(current_app.extensions["features"])


def links_from(kind: str, thing_id: UUID) -> list[tuple[str, str]]:
    """What leads from a thing, by its table and id, to things of rooms above: words and addresses."""
    return [each for room in features() if room.links for each in room.links(kind, thing_id)]


def kind_of(table: str) -> str:
    """What a row of a table is called, as its room says."""
    said = (room.words.get(table) for room in features())
    return next((words for words in said if isinstance(words, str)), table.replace("_", " "))


def scopes() -> dict[Scope, Mapping[str, str]]:
    """What a role can be held for, by kind, id and name: each room brings its own."""
    return {kind: names() for room in features() for kind, names in room.scopes.items()}


def scope_names() -> dict[str, str]:
    """The names of all that a role can be held for, by id."""
    return {scope_id: name for names in scopes().values() for scope_id, name in names.items()}


def clashes_of(actor: Actor, wanted: RoleWanted) -> list[str]:
    """What a further role of a person would clash with, as every room says."""
    return [words for room in features() if room.clashes for words in room.clashes(actor, wanted)]


def left_open_by(actor: Actor, ended: RoleWanted) -> list[str]:
    """What stays open when a role of a person ends, as every room says."""
    return [words for room in features() if room.leaves for words in room.leaves(actor, ended)]


def is_looking() -> bool:
    """Whether a page is only looked at, as another person: it offers nothing to do."""
    return looker() is not None


def _surroundings() -> dict[str, Any]:
    actor = current_actor()
    known = settings()
    path = request.path
    return {
        "service_name": known.service_name,
        "contact_email": known.contact_email,
        "is_demo": known.is_demo,
        "theme": known.theme,
        "menu": menu_of(actor, features(), path=path),
        "signed_in": actor if actor.account_id else None,
        "looker": looker(),
        "current_path": path,
        "flashes": get_flashed_messages(with_categories=True),
    }


def tell_machines(rooms: tuple[Feature, ...]) -> None:
    """Tell every machine the words of its states, as its room's pages have them: refusals speak in them."""
    for room in rooms:
        said = [words for name, words in room.words.items() if name.endswith(".status")]
        for machine in room.machines:
            mine = (
                each
                for each in said
                if isinstance(each, Mapping) and set(each) == {state.value for state in machine.states}
            )
            machine.words = next(mine, machine.words)


def install(app: Flask) -> None:
    """Hand the surroundings to every template."""
    tell_machines(features_of(app))
    app.context_processor(_surroundings)
    app.add_template_global(is_looking)
