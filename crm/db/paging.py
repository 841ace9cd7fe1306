"""Pages by key rather than by offset: the thousandth page costs what the first does."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, tuple_

from crm.db.changes import plain
from crm.db.session import session

T = TypeVar("T")
PAGE_SIZE = 25
LONGEST_CURSOR = 2_000  # a name of 200 characters, four bytes each, and an id need about 1,200


@dataclass(frozen=True)
class Order:
    """What a list is sorted by: columns that together are unique, and how to read them off a row."""

    columns: tuple[ColumnElement[Any], ...]
    key: Callable[[Any], Sequence[Any]]
    is_descending: bool = False


@dataclass(frozen=True)
class Slice(Generic[T]):
    """One page of rows, with the cursors of the pages beside it; None where there is none."""

    rows: tuple[T, ...]
    after: str | None
    before: str | None


def slice_of(
    query: Select[Any],
    order: Order,
    *,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
    of_columns: bool = False,
) -> Slice[Any]:
    """The rows of ``query`` in ``order`` that follow (or, for a cursor from `Slice.before`, precede) the cursor.

    A cursor that nobody minted is taken as none: the first page. ``of_columns`` is for a query of columns, not of things.
    """
    backwards, keys = _read_cursor(cursor, order)
    descending = order.is_descending != backwards
    if keys:
        query = query.where(_beyond(order, keys, descending))
    sort = [column.desc() if descending else column.asc() for column in order.columns]
    bounded = query.order_by(*sort).limit(size + 1)
    found: list[Any] = list(session().execute(bounded) if of_columns else session().scalars(bounded).unique())
    has_more, rows = len(found) > size, found[:size]
    if backwards:
        rows.reverse()
    return Slice(
        rows=tuple(rows),
        after=_mint(order, rows[-1], "after") if rows and (has_more or backwards) else None,
        before=_mint(order, rows[0], "before") if rows and (has_more if backwards else keys) else None,
    )


def _beyond(order: Order, keys: Sequence[Any], descending: bool) -> Any:
    left, right = tuple_(*order.columns), _bound(order, keys)
    return left < right if descending else left > right


def _bound(order: Order, keys: Sequence[Any]) -> Any:
    return tuple_(*keys, types=[column.type for column in order.columns])


def _mint(order: Order, row: Any, direction: str) -> str:
    parts = [direction, *[str(plain(value)) for value in order.key(row)]]
    packed = json.dumps(parts, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def _read_cursor(cursor: str | None, order: Order) -> tuple[bool, list[Any]]:
    if not cursor or len(cursor) > LONGEST_CURSOR:
        return False, []
    try:
        direction, *texts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if direction not in ("after", "before") or len(texts) != len(order.columns):
            return False, []
        return direction == "before", [
            _revive(column, text) for column, text in zip(order.columns, texts, strict=True)
        ]
    except (ValueError, TypeError, KeyError, OverflowError):
        return False, []


def _revive(column: ColumnElement[Any], text: Any) -> Any:
    """A value as it was minted; raises ValueError or TypeError for what no row could ever hold."""
    if not isinstance(text, str) or "\0" in text:
        raise TypeError("a cursor's values are plain text")
    text.encode()  # half a character cannot be sent to a database
    readers: dict[type, Callable[[str], Any]] = {
        UUID: UUID,
        int: _whole,
        datetime: _moment,
        date: date.fromisoformat,
    }
    return readers.get(column.type.python_type, str)(text)


def _whole(text: str) -> int:
    number = int(text)
    if abs(number) >= 2**63:
        raise ValueError("more than a column holds")
    return number


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return found.astimezone(UTC)
