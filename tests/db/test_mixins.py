"""What rows with a status and rows that count their changes have in common."""

from __future__ import annotations

from sqlalchemy import Enum, inspect

from crm.db.base import Base, Versioned
from crm.db.states import Stateful

MAPPED = [each.class_ for each in Base.registry.mappers]


def test_every_column_of_a_version_counts_changes_and_is_written_once() -> None:
    counted = {each for each in MAPPED if inspect(each).version_id_col is not None}

    assert counted == {each for each in MAPPED if issubclass(each, Versioned)}
    assert len(counted) > 25
    assert not {each.__name__ for each in counted if "version" in vars(each).get("__annotations__", {})}


def test_a_status_is_text_that_only_the_words_of_its_enum_may_be_and_always_there() -> None:
    with_status = [each for each in MAPPED if issubclass(each, Stateful)]

    assert len(with_status) > 20
    for each in with_status:
        column = each.__table__.c.status
        assert isinstance(column.type, Enum)
        assert column.type.create_constraint
        assert not column.nullable
        assert column.default.arg.value in column.type.enums
