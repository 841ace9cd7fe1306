"""Every form acts once: the first time that a test sends a form with success, the same form is sent again at once.

So whatever route any test opens is also clicked twice, and must lead to the same place without doing anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Flask
from itsdangerous import URLSafeSerializer
from werkzeug.test import TestResponse

from crm.web.once import FIELD
from crm.web.permit import Door

tried: set[str] = set()
"""The endpoints whose form this process has sent twice."""


@dataclass
class First:
    """Whether the first of two is on its way: it is held to what every form is held to that comes alone."""

    is_on_its_way: bool = False


FIRST = First()


def is_due(endpoint: str | None, door: Door | None, data: Any) -> bool:
    """Whether this is the first form for a route on which one form acts once."""
    acts_once = door is not None and door.records and not door.repeats
    return (
        acts_once
        and endpoint is not None
        and endpoint not in tried
        and isinstance(data, Mapping)
        and FIELD not in data
    )


def one_time_id(app: Flask, sender: UUID | None, visitor_secret: str) -> str:
    """An id as a page would have shown it to this sender."""
    who = str(sender) if sender else f"visitor {visitor_secret}"
    return URLSafeSerializer(app.secret_key or "", salt="one-time-form").dumps(["of a test", who])


def fresh(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same fields to be sent once more: a file that was read to its end begins anew."""
    return {name: _fresh(value) for name, value in data.items()}


def _fresh(value: Any) -> Any:
    if isinstance(value, BytesIO):
        return BytesIO(value.getvalue())
    if isinstance(value, tuple):
        return tuple(_fresh(each) for each in value)
    return deepcopy(value)


def send(
    post: Callable[[dict[str, Any]], TestResponse], data: Mapping[str, Any], endpoint: str
) -> TestResponse:
    """Send a form and, where it acted, send it again: it is led to the same place."""
    kept = fresh(data)
    FIRST.is_on_its_way = True
    try:
        first = post(dict(data))
    finally:
        FIRST.is_on_its_way = False
    if first.status_code != 303:
        return first
    tried.add(endpoint)
    second = post(kept)
    was, came = first.headers["Location"], second.headers.get("Location", f"a page with {second.status_code}")
    assert came == was, f"{endpoint}: sent twice, it led to {came} and not to {was} again"
    return first
