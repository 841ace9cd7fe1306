"""What follows an act: in the same transaction, in the order of the rooms, and only for the act that was meant."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from crm.db.following import follow, following
from crm.db.session import Database
from crm.kernel.errors import Conflict
from crm.kernel.permissions import SYSTEM


class Act(StrEnum):
    CLOSE = "close"


class Other(StrEnum):
    CLOSE = "close"


def _refuse(_thing: Any, *, by: Any) -> None:
    """Refuse."""
    raise Conflict("Not now.")


def test_every_declared_verb_is_done_in_order_and_told_who_acted(tmp_path: Path) -> None:
    done: list[Any] = []

    def first(thing: Any, *, by: Any) -> None:
        """First."""
        done.append(("first", thing, by))

    def second(thing: Any, *, by: Any) -> None:
        """Second."""
        done.append(("second", thing, by))

    database = Database(
        f"sqlite:///{tmp_path / 'a.db'}", follows=following([(Act.CLOSE, first), (Act.CLOSE, second)])
    )
    with database.transaction():
        follow(Act.CLOSE, "a thing", by=SYSTEM)

    assert done == [("first", "a thing", SYSTEM), ("second", "a thing", SYSTEM)]


def test_an_act_of_another_room_with_the_same_value_is_another_act(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}", follows=following([(Act.CLOSE, _refuse)]))

    with database.transaction():
        follow(Other.CLOSE, "a thing", by=SYSTEM)


def test_a_refusal_of_what_follows_refuses_the_act(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}", follows=following([(Act.CLOSE, _refuse)]))

    with pytest.raises(Conflict), database.transaction():
        follow(Act.CLOSE, "a thing", by=SYSTEM)
