"""What a refusal leads on to: a part of a thing says on whose page it stands, and nobody is led to the business instead."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask

from crm.app import FEATURES
from crm.web.permit import door_of

ON_THE_BUSINESS = {
    *("Person", "Connection", "Invitation", "Colleague", "EnterpriseLink", "Led", "Bringing"),
    *("IncomeLine", "IncomeProtection", "NextStep", "SupportHours"),
    # Their own pages say it, or their readers have no other page of them.
    *("Paper", "WorkshopPlace", "Interest", "ToSettle", "OnCriterion", "ExportTask", "ExportBarrier"),
}
"""What doors open on that stands on the page of its business, or on no page that its reader could go on to."""


def opened_on(app: Flask) -> Iterator[tuple[str, type]]:
    """Each kind of thing that a door opens on, with the address of one such door."""
    for rule in app.url_map.iter_rules():
        door = door_of(app, rule.endpoint)
        if door is not None and door.load is not None:
            given = typing.get_type_hints(door.load).get("return") if callable(door.load) else None
            for each in typing.get_args(given) or (given,):
                if isinstance(each, type) and each is not type(None):
                    yield rule.rule, each


def has(kind: type, name: str) -> bool:
    """Whether things of a kind have it, as a property or as a field."""
    return hasattr(kind, name) or any(name in vars(each).get("__annotations__", {}) for each in kind.__mro__)


def test_k33_what_has_no_page_of_its_own_says_on_whose_page_it_stands(app: Flask) -> None:
    pages: Mapping[str, Any] = {table: page for room in FEATURES for table, page in room.pages.items()}
    silent = {
        f"{kind.__name__}, {where}"
        for where, kind in opened_on(app)
        if has(kind, "business")
        and getattr(kind, "__tablename__", "") not in pages
        and not has(kind, "stands_on")
        and kind.__name__ not in ON_THE_BUSINESS
    }
    assert not silent
