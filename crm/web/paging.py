"""Pages of a list: the addresses of the next and the previous one, with every filter kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

from crm.db.paging import Slice

FARTHEST = 100
"""The last page of rows that are not counted: all rows before a page are read for it."""


@dataclass(frozen=True)
class Page:
    """One page as a template needs it."""

    rows: tuple[Any, ...]
    next_href: str | None
    previous_href: str | None


def cursor() -> str | None:
    """The cursor in this request's address."""
    return request.args.get("page")


def page_of(found: Slice[Any]) -> Page:
    """A slice with the addresses of its neighbours."""
    return Page(found.rows, _href(found.after), _href(found.before))


def numbered(rows: Sequence[Any], *, size: int) -> Page:
    """One page of rows whose order is worked out, so that all of them are here. A number that nobody linked is the first."""
    at = place_in(len(rows), size=size)
    return placed(rows[(at - 1) * size : at * size], at=at, count=len(rows), size=size)


def place_in(count: int, *, size: int) -> int:
    """Which page of so many rows the address asks for. A number that nobody linked is the first."""
    asked = cursor() or "1"
    at = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    return at if 1 <= at <= max(1, -(-count // size)) else 1


def place_asked() -> int:
    """Which page the address asks for, of rows that are not counted. A number that nobody linked is the first."""
    return place_in(FARTHEST, size=1)


def placed(rows: Sequence[Any], *, at: int, count: int, size: int) -> Page:
    """The rows of one page of so many, with the addresses of its neighbours."""
    later = str(at + 1) if at < -(-count // size) else None
    return Page(tuple(rows), _href(later), _href(str(at - 1) if at > 1 else None))


def _href(to: str | None) -> str | None:
    if to is None or request.endpoint is None:
        return None
    # Names in an address come from outside: as arguments of url_for they could mean its own, such as _scheme.
    kept = [(key, values) for key, values in request.args.lists() if key != "page"]
    query = urlencode([*kept, ("page", to)], doseq=True)
    return f"{url_for(request.endpoint, **(request.view_args or {}))}?{query}"
