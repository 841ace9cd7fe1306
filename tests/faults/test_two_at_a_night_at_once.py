"""Two at one pitch night at the same moment: its last place is given once, and a freed one to one who waits."""

from __future__ import annotations

from collections import Counter
from functools import partial
from uuid import UUID

from flask import Flask

from crm.angels.events.queries import places
from crm.angels.events.service import seating
from crm.angels.events.workflow import PlaceStatus
from crm.db.session import session
from crm.kernel.permissions import SYSTEM
from tests import factories, network, nights
from tests.faults.together import together
from tests.houses import database

S = PlaceStatus


def made(app: Flask, *states: PlaceStatus, seats: int) -> list[UUID]:
    """A night with a pitch, and these invitations to it."""
    with database(app).transaction():
        network.basis()
        found = nights.night(seats=seats)
        nights.turn(found, network.pitch(network.legal(factories.business())))
        return [nights.place(found, status=each).id for each in states]


def answer(verb: str, place_id: UUID) -> None:
    found = places.place(place_id)
    assert found is not None
    getattr(seating, verb)(found, by=SYSTEM)


def states(app: Flask, place_id: UUID) -> Counter[str]:
    with database(app).reading():
        session().expire_all()
        found = places.place(place_id)
        assert found is not None
        return Counter(str(each.status) for each in places.places_in(found.night_id))


def test_the_last_place_is_given_once_and_the_other_waits(furnished: Flask) -> None:
    one, two = made(furnished, S.INVITED, S.INVITED, seats=1)
    assert together(furnished, partial(answer, "come", one), partial(answer, "come", two)) == [None, None]
    assert states(furnished, one) == {"coming": 1, "waiting": 1}


def test_two_places_given_up_at_once_go_to_two_who_wait(furnished: Flask) -> None:
    one, two, *_ = made(furnished, S.COMING, S.COMING, S.WAITING, S.WAITING, S.WAITING, seats=2)
    assert together(furnished, partial(answer, "decline", one), partial(answer, "perhaps", two)) == [
        None,
        None,
    ]
    assert states(furnished, one) == {"declined": 1, "maybe": 1, "coming": 2, "waiting": 1}
