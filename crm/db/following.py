"""What an act brings about in the rooms above: declared in their manifests, done in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Protocol

from crm.db.session import FOLLOWS, session


class Verb(Protocol):
    """What is done to a thing after an act, by the person who acted. Its docstring says what follows, in one line."""

    __doc__: str | None
    __name__: str

    def __call__(self, thing: Any, /, *, by: Any) -> object:
        """Do it in the transaction of the act; a refusal undoes both."""


Key = tuple[type[StrEnum], str]
Following = Mapping[Key, tuple[Verb, ...]]


def key_of(act: StrEnum) -> Key:
    """An act with the room it belongs to: acts of two rooms may have the same value."""
    return type(act), act.value


def following(pairs: Iterable[tuple[StrEnum, Verb]]) -> Following:
    """The verbs that follow each act, in the order of the rooms."""
    found: dict[Key, tuple[Verb, ...]] = {}
    for act, verb in pairs:
        found[key_of(act)] = (*found.get(key_of(act), ()), verb)
    return found


def follow(act: StrEnum, thing: Any, *, by: Any) -> None:
    """Do what the rooms above have declared to follow ``act`` on ``thing``: the last beat of the verb that acted."""
    declared: Following = session().info.get(FOLLOWS, {})
    for verb in declared.get(key_of(act), ()):
        verb(thing, by=by)
