"""Rows with a status, and moving one from one state to the next: the only code that assigns a status."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import inspect
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.attributes import flag_modified

from crm.db.base import Versioned
from crm.db.changes import Changes
from crm.db.session import session
from crm.db.types import enum_type
from crm.kernel.errors import PREVIEWED, Changed, conflict
from crm.kernel.workflow import Machine

S = TypeVar("S", bound=StrEnum)


class Stateful(Generic[S]):
    """A row with a status, kept as text that only the words of its enum may be; ``start`` is where a new row begins."""

    _status: Mapped[S]

    def __init_subclass__(cls, *, start: StrEnum, **others: Any) -> None:
        """Give the table its column before it is made."""
        words = enum_type(type(start), name="status")
        cls._status = mapped_column("status", words, default=start, nullable=False)
        super().__init_subclass__(**others)

    @property
    def status(self) -> S:
        """The state it is in now."""
        return self._status


def advance(machine: Machine[Any], thing: Stateful[Any], act: StrEnum) -> Changes:
    """Move ``thing`` by ``act``; return the change. Raises `Conflict` where the machine has no such move.

    An act that leaves it in its state counts as a change of it all the same: what it writes often stands in rows of their own
    (a correction, an answer), and a page opened before no longer shows what it asks to decide about.
    """
    before = thing.status
    after = machine.target(act, before, thing=thing)
    thing._status = after  # noqa: SLF001 the one place that may
    if after == before and isinstance(thing, Versioned):
        count_change(thing)
    return {"status": (before, after)} if after != before else {}


def count_change(row: Versioned) -> None:
    """Count a change that stands in rows of their own (who takes part, what was chosen): the row is another version then."""
    held = inspect(row)
    apart = {"version", *(held.mapper.get_property_by_column(each).key for each in held.mapper.primary_key)}
    loaded = (each.key for each in held.mapper.column_attrs if each.key in held.dict)
    flag_modified(row, next(each for each in loaded if each not in apart))


def read_state_again(*things: Stateful[Any]) -> None:
    """Read the states again, once what they hang on is held: another person may have moved them meanwhile."""
    for each in things:
        session().refresh(
            each, attribute_names=["_status", *(["version"] if isinstance(each, Versioned) else [])]
        )


def require_as_shown(row: Versioned, version: int | None) -> None:
    """Refuse an act on what the page no longer shows. ``version`` is the page's; None where no page was shown."""
    if version is not None and version != row.version:
        raise Changed


def require_as_previewed(seen: str | None, mark: str) -> None:
    """Refuse to send or decide what the page did not show. ``seen`` is the page's mark; None where nothing was shown."""
    if seen is not None and seen != mark:
        raise Changed(PREVIEWED)


def refuse_if(reason: str | None) -> None:
    """Raise `Conflict` with a reason, where there is one: what a guard says is said by the verb too."""
    if reason:
        raise conflict(reason)
