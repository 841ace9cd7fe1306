"""Services of other councils' feeds, read into ours: page by page, each fault with its page and place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from crm.directory.rules import cells
from crm.directory.rules.labels import NEEDS
from crm.directory.rules.taxonomies import NEED
from crm.kernel.errors import BadInput
from crm.kernel.folding import plain_words, same_name
from crm.kernel.text import one_line

PER_PAGE, MOST_ON_A_PAGE, MOST_PAGES, MOST_INCOMING = 100, 1_000, 500, 20_000
REPEATED = "Page {number} repeats a service that came before, so the feed would never end."
TOO_MANY_PAGES = f"The feed has more than {MOST_PAGES} pages."
TOO_MANY = f"The feed has more than {MOST_INCOMING:,} services."
HEADING = {
    "total_items": int,
    "total_pages": int,
    "page_number": int,
    "size": int,
    "first_page": bool,
    "last_page": bool,
    "empty": bool,
    "contents": list,
}
STATUSES = ("active", "inactive", "defunct", "temporarily closed")
LONGEST_ID = 100
_NEED_BY_NAME = {plain_words(label): code for code, label in NEEDS.items()} | {
    plain_words(code.replace("_", " ")): code for code in NEEDS
}


class PageRefused(ValueError):
    """A page that is not as the standard says: nothing after it is read. The message is for people."""


@dataclass(frozen=True)
class Incoming:
    """One service of a feed, at its place: the page from 1, and how many stand before it on that page, plus one."""

    page: int
    place: int
    external_id: str
    name: str
    provider: str
    description: str
    url: str
    needs: tuple[str, ...]
    is_active: bool

    @property
    def key(self) -> str:
        """What it is known by here: provider and name, by the one fold of names."""
        return key_of(self.provider, self.name)


def key_of(provider: str, name: str) -> str:
    """What tells one service from another, however its names are written."""
    return f"{same_name(provider)} | {same_name(name)}"


@dataclass(frozen=True)
class IncomingFault:
    """One service that cannot be taken, with where it stands and why."""

    page: int
    place: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"page {self.page}, service {self.place}, {self.field}: {self.message}"


def read_page(page: Any, number: int) -> list[Incoming | IncomingFault]:
    """Every service of the page that was asked for, or what is wrong with it first.

    Raises `PageRefused` for a page without its heading, another page than was asked for, or one that repeats itself.
    """
    found = [
        read_service(each, page=number, place=place)
        for place, each in enumerate(require_page(page, number), start=1)
    ]
    ids = [each.external_id for each in found if isinstance(each, Incoming)]
    if len(set(ids)) < len(ids):
        raise PageRefused(REPEATED.format(number=number))
    return found


def is_last(page: Mapping[str, Any]) -> bool:
    """Whether no page comes after this one."""
    return bool(page["last_page"]) or not page["contents"]


def require_page(page: Any, number: int) -> list[Any]:
    """The services of a page, if its heading is whole and it is the page that was asked for."""
    if not isinstance(page, Mapping):
        raise PageRefused(f"Page {number} is not an object with a heading and contents.")
    for name, kind in HEADING.items():
        if name not in page:
            raise PageRefused(f"Page {number} has no “{name}” in its heading.")
        value = page[name]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise PageRefused(f"“{name}” of page {number} is not {_KINDS[kind]}.")
    if page["page_number"] != number:
        raise PageRefused(f"Page {number} was asked for, and page {page['page_number']} came.")
    contents: list[Any] = page["contents"]
    if len(contents) > MOST_ON_A_PAGE:
        raise PageRefused(f"Page {number} has more than {MOST_ON_A_PAGE:,} services.")
    return contents


_KINDS = {int: "a whole number", bool: "true or false", list: "a list"}


def read_service(told: Any, *, page: int, place: int) -> Incoming | IncomingFault:
    """One service, or what is wrong with it first."""
    field = ""
    try:
        if not isinstance(told, Mapping):
            return IncomingFault(page, place, "service", "is not an object")
        read: dict[str, Any] = {}
        for field, reader in READERS.items():
            read[field] = reader(told)
        status = read.pop("status")
        return Incoming(page, place, is_active=status == "active", external_id=read.pop("id"), **read)
    except BadInput as error:
        return IncomingFault(page, place, field, str(error))


def _text(told: Mapping[str, Any], name: str, *, most: int, needed: bool = False) -> str:
    value = told.get(name)
    if value is None and needed:
        raise BadInput("is missing")
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadInput("is not text")
    words = one_line(value) if most <= cells.MOST_NAME else value.strip()
    if needed and not words:
        raise BadInput("is empty")
    if len(words) > most and most <= cells.MOST_NAME:
        raise BadInput(f"is longer than {most} characters")
    return words[:most]


def _status(told: Mapping[str, Any]) -> str:
    status = _text(told, "status", most=40, needed=True)
    if status not in STATUSES:
        raise BadInput(f"“{status}” is not one of: {', '.join(STATUSES)}")
    return status


def _provider(told: Mapping[str, Any]) -> str:
    owner = told.get("organization")
    if not isinstance(owner, Mapping):
        raise BadInput("is missing, so we cannot tell who provides it")
    return _text(owner, "name", most=cells.MOST_NAME, needed=True)


def _needs(told: Mapping[str, Any]) -> tuple[str, ...]:
    """The needs that its terms name in our words; terms of others say nothing to us."""
    terms = told.get("attributes")
    if not isinstance(terms, list):
        return ()
    named = [each.get("taxonomy_term") for each in terms if isinstance(each, Mapping)]
    words = [str(each.get("name", "")) for each in named if isinstance(each, Mapping)]
    codes = [_NEED_BY_NAME.get(plain_words(each), "") for each in words if len(each) <= cells.MOST_NAME]
    return tuple(dict.fromkeys(each for each in codes if each in NEED.words))


def _url(told: Mapping[str, Any]) -> str:
    """A web address, or none: one that cannot be opened is left out."""
    try:
        return cells.web_address(_text(told, "url", most=cells.MOST_TEXT))
    except BadInput:
        return ""


READERS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "id": lambda told: _text(told, "id", most=LONGEST_ID, needed=True),
    "name": lambda told: _text(told, "name", most=cells.MOST_NAME, needed=True),
    "status": _status,
    "provider": _provider,
    "description": lambda told: cells.text(_text(told, "description", most=cells.MOST_TEXT)),
    "url": _url,
    "needs": _needs,
}
