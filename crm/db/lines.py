"""Columns of one line take one line: whichever verb, command or import writes them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, event
from sqlalchemy.orm import ColumnProperty, InstrumentedAttribute

from crm.kernel.errors import BadInput, Invalid
from crm.kernel.text import is_shown, one_line

LONGEST_LINE = 300
"""Text with a shorter limit than this is one line: a name, a role, an address, the way something was done."""


def keep_to_one_line(attribute: InstrumentedAttribute[Any], *, key: str) -> None:
    """Join line breaks in whatever is written into this attribute of a row, if it is one line."""
    if isinstance(attribute.property, ColumnProperty) and _is_line(attribute.property.columns[0].type):
        event.listen(attribute, "set", lambda _row, value, _was, _by: _on_one_line(value, key), retval=True)


def _is_line(kind: Any) -> bool:
    return type(kind) is String and kind.length is not None and kind.length <= LONGEST_LINE


def _on_one_line(value: Any, key: str) -> Any:
    """The value with its line breaks joined; `Invalid` for what cannot be shown."""
    if not isinstance(value, str) or (is_shown(value) and "\n" not in value and "\t" not in value):
        return value
    try:
        return one_line(value)
    except BadInput as why:
        raise Invalid(str(why), field=key) from why
