"""The audit log in words: who did what to what, as the page and the file say it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from crm.audit import queries
from crm.audit.models import AuditEntry
from crm.audit.rules import FOLLOWED, TOLD, Change, Wording, ids_in, is_id, told
from crm.kernel.permissions import Actor
from crm.web.navigation import features, scope_names
from crm.web.permit import open_address

HEAD = ("When", "Who", "What was done", "Kind of thing", "Thing", "Values")
AT_ONCE = 500


@dataclass(frozen=True)
class Line:
    """One entry as it is read: who did what to what, and the values in words; None where they were erased."""

    entry: AuditEntry
    who: str
    did: str
    kind: str
    thing: str
    href: str
    changes: list[Change] | None
    veil: str = ""

    @property
    def at(self) -> datetime:
        """When it was done."""
        return self.entry.at

    @property
    def is_of_oneself(self) -> bool:
        """Whether somebody did it to their own account."""
        return self.entry.thing_id == str(self.entry.actor_id)


def rows_of(entries: Sequence[AuditEntry], actor: Actor) -> Iterator[tuple[Any, ...]]:
    """Entries as the rows of the file, in words; some hundred are read at a time."""
    for start in range(0, len(entries), AT_ONCE):
        for each in lines_of(entries[start : start + AT_ONCE], actor):
            values = "; ".join(map(str, each.changes)) if each.changes is not None else each.veil or "erased"
            yield each.at, each.who, each.did, each.kind, each.thing, values


def lines_of(entries: Sequence[AuditEntry], actor: Actor) -> list[Line]:
    """Entries in words: each names its thing, with a link where this reader may open it."""
    wording, veils = Wording(words(), _names(entries), fields()), _veils(entries, actor)
    closed = _closed_to_visitors()
    return [_line(each, wording, actor, veils.get(each.thing_id, ""), closed) for each in entries]


def _closed_to_visitors() -> frozenset[str]:
    """What no visitor can do, as the rooms' policies and machines say: without a name it is the system's."""
    rooms = features()
    policies = [room.policy for room in rooms if room.policy]
    moved = {each.act.value for room in rooms for machine in room.machines for each in machine.moves}
    ruled = {act.value for policy in policies for act in policy.acts}
    opened = {act.value for policy in policies for act in policy.acts if policy.is_open(act)}
    return frozenset((moved | ruled) - opened)


def _veils(entries: Sequence[AuditEntry], actor: Actor) -> dict[str, str]:
    """Why the values of some things are not for this reader now, by the thing's id: rooms say so."""
    things: dict[str, set[UUID]] = {}
    for each in entries:
        if is_id(each.thing_id):
            things.setdefault(each.thing_kind, set()).add(UUID(each.thing_id))
    found = [room.veil(actor, things) for room in features() if room.veil]
    return {str(thing_id): words for veiled in found for thing_id, words in veiled.items()}


def _line(entry: AuditEntry, wording: Wording, actor: Actor, veil: str, closed: Collection[str]) -> Line:
    named = wording.names.get(entry.thing_id, "") or _numbered(entry.thing_id)
    return Line(
        entry,
        who=entry.who or _nameless(entry, closed),
        did=told(entry.act, is_as_told=entry.says(TOLD)),
        kind=wording.kind(entry.thing_kind),
        thing=named,
        href=open_address(entry.thing_kind, entry.thing_id, to=actor) if named else "",
        changes=None if veil else _changes(entry, wording),
        veil=veil,
    )


def _nameless(entry: AuditEntry, closed: Collection[str]) -> str:
    """Who did what no account did: a visitor only where visitors can do it."""
    return "The system" if entry.act in closed or entry.says(FOLLOWED) else "The system, or a visitor"


def _changes(entry: AuditEntry, wording: Wording) -> list[Change] | None:
    """The values in words; None where they were erased."""
    return wording.changes(entry.thing_kind, entry.values.changes) if entry.values is not None else None


def _numbered(thing_id: str) -> str:
    """What a row of a ledger is called: by its number."""
    return f"Number {thing_id}" if thing_id.isdecimal() else ""


def words() -> dict[str, Any]:
    """What the rooms call the things of the log and their values."""
    return {key: said for room in features() for key, said in room.words.items()}


def fields() -> dict[str, str]:
    """What the rooms call the fields of their things."""
    return {key: said for room in features() for key, said in room.fields.items()}


def _names(entries: Sequence[AuditEntry]) -> dict[str, str]:
    """The names of every row that these entries are about, or that their values point at, by id."""
    wording, found = Wording(words()), dict(scope_names())
    for kind, ids in ids_in(entries, queries.table_of).items():
        for row_id, named in queries.names_of(kind, ids).items():
            name = wording.name(kind, named.column, named.own, named.of)
            found[row_id] = name or wording.kind(kind)
    return found
