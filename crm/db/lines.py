"""Columns of one line take one line, and no column more than it holds: whichever verb, command or import writes them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, event
from sqlalchemy.orm import ColumnProperty, InstrumentedAttribute

from crm.kernel.errors import BadInput, Invalid
from crm.kernel.text import is_shown, one_line

LONGEST_LINE = 300
"""Text with a shorter limit than this is one line: a name, a role, an address, the way something was done."""


def keep_to_one_line(attribute: InstrumentedAttribute[Any], *, key: str) -> None:
    """Join line breaks in whatever is written into this attribute of a row, if it is one line, and bound its length."""
    if not isinstance(attribute.property, ColumnProperty):
        return
    kind = attribute.property.columns[0].type
    most = kind.length if type(kind) is String else None
    if most is not None:
        event.listen(
            attribute, "set", lambda _row, value, _was, _by: _fitting(value, key, most=most), retval=True
        )


def _fitting(value: Any, key: str, *, most: int) -> Any:
    """The value as the column takes it. Raises `Invalid` for what cannot be shown, or is too long."""
    if not isinstance(value, str):
        return value
    text = _on_one_line(value, key) if most <= LONGEST_LINE else value
    if len(text) > most:
        raise Invalid(f"This must be {most:,} characters or fewer", field=key)
    return text


def _on_one_line(value: str, key: str) -> str:
    if is_shown(value) and "\n" not in value and "\t" not in value:
        return value
    try:
        return one_line(value)
    except BadInput as why:
        raise Invalid(str(why), field=key) from why
