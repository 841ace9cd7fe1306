"""Moving a row from one state to the next: the only code that assigns a status."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Protocol

from crm.db.changes import Changes
from crm.kernel.workflow import Machine


class Stateful(Protocol):
    """A row with a status that only `advance` may set."""

    _status: Any

    @property
    def status(self) -> Any:
        """The state it is in now."""


def advance(machine: Machine[Any], thing: Stateful, act: StrEnum) -> Changes:
    """Move ``thing`` by ``act``; return the change. Raises `Conflict` where the machine has no such move."""
    before = thing.status
    after = machine.target(act, before, thing=thing)
    thing._status = after  # noqa: SLF001 the one place that may
    return {"status": (before, after)} if after != before else {}
