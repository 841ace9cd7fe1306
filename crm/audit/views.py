"""The audit log as administrators and auditors read it, search it and download it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.audit import queries, service
from crm.audit.forms import LogSearch
from crm.audit.models import AuditEntry
from crm.audit.papers import HEAD
from crm.audit.policy import POLICY, Act
from crm.audit.rules import UNSAID, Change, Wording, ids_in, in_words, is_id, told
from crm.kernel.permissions import Actor, Audience
from crm.kernel.roles import Role
from crm.web.extracts import csv_response
from crm.web.filtering import NoSuchFilter, as_offered, chosen_id
from crm.web.identity import current_actor
from crm.web.navigation import features, scope_names
from crm.web.paging import cursor, page_of
from crm.web.permit import open_address, permits
from crm.web.transaction import after

blueprint = Blueprint("audit", __name__)
permit = permits(POLICY)
blueprint.add_app_template_filter(in_words, "kept")
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


@blueprint.get("/audit")
@permit(Act.VIEW_TRAIL, audience=Audience.INTERNAL)
def trail() -> ResponseReturnValue:
    """Who did what, newest first: all of it, or what is searched for."""
    filters = _filters()
    search, actor = _search(filters), current_actor()
    page = page_of(queries.trail(cursor(), search=search))
    shown = {"filters": filters, "search": search, "query": request.query_string.decode()}
    shown |= {"lines": lines_of(page.rows, actor), "can_export": POLICY.allows(actor, Act.EXPORT_TRAIL)}
    return render_template("audit/trail.html", page=page, **shown)


@blueprint.get("/audit.csv")
@permit(
    Act.EXPORT_TRAIL, audience=Audience.INTERNAL, leaves_trace="who downloaded which entries, and how many"
)
def export() -> ResponseReturnValue:
    """The same entries as a file, in words; who downloaded it is recorded."""
    actor = current_actor()
    filters = _filters()
    search = _search(filters)
    if filters.errors:
        raise NoSuchFilter
    entries = list(queries.every(search))
    rows = list(_rows(entries, actor))
    given = {name: values for name, values in request.args.lists() if name != "page"}
    after(service.noting_export(given, rows=len(rows), by=actor))
    return csv_response("audit-log.csv", HEAD, rows=rows)


def _filters() -> LogSearch:
    filters = LogSearch(request.args)
    filters.offer(queries.acts())
    return as_offered(filters)


def _search(filters: LogSearch) -> queries.Search:
    kind, thing = request.args.get("kind"), request.args.get("thing_id")
    about = (kind, thing) if kind and thing else None
    search = filters.search()
    things = _things(search.thing) if search.thing else None
    return replace(search, by=chosen_id("by"), about=about, things=things)


def _things(words: str) -> dict[str, set[str]]:
    """What is called by these words, and what was made under it: an award's claims are found by its reference."""
    found = {kind: set(ids) for kind, ids in queries.things_called(words).items()}
    asked = [(related, found.get(kind)) for room in features() for kind, related in room.related.items()]
    for related, ids in asked:
        for kind, more in related([UUID(each) for each in ids]).items() if ids else ():
            found.setdefault(kind, set()).update(map(str, more))
    return found


def _rows(entries: Sequence[AuditEntry], actor: Actor) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(entries), AT_ONCE):
        for each in lines_of(entries[start : start + AT_ONCE], actor):
            values = "; ".join(map(str, each.changes)) if each.changes is not None else each.veil or "erased"
            yield each.at, each.who, each.did, each.kind, each.thing, values


def lines_of(entries: Sequence[AuditEntry], actor: Actor) -> list[Line]:
    """Entries in words: each names its thing, with a link where this reader may open it."""
    wording, veils = Wording(_words(), _names(entries), _fields()), _veils(entries, actor)
    return [_line(each, wording, actor, veils.get(each.thing_id, "")) for each in entries]


def _veils(entries: Sequence[AuditEntry], actor: Actor) -> dict[str, str]:
    """Why the values of some things are not for this reader now, by the thing's id: rooms say so."""
    things: dict[str, set[UUID]] = {}
    for each in entries:
        if is_id(each.thing_id):
            things.setdefault(each.thing_kind, set()).add(UUID(each.thing_id))
    found = [room.veil(actor, things) for room in features() if room.veil]
    return {str(thing_id): words for veiled in found for thing_id, words in veiled.items()}


def _line(entry: AuditEntry, wording: Wording, actor: Actor, veil: str) -> Line:
    named = wording.names.get(entry.thing_id, "") or _numbered(entry.thing_id)
    return Line(
        entry,
        who=entry.actor_name or "The system, or a visitor",
        did=told(entry.act),
        kind=wording.kind(entry.thing_kind),
        thing=named,
        href=open_address(entry.thing_kind, entry.thing_id, to=actor) if named else "",
        changes=None if veil else _changes(entry, wording),
        veil=veil,
    )


def _changes(entry: AuditEntry, wording: Wording) -> list[Change] | None:
    """The values in words; None where they were erased."""
    return wording.changes(entry.thing_kind, entry.values.changes) if entry.values is not None else None


def _numbered(thing_id: str) -> str:
    """What a row of a ledger is called: by its number."""
    return f"Number {thing_id}" if thing_id.isdecimal() else ""


def _words() -> dict[str, Any]:
    return {key: said for room in features() for key, said in room.words.items()}


def _fields() -> dict[str, str]:
    return {key: said for room in features() for key, said in room.fields.items()}


def _names(entries: Sequence[AuditEntry]) -> dict[str, str]:
    """The names of every row that these entries are about, or that their values point at, by id."""
    wording, found = Wording(_words()), dict(scope_names())
    for kind, ids in ids_in(entries, queries.table_of).items():
        for row_id, named in queries.names_of(kind, ids).items():
            name = wording.name(kind, named.column, named.own, named.of)
            found[row_id] = name or wording.kind(kind)
    return found


@blueprint.app_template_global("stored")
def stored(kind: str, name: str, value: Any) -> str:
    """A stored value in words, for the history of one thing."""
    return Wording(_words()).value(kind, name, value)


@blueprint.app_template_global("unsaid_fields")
def unsaid_fields() -> frozenset[str]:
    """Fields that no history shows."""
    return UNSAID


NAMED_FOR = (Role.ADMINISTRATOR, Role.AUDITOR, Role.HUB_MANAGER, Role.ADVISER, Role.EXPORT_ADVISER)


@blueprint.app_template_global("names_behind")
def names_behind(trail: Sequence[AuditEntry], known: Mapping[str, str]) -> Mapping[str, str]:
    """The names of people and hubs that the history of one thing points at, for staff; other words stay as they are."""
    if not current_actor().has(*NAMED_FOR):
        return known
    return {row_id: name for each in trail for row_id, name in queries.known_to(each).items()} | dict(known)


@blueprint.app_template_global("told_act")
def told_act(act: str) -> str:
    """An act as it is told of a person, for a history that has no sentence of its own for it."""
    return told(act)


@blueprint.app_template_global("stored_field")
def stored_field(kind: str, name: str) -> str:
    """What a stored field is called, for the history of one thing."""
    return Wording(fields=_fields()).field(kind, name)
