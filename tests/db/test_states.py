"""A status moves by an act or not at all, and two who move one thing at once are told."""

from __future__ import annotations

from enum import StrEnum

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from crm.accounts.workflow import MACHINE as ACCOUNTS
from crm.accounts.workflow import AccountStatus
from crm.accounts.workflow import Act as AccountAct
from crm.db.states import advance
from crm.kernel.errors import Conflict
from crm.kernel.workflow import Machine, move
from tests import factories


class Place(StrEnum):
    HERE = "here"
    THERE = "there"


class Act(StrEnum):
    GO = "go"
    STAY = "stay"


class Walker:
    def __init__(self, *, is_tired: bool = False) -> None:
        self._status = Place.HERE
        self.is_tired = is_tired

    @property
    def status(self) -> Place:
        return self._status


def too_tired(walker: Walker) -> str | None:
    return "They are too tired." if walker.is_tired else None


WALK = Machine(
    "walker",
    start=Place.HERE,
    moves=[move(Act.GO, Place.HERE, Place.THERE, unless=too_tired), move(Act.STAY, Place.HERE, Place.HERE)],
)


def test_an_act_moves_and_says_what_changed() -> None:
    walker = Walker()

    assert advance(WALK, walker, Act.GO) == {"status": (Place.HERE, Place.THERE)}
    assert walker.status is Place.THERE


def test_an_act_that_leads_nowhere_new_changes_nothing() -> None:
    assert advance(WALK, Walker(), Act.STAY) == {}


def test_an_act_that_is_not_possible_is_refused_in_words() -> None:
    walker = Walker()
    advance(WALK, walker, Act.GO)

    with pytest.raises(Conflict, match="This has been done already: this walker is"):
        advance(WALK, walker, Act.GO)


def test_a_guard_gives_its_reason_and_nothing_moves() -> None:
    walker = Walker(is_tired=True)

    with pytest.raises(Conflict, match="too tired"):
        advance(WALK, walker, Act.GO)
    assert walker.status is Place.HERE


def test_one_act_leads_from_one_state_to_one_other() -> None:
    with pytest.raises(ValueError, match="two others"):
        Machine(
            "walker",
            start=Place.HERE,
            moves=[move(Act.GO, Place.HERE, Place.THERE), move(Act.GO, Place.HERE, Place.HERE)],
        )


def test_of_two_who_move_one_thing_the_second_is_told(db: Session) -> None:
    mine = factories.account(AccountStatus.INVITED)
    db.execute(text("UPDATE account SET version = version + 1"))  # somebody else was here

    advance(ACCOUNTS, mine, AccountAct.ACCEPT)
    with pytest.raises(StaleDataError):
        db.flush()
