"""What rooms tell of things of rooms below: what happened, where a thing stands, and what was made under it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from crm.kernel.clock import day_of
from crm.kernel.permissions import Actor


@dataclass(frozen=True)
class Happening:
    """One thing that happened to a business, for its timeline: ``on`` is the day it happened, where that was not when it was recorded."""

    at: datetime
    title: str
    by: str = ""
    href: str = ""
    text: str = ""
    on: date | None = None

    @property
    def day(self) -> date:
        """The day on which it happened."""
        return self.on or day_of(self.at)


@dataclass(frozen=True)
class Stand:
    """Where a thing stands as a room above knows it: in words, with the colour of their tag, and the page that says more."""

    words: str
    colour: str
    href: str = ""


Standings = Callable[[Actor, Collection[UUID]], Mapping[UUID, Stand]]
"""Where things of a lower room stand, by their ids, as far as this actor may know it; those that it knows nothing of are left out."""
Story = Callable[[Actor, UUID], Sequence[Happening]]
"""What a room has of the story of one thing, such as an application, as far as this actor may know it."""
Related = Callable[[Collection[UUID]], Mapping[str, Collection[UUID]]]
"""What was made under some rows of a table, by their ids: the ids of its own rows and of rows below, by table."""
Timeline = Callable[[Actor, UUID, int], Sequence[Happening]]
"""What happened to the business of an id, as far as this actor may know it: the newest so many."""
