"""The manifests: every room is in FEATURES, in the order of the floors, and nothing is brought twice."""

from __future__ import annotations

import configparser
import re

from crm.app import FEATURES
from crm.kernel.roles import GRANTABLE, Role
from crm.web.menu import AREAS, MOST_AREAS
from tests.rules.house import ROOT, packages, rooms, wings

NAMES = [room.name for room in FEATURES]


def floors() -> list[set[str]]:
    """The rooms of each floor, from the ground up."""
    read = configparser.ConfigParser(interpolation=None)
    read.read(ROOT / "setup.cfg", encoding="utf-8")
    layers = read["importlinter:contract:floors"]["layers"].strip().splitlines()
    found = [set(re.findall(r"\w+", layer)) & rooms() for layer in reversed(layers)]
    return [floor | {wing for wing, trade in wings().items() if trade in floor} for floor in found]


def test_every_room_brings_a_manifest() -> None:
    assert set(NAMES) == rooms()
    assert len(NAMES) == len(set(NAMES))
    assert rooms() - set(wings()) < packages()


def test_a_trade_lists_its_wings_from_the_ground_up() -> None:
    read = configparser.ConfigParser(interpolation=None)
    read.read(ROOT / "setup.cfg", encoding="utf-8")
    for room in FEATURES:
        if room.wings:
            layers = read[f"importlinter:contract:{room.name}"]["layers"].split()
            own = [each for each in reversed(layers) if each in wings()]

            assert [each.name for each in room.wings] == own


def test_a_wing_is_told_apart_from_every_room() -> None:
    assert not set(wings()) & packages()


def test_the_rooms_are_listed_from_the_ground_up() -> None:
    floor_of = {room: number for number, floor in enumerate(floors()) for room in floor}
    heights = [floor_of[name] for name in NAMES]

    assert heights == sorted(heights)


def test_timed_work_is_told_apart_by_name() -> None:
    """Its name is its right to run once in a period: two of one name would take it from each other."""
    names = [work.name for room in FEATURES for work in room.timed]

    assert len(names) == len(set(names))
    assert all(len(name) <= 80 for name in names)


def test_the_pages_of_an_area_have_one_order() -> None:
    orders = [(item.area, item.order) for room in FEATURES for item in room.navigation]

    assert len(orders) == len(set(orders))


def test_every_area_of_the_menu_has_its_place_and_every_role_its_areas() -> None:
    assert set(AREAS) == {Role.ANYONE, *GRANTABLE}
    assert all(len(areas) == len(set(areas)) <= MOST_AREAS for areas in AREAS.values())


def test_the_panels_of_a_tab_have_one_order() -> None:
    orders = [(panel.tab, panel.order) for room in FEATURES for panel in room.panels]

    assert len(orders) == len(set(orders))


def test_a_letter_has_one_gate_at_most() -> None:
    kinds = [kind for room in FEATURES for kind in room.send_gates]

    assert len(kinds) == len(set(kinds))


def test_blueprints_and_commands_are_told_apart_by_name() -> None:
    blueprints = [each.name for room in FEATURES for each in room.blueprints]
    commands = [each.name for room in FEATURES for each in room.commands]

    assert len(blueprints) == len(set(blueprints))
    assert len(commands) == len(set(commands))
