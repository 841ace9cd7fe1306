"""The machines of the rooms: every state is reached, and the database knows them. What an act does stands in test_verbs."""

from __future__ import annotations

import re
from inspect import getsource, unwrap
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Enum, inspect
from sqlalchemy.orm import Session

from crm.app import FEATURES
from crm.db.base import Base
from crm.kernel.workflow import Machine
from crm.programme.assessing.workflow import Act as AssessmentAct
from crm.web.permit import door_of

MACHINES = [machine for room in FEATURES for machine in room.machines]
# States that no act leads to, each with its reason.
BEGUN_ELSEWHERE = {
    (
        "service",
        "illustrative",
    ): "invented for the demo by the file that comes with it, and never anything else",
    ("subsidy", "recorded"): "declared by a business or recorded in kind: it was given before it came here",
}
COLUMNS = [
    column
    for table in Base.metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, Enum)
]


def named(value: Any) -> str:
    return value.name if isinstance(value, Machine) else str(getattr(value, "value", value))


def reached(machine: Machine[Any]) -> set[Any]:
    """Every state that some way of acts leads to from the start."""
    found: set[Any] = set()
    waiting = [machine.start]
    while waiting:
        state = waiting.pop()
        if state not in found:
            found.add(state)
            waiting += [each.target for each in machine.moves if state in each.sources]
    return found


@pytest.mark.parametrize("machine", MACHINES, ids=named)
def test_every_state_is_reached_or_explained(machine: Machine[Any]) -> None:
    unreached = {(machine.name, state.value) for state in machine.states if state not in reached(machine)}

    assert unreached == {each for each in BEGUN_ELSEWHERE if each[0] == machine.name}


@pytest.mark.parametrize("machine", MACHINES, ids=named)
def test_a_machine_has_a_column_of_its_own_states(machine: Machine[Any]) -> None:
    kept = [column for column in COLUMNS if column.type.enum_class is machine.states]

    assert [column.name for column in kept] == ["status"]


def test_machines_are_told_apart_by_name() -> None:
    assert len({machine.name for machine in MACHINES}) == len(MACHINES)


def test_the_database_takes_the_words_of_every_list_and_no_others(db: Session) -> None:
    seen = inspect(db.connection())
    taken, listed = {}, {}
    for column in COLUMNS:
        name = f"ck_{column.table.name}_{column.type.name}"
        checks = seen.get_check_constraints(column.table.name)
        taken[name] = [
            sorted(re.findall(r"'([a-z_]+)'", each["sqltext"])) for each in checks if each["name"] == name
        ]
        listed[name] = [sorted(member.value for member in column.type.enum_class)]

    assert taken == listed


@pytest.mark.engine("sqlite")
def test_a_button_names_the_machine_of_its_act_or_shows_its_page_again(app: Flask) -> None:
    """What cannot be done in a thing's state is refused by the permit, or in words on the page that `answer` shows."""
    moving = {(type(move.act), move.act) for machine in MACHINES for move in machine.moves}
    moving -= {
        (type(each), each) for each in (AssessmentAct.ALLOCATE,)
    }  # of an application, and makes assessments
    bare = set()
    for rule in app.url_map.iter_rules():
        door = door_of(app, rule.endpoint)
        if door is None or "POST" not in (rule.methods or ()) or (type(door.act), door.act) not in moving:
            continue
        view = getsource(unwrap(app.view_functions[rule.endpoint]))
        if door.load and not door.machine and not door.unless and not re.search(r"\b(answer|_moved)\(", view):
            bare.add(rule.endpoint)

    assert bare == set()
