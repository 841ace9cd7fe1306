"""What the address of a list asks for: filters that the list has, or a refusal that leads back to the whole list."""

from __future__ import annotations

from collections.abc import Container
from typing import Any, TypeVar
from uuid import UUID

from flask import request
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from crm.kernel.errors import Invalid
from crm.web.forms import Form

NO_SUCH_FILTER = "This list cannot be sorted or filtered like that, so nothing is shown."
F = TypeVar("F", bound=Form)


class NoSuchFilter(Invalid):
    """An address asks for a filter or an order that its list does not have, or not for this reader: then ``why`` says so."""

    def __init__(self, why: str = NO_SUCH_FILTER) -> None:
        super().__init__(why)


def chosen(name: str, known: Container[str], *, default: str = "") -> str:
    """What the address chooses, or ``default``. Anything else is refused, so that no link shows other rows than it says."""
    given = request.args.get(name) or default
    if given != default and given not in known:
        raise NoSuchFilter
    return given


def chosen_id(name: str) -> UUID | None:
    """The id that the address names, if it names one. What is none is refused."""
    given = request.args.get(name)
    try:
        return UUID(given) if given else None
    except ValueError:
        raise NoSuchFilter from None


def as_id(given: str | None) -> UUID | None:
    """An id that a form carries unseen; None where it carries none."""
    try:
        return UUID(given) if given else None
    except ValueError:
        return None


def as_offered(filters: F) -> F:
    """The form of a list's filters. What it does not offer is refused."""
    for field in filters:
        if isinstance(field, SelectField | SelectMultipleField | RadioField):
            _require_offered(field)
    return filters


def _require_offered(field: Any) -> None:
    given = field.data if isinstance(field.data, list | tuple) else [field.data]
    groups = field.choices.values() if isinstance(field.choices, dict) else [field.choices or ()]
    offered = {
        str(each.value if isinstance(each, SelectChoice) else each[0]) for group in groups for each in group
    }
    if not {str(each) for each in given if each} <= offered:
        raise NoSuchFilter
