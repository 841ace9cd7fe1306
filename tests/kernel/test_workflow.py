"""A machine answers what may follow what, and says in words why something may not."""

from __future__ import annotations

from enum import StrEnum, auto
from typing import Any

import pytest

from crm.kernel.errors import Conflict
from crm.kernel.workflow import Machine, move


class State(StrEnum):
    DRAFT = auto()
    UNDER_WAY = auto()
    DONE = auto()


class Act(StrEnum):
    BEGIN = auto()
    FINISH = auto()
    STOP = auto()


def too_early(thing: Any) -> str | None:
    return None if thing else "It has not been read yet."


MACHINE = Machine(
    "letter",
    start=State.DRAFT,
    moves=[
        move(Act.BEGIN, State.DRAFT, State.UNDER_WAY),
        move(Act.FINISH, State.UNDER_WAY, State.DONE, unless=too_early),
        move(Act.STOP, [State.DRAFT, State.UNDER_WAY], State.DONE),
    ],
)


def test_an_act_moves_from_its_own_states_alone() -> None:
    moves = {
        (act, state): found.target for act in Act for state in State if (found := MACHINE.find(act, state))
    }

    assert moves == {
        (Act.BEGIN, State.DRAFT): State.UNDER_WAY,
        (Act.FINISH, State.UNDER_WAY): State.DONE,
        (Act.STOP, State.DRAFT): State.DONE,
        (Act.STOP, State.UNDER_WAY): State.DONE,
    }
    assert {state: set(MACHINE.possible(state)) for state in State} == {
        State.DRAFT: {Act.BEGIN, Act.STOP},
        State.UNDER_WAY: {Act.FINISH, Act.STOP},
        State.DONE: set(),
    }
    assert MACHINE.target(Act.BEGIN, State.DRAFT) is State.UNDER_WAY


def test_what_is_not_possible_is_refused_in_words() -> None:
    with pytest.raises(Conflict, match="This has been done already: this letter is “under way”"):
        MACHINE.target(Act.BEGIN, State.UNDER_WAY)
    with pytest.raises(Conflict, match=r"This letter is “draft”\. It has to be “under way” first\."):
        MACHINE.target(Act.FINISH, State.DRAFT)
    with pytest.raises(Conflict, match=r"This letter is “done”\.$"):
        MACHINE.target(Act.BEGIN, State.DONE)


def test_a_guard_says_why_not() -> None:
    with pytest.raises(Conflict, match="It has not been read yet"):
        MACHINE.target(Act.FINISH, State.UNDER_WAY, thing=None)
    assert MACHINE.target(Act.FINISH, State.UNDER_WAY, thing="a letter") is State.DONE


def test_one_act_never_leads_from_one_state_to_two() -> None:
    with pytest.raises(ValueError, match="one act leads from one state to two others"):
        Machine(
            "letter",
            start=State.DRAFT,
            moves=[
                move(Act.BEGIN, State.DRAFT, State.UNDER_WAY),
                move(Act.BEGIN, State.DRAFT, State.DONE),
            ],
        )
