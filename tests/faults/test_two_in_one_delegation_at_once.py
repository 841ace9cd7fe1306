"""Two in one delegation at the same moment: a seat is never given twice, and none is lost."""

from __future__ import annotations

from collections import Counter
from functools import partial
from uuid import UUID

from flask import Flask

from crm.db.session import session
from crm.exporting.delegations.queries import seating
from crm.exporting.delegations.service import answering, choosing, leading
from crm.kernel.errors import Conflict
from crm.kernel.permissions import SYSTEM
from tests.exporting import trade
from tests.faults.together import together
from tests.houses import database


def closed(app: Flask, *points: int, seats: int) -> UUID:
    """A delegation that is closed, whose applications were assessed with these marks."""
    with database(app).transaction():
        found = trade.opened(seats=seats)
        for each in points:
            trade.assessed(trade.applied(found), each)
        leading.close(found, by=SYSTEM)
        return found.id


def select(delegation_id: UUID) -> None:
    choosing.select(trade.whole(delegation_id), by=SYSTEM)


def decline(place_id: UUID) -> None:
    found = seating.place(place_id)
    assert found is not None
    answering.decline(found, by=SYSTEM)


def seated(app: Flask, delegation_id: UUID) -> tuple[Counter[str], list[int]]:
    """How many places are in each state, and which seats are taken."""
    with database(app).reading():
        session().expire_all()
        rows = seating.places_in(delegation_id)
        return Counter(str(each.status) for each in rows), [each.seat for each in rows if each.seat]


def test_places_offered_by_two_people_at_once_are_offered_once(furnished: Flask) -> None:
    made = closed(furnished, 3, 2, 1, seats=2)
    answers = together(furnished, partial(select, made), partial(select, made))
    assert [each is None or isinstance(each, Conflict) for each in answers] == [True, True], answers
    assert answers.count(None) == 1
    assert seated(furnished, made) == ({"offered": 2, "waiting": 1}, [1, 2])


def test_of_two_declined_at_once_the_last_who_waits_gets_one_seat(furnished: Flask) -> None:
    made = closed(furnished, 3, 2, 1, seats=2)
    with database(furnished).transaction():
        select(made)
    with database(furnished).reading():
        first, second = [each.id for each in seating.places_in(made) if each.seat]
    assert together(furnished, partial(decline, first), partial(decline, second)) == [None, None]
    states, seats = seated(furnished, made)
    assert states == {"declined": 2, "offered": 1}
    assert len(seats) == 1
