"""What changed is the answer of changing it, and can be kept as JSON."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from types import SimpleNamespace
from uuid import UUID

import pytest

from crm.db.changes import amend, created, plain
from crm.kernel.money import Money


class Shade(StrEnum):
    PALE = "pale"


def test_only_what_differs_is_set_and_returned() -> None:
    row = SimpleNamespace(name="Ann", age=4, town=None)

    assert amend(row, name="Bea", age=4, town="Dudley") == {"name": ("Ann", "Bea"), "town": (None, "Dudley")}
    assert row == SimpleNamespace(name="Bea", age=4, town="Dudley")


def test_nothing_changed_is_empty() -> None:
    assert amend(SimpleNamespace(name="Ann"), name="Ann") == {}


def test_what_is_emptied_is_a_change() -> None:
    assert amend(SimpleNamespace(name="Ann"), name=None) == {"name": ("Ann", None)}


def test_a_field_that_is_not_there_is_a_mistake() -> None:
    with pytest.raises(AttributeError):
        amend(SimpleNamespace(name="Ann"), nmae="Bea")


def test_something_new_went_from_nothing_to_its_values() -> None:
    assert created(name="Ann", town=None, age=0) == {"name": (None, "Ann"), "age": (None, 0)}


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (Money(123_450), "£1,234.50"),
        (Shade.PALE, "pale"),
        (date(2026, 11, 24), "2026-11-24"),
        (datetime(2026, 11, 24, 10, 0, tzinfo=UTC), "2026-11-24T10:00:00+00:00"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Decimal("12.5"), "12.5"),
        ((None, "a"), [None, "a"]),
        ({"b", "a"}, ["a", "b"]),
        ({"price": Money(100)}, {"price": "£1"}),
        (True, True),
        (None, None),
        (3, 3),
    ],
)
def test_a_value_is_kept_as_json_can(value: object, kept: object) -> None:
    assert plain(value) == kept
    assert json.loads(json.dumps(plain(value))) == kept
