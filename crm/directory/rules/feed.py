"""What a program may ask of the open directory, read strictly: a filter that cannot be read shows nothing instead of everything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from crm.kernel.clock import start_of
from crm.kernel.errors import BadInput, Refusal

STANDARD = "HSDS-UK-3.0"
ROOT = "/oruk/v3"
PER_PAGE, MOST_PER_PAGE, MOST_MINIMAL = 100, 500, 10_000
MOST_PAGES = 1_000_000
LONGEST_SEARCH = 100
YES, NO = ("true", "1", "yes"), ("false", "0", "no")
FORMATS = ("json", "ndjson")

Value = TypeVar("Value")


class NotUnderstood(Refusal):
    """A question that cannot be read: 400, with the parameter and what it takes."""

    status = 400


@dataclass(frozen=True)
class Wanted:
    """Which services a program asks for. Filters that are empty ask nothing; those that are set all hold together."""

    search: str = ""
    taxonomy_term_id: UUID | None = None
    taxonomy_id: UUID | None = None
    organization_id: UUID | None = None
    modified_after: datetime | None = None
    parent_id: UUID | None = None
    page: int = 1
    per_page: int = PER_PAGE
    minimal: bool = False
    full: bool = False
    format: str = "json"


def read_wanted(given: Mapping[str, str]) -> Wanted:
    """What the parameters of an address ask for; those that the standard does not know are passed over.

    Raises `NotUnderstood` for the first that cannot be read.
    """
    is_minimal = _read(given, "minimal", yes_or_no) or False
    most = MOST_MINIMAL if is_minimal else MOST_PER_PAGE
    readers: dict[str, Callable[[str], Any]] = {
        "search": _short,
        "taxonomy_term_id": _id,
        "taxonomy_id": _id,
        "organization_id": _id,
        "modified_after": moment,
        "parent_id": _id,
        "page": whole(MOST_PAGES),
        "per_page": whole(most),
        "full": yes_or_no,
        "format": _format,
    }
    found = {name: _read(given, name, read) for name, read in readers.items()}
    told = {name: value for name, value in found.items() if value is not None}
    if is_minimal:
        told.setdefault("per_page", MOST_MINIMAL)
    return Wanted(minimal=is_minimal, **told)


def _read(given: Mapping[str, str], name: str, read: Callable[[str], Value]) -> Value | None:
    text = given.get(name, "").strip()
    if not text:
        return None
    try:
        return read(text)
    except BadInput as error:
        raise NotUnderstood(f"{name}: {error}") from error


def yes_or_no(text: str) -> bool:
    word = text.casefold()
    if word not in (*YES, *NO):
        raise BadInput("give true or false")
    return word in YES


def whole(most: int) -> Callable[[str], int]:
    """A reader of whole numbers from 1 to ``most``."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit()) or len(text) > 9 or not 1 <= int(text) <= most:
            raise BadInput(f"give a whole number from 1 to {most:,}")
        return int(text)

    return read


def moment(text: str) -> datetime:
    """A day, which begins at midnight in London, or a moment of RFC 3339; one without a zone is taken as UTC."""
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
        if len(text) <= len("2026-11-24"):
            return start_of(found.date())
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise BadInput("give a date like 2026-11-24 or a moment like 2026-11-24T09:30:00Z") from None


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadInput("give an id, such as 3f7b145d-84af-42d7-8fae-eaca714b02b2") from None


def _short(text: str) -> str:
    if len(text) > LONGEST_SEARCH:
        raise BadInput(f"give {LONGEST_SEARCH} characters or fewer")
    return text


def _format(text: str) -> str:
    if text not in FORMATS:
        raise BadInput("give json or ndjson")
    return text
