"""The manifest: everything one room brings to the house."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import click
from flask import Blueprint

from crm.db.following import Verb
from crm.kernel.permissions import Actor, Policy
from crm.kernel.roles import Scope
from crm.kernel.workflow import Guard, Machine

HOURLY, DAILY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Timed:
    """Work done once in every period, by whichever worker comes first; a missed period is caught up once."""

    name: str
    every: timedelta
    run: Callable[[], None]


@dataclass(frozen=True)
class NavigationItem:
    """A door in the navigation, shown to whoever the policy allows through it. Lower ``order`` stands first; from 50 on, on the desk alone."""

    label: str
    endpoint: str
    act: StrEnum
    order: int = 50


@dataclass(frozen=True)
class Todo:
    """What waits for somebody on their desk, how many, and where to do it. Overdue stands first.

    ``count`` is None for one thing that is named itself.
    """

    label: str
    count: int | None
    href: str
    is_overdue: bool = False


@dataclass(frozen=True)
class Panel:
    """One room's part of a business's page.

    ``load`` is given the actor and the business and returns what ``template`` shows as ``panel``; None shows nothing.
    """

    title: str
    template: str
    order: int
    load: Callable[[Actor, Any], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Home:
    """One room's part of the desk of whoever signed in; as `Panel`, but about the actor alone."""

    title: str
    template: str
    order: int
    load: Callable[[Actor], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Happening:
    """One thing that happened to a business, for its timeline."""

    at: datetime
    title: str
    by: str = ""
    href: str = ""
    text: str = ""


Timeline = Callable[[Actor, UUID, int], Sequence[Happening]]
"""What happened to the business of an id, as far as this actor may know it: the newest so many."""
Links = Callable[[str, UUID], Sequence[tuple[str, str]]]
"""What leads from a thing of a lower room, by its kind and id, to one of this room: words and addresses."""
ScopeNames = Callable[[], Mapping[str, str]]
ActorFacts = Callable[[Actor], Mapping[str, Any]]
Eyes = Callable[[Actor, UUID], Actor | None]
Todos = Callable[[Actor], tuple[Todo, ...]]
Seed = Callable[[], Mapping[str, int]]


@dataclass(frozen=True)
class Follow:
    """``verb`` is done to a thing after a lower room's ``act`` on it, in the same transaction (`crm.db.following`)."""

    act: StrEnum
    verb: Verb


PageOf = tuple[str, str]
"""Where the page of a thing is: its endpoint, and the name of the thing's id in the address."""


@dataclass(frozen=True)
class Feature:
    """What `create_app`, the worker, the tests, the help pages and the drawings know of a room.

    ``send_gates`` are asked by the worker at the moment of sending a letter of their kind: a reason means "no".
    ``actor_facts`` says of an actor, at every request, what policies turn on; ``eyes`` whose eyes they may look through.
    ``todos`` says what waits for an actor, and ``homes`` what their desk shows below. ``panels`` and ``timeline``
    are the room's part of a business's page, ``links`` lead there from things of lower rooms. ``scopes`` names, by id, what a role can be held for.
    ``reference`` loads what every installation needs, ``demo`` what only the demonstration does; both may run again.
    ``wings`` are the rooms inside a trade. ``follows`` is what it does after acts of rooms below. ``pages`` says, by table,
    where the page of a thing is; ``landmarks``, by name, which of its pages the frame leads to.
    """

    name: str
    blueprints: tuple[Blueprint, ...] = ()
    policy: Policy | None = None
    machines: tuple[Machine[Any], ...] = ()
    navigation: tuple[NavigationItem, ...] = ()
    send_gates: Mapping[str, Guard] = field(default_factory=dict)
    timed: tuple[Timed, ...] = ()
    actor_facts: ActorFacts | None = None
    eyes: Eyes | None = None
    todos: Todos | None = None
    homes: tuple[Home, ...] = ()
    panels: tuple[Panel, ...] = ()
    timeline: Timeline | None = None
    links: Links | None = None
    scopes: Mapping[Scope, ScopeNames] = field(default_factory=dict)
    commands: tuple[click.Command, ...] = ()
    reference: Seed | None = None
    demo: Seed | None = None
    wings: tuple[Feature, ...] = ()
    follows: tuple[Follow, ...] = ()
    pages: Mapping[str, PageOf] = field(default_factory=dict)
    landmarks: Mapping[str, str] = field(default_factory=dict)


def unfolded(features: Iterable[Feature]) -> tuple[Feature, ...]:
    """Every room from the ground up, the wings of a trade before the trade itself."""
    return tuple(room for each in features for room in (*unfolded(each.wings), each))
