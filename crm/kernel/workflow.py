"""What may follow what, as a table: a machine answers which moves are possible; it does not act."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from crm.kernel.errors import Conflict, Moved

S = TypeVar("S", bound=StrEnum)
Guard = Callable[[Any], str | None]


def first_reason(*guards: Guard) -> Guard:
    """One guard of several: the first reason that any of them gives."""

    def reason(thing: Any) -> str | None:
        return next((words for words in (guard(thing) for guard in guards) if words), None)

    return reason


@dataclass(frozen=True)
class Move(Generic[S]):
    """``act`` takes a thing from one of ``sources`` to ``target``, unless the guard gives a reason why not."""

    act: StrEnum
    sources: frozenset[S]
    target: S
    unless: Guard | None = None


def move(act: StrEnum, sources: Iterable[S] | S, target: S, *, unless: Guard | None = None) -> Move[S]:
    """A move, written as it is spoken: ``move(Act.SEND, Status.DRAFT, Status.SENT)``."""
    from_ = frozenset({sources}) if isinstance(sources, StrEnum) else frozenset(sources)
    return Move(act, from_, target, unless)


class Machine(Generic[S]):
    """The states of one kind of thing, where it starts, and the moves between them.

    ``words`` are those of its states for people, as its pages have them; the web layer tells it them.
    """

    def __init__(self, name: str, *, start: S, moves: Iterable[Move[S]]) -> None:
        self.name = name
        self.start = start
        self.states: type[S] = type(start)
        self.moves = tuple(moves)
        self.words: Mapping[str, str] = {}
        pairs = [(each.act, source) for each in self.moves for source in each.sources]
        if len(pairs) != len(set(pairs)):
            raise ValueError(f"{name}: one act leads from one state to two others")

    @property
    def acts(self) -> tuple[StrEnum, ...]:
        """Every act that moves something, in the order of the table."""
        return tuple(dict.fromkeys(each.act for each in self.moves))

    def find(self, act: StrEnum, state: S) -> Move[S] | None:
        """The move this act makes from this state, or None."""
        return next((each for each in self.moves if each.act == act and state in each.sources), None)

    def possible(self, state: S) -> tuple[StrEnum, ...]:
        """The acts that lead on from this state: with what the policy allows, the buttons of a page."""
        return tuple(each.act for each in self.moves if state in each.sources)

    def why_impossible(self, act: StrEnum, state: S) -> str:
        """Why an act leads nowhere from a state, in the words of its pages: it was done, or the state, as the page has it that this cannot be done now.

        What was only begun says which step comes before the act.
        """
        is_done = any(each.act == act and each.target == state for each in self.moves)
        said = f"This {self.name} is “{self._said(state)}”."
        return f"This has been done already: t{said[1:]}" if is_done else said + self._first(act, state)

    def _said(self, state: S) -> str:
        return self.words.get(state, spoken(state))

    def _first(self, act: StrEnum, state: S) -> str:
        """The states next to the start from which the act is possible, for what is at the start."""
        able = {source for each in self.moves if each.act == act for source in each.sources}
        near = {each.target for each in self.moves if state == self.start and state in each.sources}
        said = " or ".join(f"“{self._said(each)}”" for each in self.states if each in able & near)
        return f" It has to be {said} first." if said else ""

    def target(self, act: StrEnum, state: S, *, thing: Any = None) -> S:
        """The state this act leads to, or `Conflict` with the reason in words."""
        found = self.find(act, state)
        if found is None:
            raise Moved(self.why_impossible(act, state))
        reason = found.unless(thing) if found.unless else None
        if reason:
            raise Conflict(reason)
        return found.target


def spoken(value: str) -> str:
    """A state, an act or another code as it is said: ``under_way`` is "under way"."""
    return str(value).replace("_", " ")
