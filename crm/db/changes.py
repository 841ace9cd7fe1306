"""Changing the fields of a row, and what changed as the return value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from crm.kernel.money import Money

Changes = dict[str, tuple[Any, Any]]


def amend(row: Any, /, **fields: Any) -> Changes:
    """Set the fields that differ and return ``{field: (before, after)}``, empty where nothing did."""
    changes: Changes = {}
    for name, after in fields.items():
        before = getattr(row, name)
        if before != after:
            changes[name] = (before, after)
            setattr(row, name, after)
    return changes


def created(**fields: Any) -> Changes:
    """The changes of something new: every given field went from nothing to its value."""
    return {name: (None, value) for name, value in fields.items() if value is not None}


def fields_of(details: Any) -> dict[str, Any]:
    """The fields of an input, as they are: unlike ``asdict``, money in it stays money."""
    return {each.name: getattr(details, each.name) for each in dataclass_fields(details)}


def plain(value: Any) -> Any:
    """A value as JSON can keep it, the same on both engines."""
    if isinstance(value, Money):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in (sorted(value) if isinstance(value, set | frozenset) else value)]
    return value if isinstance(value, str | int | float | bool | None) else _text(value)


def _text(value: UUID | object) -> str:
    return str(value)
