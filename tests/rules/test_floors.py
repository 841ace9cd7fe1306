"""The floors: who may know whom, held by import-linter; and its lists name every room there is."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rules.house import CRM, ROOM_FILES, ROOT, folder_of, modules, packages, rooms, trades, wings


@pytest.fixture(scope="module")
def contracts() -> configparser.ConfigParser:
    read = configparser.ConfigParser(interpolation=None)
    read.read(ROOT / "setup.cfg", encoding="utf-8")
    return read


def names(text: str) -> set[str]:
    """The names in a list of layers or containers, without the signs between them."""
    return set(re.findall(r"[\w.]+", text))


def test_every_contract_is_kept() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_package_stands_on_a_floor(contracts: configparser.ConfigParser) -> None:
    files = {path.stem for path in CRM.glob("*.py")} - {"__init__"}

    assert names(contracts["importlinter:contract:floors"]["layers"]) == packages() | files


def test_the_order_of_files_is_asked_of_every_room(contracts: configparser.ConfigParser) -> None:
    asked = names(contracts["importlinter:contract:files"]["containers"])

    assert asked == {f"crm.{folder_of(room).replace('/', '.')}" for room in rooms() - trades()}


def test_the_order_of_wings_is_asked_of_every_trade(contracts: configparser.ConfigParser) -> None:
    """One layers contract a trade, and nothing stands in it that has no place there."""
    for trade in trades():
        contract = contracts[f"importlinter:contract:{trade}"]
        there = {path.stem for path in (CRM / trade).iterdir() if path.suffix == ".py" or path.is_dir()}
        ordered = names(contract["layers"])

        assert (contract["containers"].strip(), contract["exhaustive"]) == (f"crm.{trade}", "True")
        assert there - {"__init__", "__pycache__"} <= ordered
        assert ordered <= {wing for wing, above in wings().items() if above == trade} | set(ROOM_FILES)


def test_the_rules_of_a_wing_know_nothing_of_the_web(contracts: configparser.ConfigParser) -> None:
    sources = names(contracts["importlinter:contract:below-the-web"]["source_modules"].replace("*", "_"))

    for trade in trades():
        assert {f"crm.{trade}._.{kind}" for kind in ROOM_FILES[:6]} <= sources


def test_a_room_holds_files_of_the_twelve_names_alone(contracts: configparser.ConfigParser) -> None:
    known = {*ROOM_FILES, "__init__"}
    strangers = [each.name for each in modules("crm") if each.room in rooms() and each.kind not in known]

    assert strangers == []
    assert names(contracts["importlinter:contract:files"]["layers"]) == set(ROOM_FILES)


def test_every_folder_of_python_is_a_package() -> None:
    folders = {path.parent for path in CRM.rglob("*.py")}

    assert [folder.name for folder in folders if not (folder / "__init__.py").exists()] == []
