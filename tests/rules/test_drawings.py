"""The drawings in docs/drawn say what the code does today."""

from __future__ import annotations

import pytest

from crm.app import FEATURES
from crm.desk.papers import drawings
from tests.rules.house import ROOT

DRAWN = ROOT / "docs" / "drawn"
DRAWINGS = drawings(FEATURES)


@pytest.mark.parametrize("name", sorted(DRAWINGS))
def test_a_drawing_is_current(name: str) -> None:
    assert (DRAWN / name).read_text(encoding="utf-8") == DRAWINGS[name], "run `make docs`"


def test_nothing_else_is_drawn() -> None:
    assert {path.name for path in DRAWN.iterdir()} == set(DRAWINGS)


def test_every_machine_and_every_room_with_a_table_is_drawn() -> None:
    for room in FEATURES:
        assert room.policy is None or f"## {room.name}\n" in DRAWINGS["permissions.md"]
        for machine in room.machines:
            assert f"## {machine.name}\n" in DRAWINGS["workflows.md"]
