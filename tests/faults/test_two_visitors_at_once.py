"""Visitors who sign up for the last places of a workshop at the same moment: no more than there are, and nobody is lost."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from crm.db.session import session
from crm.kernel.permissions import SYSTEM, VISITOR
from crm.meetings import queries
from crm.meetings.models import WorkshopPlace
from crm.meetings.service import seating
from crm.meetings.service.seating import Attendee
from crm.throttles.rules import Source
from tests import gatherings
from tests.faults.together import overlapping, together
from tests.houses import database


def opened(app: Flask, *, seats: int) -> UUID:
    with database(app).transaction():
        return gatherings.workshop(seats=seats).id


def sign_up(workshop_id: UUID, name: str) -> UUID:
    found = queries.workshop(workshop_id)
    assert found is not None
    attendee = Attendee(name, f"{name}@made.example", "Made Makers")
    return seating.sign_up(found, attendee, sent_from=Source("192.0.2.1", "secret"), by=VISITOR).id


def statuses(app: Flask, workshop_id: UUID) -> Counter[str]:
    with database(app).reading():
        return Counter(str(each.status) for each in queries.places_in(workshop_id))


def test_of_five_at_once_for_two_places_two_have_one_and_three_wait(furnished: Flask) -> None:
    made = opened(furnished, seats=2)
    together(
        furnished, *((lambda name=name: sign_up(made, name)) for name in ("ann", "ben", "cat", "dan", "eve"))
    )
    assert statuses(furnished, made) == {"taken": 2, "waiting": 3}


def test_one_address_at_once_in_two_windows_has_one_place(furnished: Flask) -> None:
    made = opened(furnished, seats=5)
    together(furnished, lambda: sign_up(made, "ann"), lambda: sign_up(made, "ann"))
    with database(furnished).reading():
        assert session().scalar(select(func.count()).select_from(WorkshopPlace)) == 1


def test_a_place_given_up_while_somebody_signs_up_is_had_by_one(furnished: Flask) -> None:
    made = opened(furnished, seats=1)
    with database(furnished).transaction():
        first = sign_up(made, "ann")

    def give_up() -> None:
        found = queries.place(first)
        assert found is not None
        seating.give_up(found, reason="They cannot come", by=SYSTEM)

    overlapping(furnished, give_up, lambda: sign_up(made, "ben"))
    assert statuses(furnished, made) == {"given_up": 1, "taken": 1}
