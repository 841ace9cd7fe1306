"""Columns of one line take one line, in every table there is: whichever verb, command or import writes them."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import String
from sqlalchemy.orm import ColumnProperty

import crm.app  # noqa: F401 every room's tables are known only once the rooms are
from crm.db.base import Base
from crm.db.lines import LONGEST_LINE
from crm.kernel.errors import Invalid

LINES = sorted(
    {
        (mapper.class_, each.key)
        for mapper in Base.registry.mappers
        for each in mapper.attrs
        if isinstance(each, ColumnProperty)
        and type(each.columns[0].type) is String
        and (each.columns[0].type.length or 0) >= 20
        and (each.columns[0].type.length or LONGEST_LINE + 1) <= LONGEST_LINE
    },
    key=lambda pair: (pair[0].__name__, pair[1]),
)


def test_there_are_such_columns_in_every_room_that_keeps_names() -> None:
    kept = {(kind.__tablename__, name) for kind, name in LINES}
    assert {
        ("business", "name"),
        ("person", "name"),
        ("enquiry", "business_name"),
        ("account", "name"),
    } <= kept
    assert len(LINES) > 100


@pytest.mark.engine("sqlite")
def test_k27_every_one_of_them_joins_line_breaks_and_refuses_what_cannot_be_shown_or_held(app: Flask) -> None:
    for kind, name in LINES:
        row = kind()
        setattr(row, name, "one\r\ntwo\x0bthree\u2028four")
        assert getattr(row, name) == "one two three four", (kind, name)
        with pytest.raises(Invalid):
            setattr(row, name, "one\x00two")
        with pytest.raises(Invalid):
            setattr(row, name, "x" * (LONGEST_LINE + 1))
