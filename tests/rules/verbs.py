"""The verbs of the house, found by what they are: a function of a room's services that names an act and takes its thing."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import ModuleType, UnionType
from typing import Any, get_type_hints
from uuid import UUID

from flask import Flask
from sqlalchemy import Enum

from crm.db.base import Base
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.workflow import Machine
from crm.web.feature import Feature

Verb = Callable[..., Any]
WORDS = "Made for a test, in words enough"
# Where several functions name an act and take its thing, the one that moves it.
CHOSEN = {
    "angel.accept": "accept",
    "claim on an award.return": "return_",
    "conversation.complete": "complete",
    "decision.release_reserve": "release_reserve",
    "decision.withdraw_award": "withdraw_award",
    "enquiry.answer": "mark_answered",
    "pitch.publish": "publish",
    "place.attend": "attend",
    "referral.complete": "complete",
}


@dataclass(frozen=True)
class Moving:
    """One act of one machine, the class of its things, and the verb that does it, if one takes such a thing."""

    machine: Machine[Any]
    act: StrEnum
    model: type[Any]
    verb: Verb | None

    @property
    def name(self) -> str:
        return f"{self.machine.name}.{self.act.name.lower()}"


@cache
def movings(app: Flask) -> list[Moving]:
    """Every act of every machine, room by room."""
    return [
        Moving(machine, act, model, verb_of(room, machine, act, model))
        for room in app.extensions["features"]
        for machine in room.machines
        for model in [model_of(machine)]
        for act in machine.acts
    ]


def model_of(machine: Machine[Any]) -> type[Any]:
    """The class whose rows have the states of this machine."""
    return next(
        mapper.class_
        for mapper in Base.registry.mappers
        for column in mapper.local_table.columns
        if isinstance(column.type, Enum) and column.type.enum_class is machine.states
    )


def verb_of(room: Feature, machine: Machine[Any], act: StrEnum, model: type[Any]) -> Verb | None:
    found = {
        name: verb
        for service in services(type(act).__module__.rpartition(".")[0])
        for name, verb in public_functions(service)
        if f"Act.{act.name}" in source_of(verb) and takes_first(verb, model)
    }
    by_somebody = {name: verb for name, verb in found.items() if "by" in inspect.signature(verb).parameters}
    left = by_somebody or found
    name = CHOSEN.get(f"{machine.name}.{act.name.lower()}")
    assert len(left) < 2 or name in left, f"{room.name}: which of {sorted(left)} does {act.name}? See CHOSEN."
    return left[name] if name in left else next(iter(left.values()), None)


def services(package: str) -> Iterator[ModuleType]:
    """The modules of a room's services."""
    service = importlib.import_module(f"{package}.service")
    yield service
    for each in pkgutil.iter_modules(getattr(service, "__path__", ())):
        yield importlib.import_module(f"{service.__name__}.{each.name}")


def public_functions(module: ModuleType) -> Iterator[tuple[str, Verb]]:
    for name, found in vars(module).items():
        if inspect.isfunction(found) and found.__module__ == module.__name__ and not name.startswith("_"):
            yield name, found


@cache
def source_of(verb: Verb) -> str:
    return inspect.getsource(verb)


def takes_first(verb: Verb, model: type[Any]) -> bool:
    """Whether its first argument is such a thing."""
    return first_kind(verb) is model


@cache
def first_kind(verb: Verb) -> Any:
    first = next(iter(inspect.signature(verb).parameters), None)
    return get_type_hints(verb).get(first) if first is not None else None


def arguments(verb: Verb, given: dict[str, Any]) -> dict[str, Any]:
    """A value for everything a verb asks for beyond its thing: what is given by name, or one of the right kind."""
    hints = get_type_hints(verb)
    asked = list(inspect.signature(verb).parameters.values())[1:]
    needed = [each.name for each in asked if each.default is each.empty or each.name in given]
    return {name: given[name] if name in given else _value(hints[name], given) for name in needed}


def _value(kind: Any, given: dict[str, Any]) -> Any:
    first = next((each for each in getattr(kind, "__args__", ()) if each is not type(None)), kind)
    if isinstance(kind, UnionType):
        return _value(first, given)
    if getattr(kind, "__origin__", kind) in {tuple, Collection}:
        return ()
    if getattr(kind, "__origin__", kind) is Mapping:
        return {}
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return next(iter(kind))
    if is_dataclass(kind) and kind is not Money:
        wanted = [each.name for each in fields(kind) if each.default is MISSING]
        hints = get_type_hints(kind)
        return kind(**{name: given[name] if name in given else _value(hints[name], given) for name in wanted})
    made = {str: WORDS, int: 4, bool: True, date: today(), UUID: UUID(int=1), Money: Money.pounds(1)}
    return made[kind]
