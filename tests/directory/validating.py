"""The whole of a feed, read as a stranger reads it: every list to its end, every item, every kind of refusal, against the standard's schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from tests.directory.conformance import faults

LISTS = {
    "services": "service",
    "organizations": "organization",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
    "service_at_locations": "service_at_location",
}
NOBODY = UUID(int=0x4000_8000_0000_0000_0000)
PER_PAGE, MOST_PAGES = 100, 500
REFUSED = ("page=abc", "page=0", "per_page=-1", "modified_after=yesterday", "taxonomy_term_id=x")


@dataclass(frozen=True)
class Answer:
    """What a server answers."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        """The JSON of it; None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


Ask = Callable[[str, str], Answer]
"""Asks with a method for a path under the address of the feed."""


def faults_of_feed(ask: Ask) -> Iterator[str]:
    """Everything in which a feed is not what the standard wants, each with the path that shows it."""
    yield from _about(ask)
    for name, kind in LISTS.items():
        yield from _list(ask, name, kind=kind)
    yield from _refusals(ask)


def _about(ask: Ask) -> Iterator[str]:
    found = ask("GET", "/")
    yield from _answered(found, "/", status=200)
    yield from (f"/: {each}" for each in faults(found.told, "api_details"))
    if not str((found.told or {}).get("version")).startswith("HSDS-UK-3"):
        yield "/: the version is not one of HSDS-UK-3"
    described = ask("GET", "/openapi.json")
    yield from _answered(described, "/openapi.json", status=200)
    ours = urlsplit(str((found.told or {}).get("openapi_url"))).path
    if not ours.endswith("/openapi.json") or not (described.told or {}).get("paths"):
        yield "/: openapi_url does not lead to a description"


def _answered(found: Answer, path: str, *, status: int) -> Iterator[str]:
    """What every answer has, whatever it is about."""
    if found.status != status:
        yield f"{path}: status {found.status}, not {status}"
    headers = {name.casefold(): value for name, value in found.headers.items()}
    if headers.get("access-control-allow-origin") != "*":
        yield f"{path}: not open to other sites"
    if "json" not in headers.get("content-type", "") or found.told is None:
        yield f"{path}: not JSON"


def _list(ask: Ask, name: str, *, kind: str) -> Iterator[str]:
    """A list page by page to its end, each of its items, and the same whole where it is of services."""
    seen: list[str] = []
    total = pages = 0
    for number in range(1, MOST_PAGES):
        path = f"/{name}?page={number}&per_page={PER_PAGE}"
        found = ask("GET", path)
        yield from _answered(found, path, status=200)
        wrong = faults(found.told, f"{kind}_page")
        yield from (f"{path}: {each}" for each in wrong)
        if wrong:
            return
        page = found.told
        total, pages = page["total_items"], page["total_pages"]
        yield from (f"{path}: {each}" for each in _heading(page, number))
        seen += [each["id"] for each in page["contents"]]
        if page["last_page"]:
            break
    if len(seen) != total or len(set(seen)) != total or (total and number != pages):
        yield f"/{name}: {total} items on {pages} pages are told, and {len(set(seen))} on {number} are there"
    for each in seen:
        found = ask("GET", f"/{name}/{each}")
        yield from _answered(found, f"/{name}/{each}", status=200)
        yield from (f"/{name}/{each}: {fault}" for fault in faults(found.told, kind))
        if isinstance(found.told, dict) and found.told.get("id") != each:
            yield f"/{name}/{each}: another item"
    yield from _answered(ask("GET", f"/{name}/{NOBODY}"), f"/{name}/{NOBODY}", status=404)
    if kind == "service":
        whole = ask("GET", f"/{name}?full=true&per_page={PER_PAGE}")
        yield from (f"/{name}?full=true: {each}" for each in faults(whole.told, "service_page"))


def _heading(page: Mapping[str, Any], number: int) -> Iterator[str]:
    """Whether a heading says what is on the page."""
    many = len(page["contents"])
    wanted = {
        "page_number": number,
        "size": many,
        "empty": not many,
        "first_page": number == 1,
        "last_page": number >= page["total_pages"],
    }
    for name, value in wanted.items():
        if page[name] != value:
            yield f"{name} is {page[name]}, not {value}"


def _refusals(ask: Ask) -> Iterator[str]:
    for asked in REFUSED:
        yield from _answered(ask("GET", f"/services?{asked}"), f"/services?{asked}", status=400)
    yield from _answered(ask("GET", "/services/x"), "/services/x", status=404)
    for method in ("POST", "PUT", "DELETE"):
        yield from _answered(ask(method, "/services"), f"{method} /services", status=405)
    beyond = ask("GET", "/services?page=999999")
    yield from _answered(beyond, "/services?page=999999", status=200)
    if not (beyond.told or {}).get("empty"):
        yield "/services?page=999999: a page beyond the last is not empty"
