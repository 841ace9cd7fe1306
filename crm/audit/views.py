"""The audit log as administrators and auditors read it, search it and download it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from crm.audit import queries, service
from crm.audit.forms import LogSearch
from crm.audit.models import AuditEntry
from crm.audit.papers import HEAD, fields, lines_of, rows_of, words
from crm.audit.policy import POLICY, Act
from crm.audit.rules import UNSAID, Wording, in_words, told
from crm.kernel.permissions import Audience
from crm.kernel.roles import Role
from crm.web.extracts import csv_response
from crm.web.filtering import NoSuchFilter, as_offered, chosen, chosen_id
from crm.web.identity import current_actor
from crm.web.navigation import features
from crm.web.paging import cursor, page_of
from crm.web.permit import permits
from crm.web.telling import Related
from crm.web.transaction import after

blueprint = Blueprint("audit", __name__)
permit = permits(POLICY)
blueprint.add_app_template_filter(in_words, "kept")


@blueprint.get("/audit")
@permit(Act.VIEW_TRAIL, audience=Audience.INTERNAL)
def trail() -> ResponseReturnValue:
    """Who did what, newest first: all of it, or what is searched for."""
    filters, actor = _filters(), current_actor()
    if not filters.validate():
        return make_response(_trail_page(filters, queries.EVERYTHING, form=filters, page=None, lines=()), 422)
    search = _search(filters)
    page = page_of(queries.trail(cursor(), search=search))
    return _trail_page(filters, search, page=page, lines=lines_of(page.rows, actor))


def _trail_page(filters: LogSearch, search: queries.Search, **shown: Any) -> str:
    """The log as searched; no entries where the search cannot be read: the whole log would look like an answer."""
    can_export = POLICY.allows(current_actor(), Act.EXPORT_TRAIL) and not filters.errors
    shown |= {"search": search, "query": request.query_string.decode(), "can_export": can_export}
    shown["last"] = service.last_anchor()
    return render_template("audit/trail.html", filters=filters, **shown)


@blueprint.get("/audit.csv")
@permit(
    Act.EXPORT_TRAIL, audience=Audience.INTERNAL, leaves_trace="who downloaded which entries, and how many"
)
def export() -> ResponseReturnValue:
    """The same entries as a file, in words; who downloaded it is recorded."""
    actor = current_actor()
    filters = _filters()
    if not filters.validate():
        raise NoSuchFilter
    search = _search(filters)
    entries = list(queries.every(search))
    rows = list(rows_of(entries, actor))
    given = {name: values for name, values in request.args.lists() if name != "page"}
    after(service.noting_export(given, rows=len(rows), by=actor))
    return csv_response("audit-log.csv", HEAD, rows=rows)


def _filters() -> LogSearch:
    filters = LogSearch(request.args)
    filters.offer(queries.acts())
    return as_offered(filters)


def _search(filters: LogSearch) -> queries.Search:
    kind, thing = chosen("kind", _kinds()), request.args.get("thing_id")
    if thing and not kind:
        raise NoSuchFilter
    about = (kind, thing) if kind and thing else None
    search = filters.search()
    search = replace(search, by=chosen_id("by"), kind=kind, about=about)
    if not search.thing:
        return search
    things, shared = queries.things_under(search.thing, related=_related(), fields=_shared_fields())
    return replace(search, things=things, shared=shared)


def _kinds() -> Collection[str]:
    """The kinds that the log has; read only where one is asked for."""
    return queries.kinds() if request.args.get("kind") else ()


def _related() -> list[tuple[str, Related]]:
    return [each for room in features() for each in room.related.items()]


def _shared_fields() -> dict[str, Collection[str]]:
    """By kind, where the entries of what many share name the one that they concern."""
    return {kind: fields for room in features() for kind, fields in room.shared.items()}


@blueprint.app_template_global("stored")
def stored(kind: str, name: str, value: Any) -> str:
    """A stored value in words, for the history of one thing."""
    return Wording(words()).value(kind, name, value)


FIRST_DAYS = ("starts", "begins", "opens", "departs", "valid_from", "tried_from", "first")


@blueprint.app_template_filter("first_days_first")
def first_days_first(changes: Mapping[str, Any], order: Sequence[str] = ()) -> list[tuple[str, Any]]:
    """What changed, in the order of a page's form where it names one, then by name; where something begins comes before where it ends."""
    places = {name: place for place, name in enumerate(order)}
    last = len(places)
    return sorted(
        changes.items(),
        key=lambda pair: (places.get(pair[0], last), not pair[0].startswith(FIRST_DAYS), pair[0]),
    )


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
    return Wording(fields=fields()).field(kind, name)
