"""Two in one delegation at the same moment: a seat is never given twice, and none is lost."""

from __future__ import annotations

from collections import Counter
from functools import partial
from uuid import UUID

import pytest
from flask import Flask

from crm.db.session import session
from crm.exporting.delegations.queries import seating
from crm.exporting.delegations.service import answering, choosing, inviting, leading
from crm.exporting.delegations.service.answering import ApplicationDetails
from crm.exporting.delegations.service.inviting import Invitation
from crm.exporting.delegations.workflow import Sells
from crm.kernel.errors import Conflict
from crm.kernel.permissions import SYSTEM
from tests import factories
from tests.exporting import trade
from tests.faults.together import overlapping, together
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


def invite(delegation_id: UUID, business_id: UUID, person_id: UUID) -> None:
    details = Invitation(ApplicationDetails(person_id, "To meet buyers", Sells.SERVICES), "It fits well")
    inviting.invite(trade.whole(delegation_id), details, business=trade.owner(business_id), by=SYSTEM)


def offer_again(place_id: UUID) -> None:
    found = seating.place(place_id)
    assert found is not None
    choosing.offer_again(found, by=SYSTEM)


def shrink(delegation_id: UUID, seats: int) -> None:
    """Fewer places."""
    found = trade.whole(delegation_id)
    kept = {name: getattr(found, name) for name in leading.DelegationDetails.__dataclass_fields__}
    details = leading.DelegationDetails(**kept | {"criteria": tuple(found.criteria), "seats": seats})
    leading.change(found, details, version=None, by=SYSTEM)


def one_free(app: Flask) -> tuple[UUID, UUID, list[partial[None]]]:
    """A delegation of two places, one of them free; a place that was declined; and two invitations, ready to send."""
    made = closed(app, 3, 2, seats=2)
    with database(app).transaction():
        select(made)
    with database(app).reading():
        taken, *_ = [each.id for each in seating.places_in(made) if each.seat]
    with database(app).transaction():
        decline(taken)
        businesses = [factories.business() for _ in range(2)]
        asks = [partial(invite, made, each.id, factories.person(each).id) for each in businesses]
    return made, taken, asks


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


@pytest.mark.parametrize("second", ["invite", "offer_again"])
def test_the_last_free_seat_is_given_once_by_two_hands(furnished: Flask, second: str) -> None:
    made, declined, (first, other) = one_free(furnished)
    rival = other if second == "invite" else partial(offer_again, declined)
    answers = together(furnished, first, rival)
    assert answers.count(None) == 1, answers
    assert any(isinstance(each, Conflict) for each in answers), answers
    states, seats = seated(furnished, made)
    assert (states["offered"], sorted(seats)) == (2, [1, 2])


def test_no_seat_is_taken_away_that_is_given_at_the_same_moment(furnished: Flask) -> None:
    made, _, (ask, _) = one_free(furnished)
    answers = overlapping(furnished, partial(shrink, made, 1), ask)
    assert answers[0] is None, answers
    assert isinstance(answers[1], Conflict), answers
    assert seated(furnished, made)[0]["offered"] == 1


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
