"""Workshops: as many as there are seats, whoever waits moves up, hours once for each business that came."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.businesses.service.indexing import index
from crm.businesses.workflow import BusinessStatus
from crm.casework.models import SupportHours
from crm.casework.service import counting
from crm.casework.service.counting import HoursAnswer
from crm.casework.workflow import Channel
from crm.kernel.clock import now
from crm.kernel.errors import Conflict, Invalid, NotFound, TooMany
from crm.kernel.permissions import SYSTEM, VISITOR
from crm.links.rules import Purpose
from crm.links.service import mint
from crm.meetings import queries
from crm.meetings.models import Workshop, WorkshopPlace
from crm.meetings.service import holding, seating
from crm.meetings.service.holding import WorkshopDetails
from crm.meetings.service.seating import Attendee
from crm.meetings.workflow import PlaceStatus, WorkshopStatus
from crm.notices.models import Letter
from crm.notices.service import Reader
from crm.throttles.rules import SIGN_UPS_BY_ADDRESS, Source
from tests import factories, gatherings
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.client import ConformingClient

HERE = Source("192.0.2.1", "secret")
_second = count()


def past() -> dict[str, datetime]:
    return {"starts_at": now() - timedelta(hours=3), "ends_at": now() - timedelta(hours=1)}


def visitor(name: str, business_id: object = None) -> Attendee:
    return Attendee(name, f"{name}@made.example", "Made Makers", business_id)  # type: ignore[arg-type]


def seat(workshop: Workshop, name: str) -> WorkshopPlace:
    """Sign up, each a second after the one before: the clock stands still."""
    made = seating.sign_up(workshop, visitor(name), sent_from=HERE, by=VISITOR)
    made.signed_up_at = now() + timedelta(seconds=next(_second))
    return again(made)


def again(place: WorkshopPlace) -> WorkshopPlace:
    found = queries.place(place.id)
    assert found is not None
    return found


def owner() -> Business:
    found = business(BUSINESS)
    assert found is not None
    return found


def letters(db: Session) -> list[tuple[str, str]]:
    """Who was told what about a workshop."""
    query = select(Letter.kind, Letter.to_name).where(Letter.kind.like("workshop%"))
    return sorted((kind, name) for kind, name in db.execute(query))


def calendar_of(db: Session, kind: str, name: str) -> str:
    query = select(Letter.calendar).where(Letter.kind == kind, Letter.to_name == name)
    return db.scalars(query).one().replace("\r\n ", "")


def details(**fields: object) -> WorkshopDetails:
    begins = now() + timedelta(days=3)
    told = WorkshopDetails(
        "A title",
        "About",
        factories.support_kind().code,
        None,
        begins,
        begins + timedelta(hours=2),
        Channel.IN_PERSON,
        "A hall",
        10,
        6,
    )
    return replace(told, **fields)  # type: ignore[arg-type]


def test_when_all_places_are_taken_people_wait_and_the_first_moves_up(cast: Cast, db: Session) -> None:
    made = gatherings.workshop(seats=1)
    first, second, third = (seat(made, name) for name in ("ann", "ben", "cat"))
    assert [each.status for each in (first, second, third)] == ["taken", "waiting", "waiting"]
    seating.give_up_by_link(mint(Purpose.WORKSHOP, str(first.id)))
    assert [again(each).status for each in (first, second, third)] == ["given_up", "taken", "waiting"]
    assert letters(db) == [
        ("workshop_given_up", "ann"),
        ("workshop_place", "ann"),
        ("workshop_place", "ben"),
        ("workshop_waiting", "ben"),
        ("workshop_waiting", "cat"),
    ]


def test_whoever_waits_and_takes_their_name_off_moves_nobody_up(cast: Cast) -> None:
    made = gatherings.workshop(seats=1)
    _, second, third = (seat(made, name) for name in ("ann", "ben", "cat"))
    seating.give_up(second, reason="They cannot come", by=cast.adviser.actor)
    assert again(third).status is PlaceStatus.WAITING


def test_an_address_has_one_place_and_may_come_back_after_giving_it_up(cast: Cast) -> None:
    made = gatherings.workshop()
    first = seat(made, "ann")
    with pytest.raises(Invalid) as refusal:
        seating.sign_up_others(made, visitor("ann"), by=cast.adviser.actor)
    assert refusal.value.field == "email"
    seating.give_up(first, reason="They cannot come", by=cast.adviser.actor)
    assert seat(made, "ann").status is PlaceStatus.TAKEN


def test_a_stranger_cannot_tell_who_signed_up_and_whoever_did_gets_their_letter_again(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    made = gatherings.workshop(seats=1)
    seat(made, "ann")
    told = {"person_name": "A stranger", "business_name": "Made"}
    answers = [
        client.post(f"/workshops/{made.id}/sign-up", data=told | {"email": f"{name}@made.example"})
        for name in ("ann", "somebody-new")
    ]
    assert {(each.status_code, each.location) for each in answers} == {
        (303, f"/workshops/{made.id}/signed-up")
    }
    assert letters(db) == [
        ("workshop_place", "ann"),
        ("workshop_place", "ann"),
        ("workshop_waiting", "A stranger"),
    ]


@pytest.mark.parametrize("status", [WorkshopStatus.DRAFT, WorkshopStatus.HELD])
def test_nobody_signs_up_for_what_is_not_open(cast: Cast, status: WorkshopStatus) -> None:
    with pytest.raises(Conflict):
        seating.sign_up_others(gatherings.workshop(status), visitor("ann"), by=cast.adviser.actor)


def test_what_has_begun_is_closed_to_visitors_and_open_to_whoever_stands_at_the_door(cast: Cast) -> None:
    made = gatherings.workshop(**past())
    with pytest.raises(Conflict):
        seat(made, "ann")
    assert seating.sign_up_others(made, visitor("ann"), by=cast.adviser.actor).status is PlaceStatus.TAKEN


def test_so_many_an_hour_sign_up_from_one_place(cast: Cast) -> None:
    made = gatherings.workshop(seats=100)
    for number in range(SIGN_UPS_BY_ADDRESS.tries):
        seat(made, f"visitor{number}")
    with pytest.raises(TooMany):
        seat(made, "one-more")


def test_more_seats_go_to_those_who_wait_and_fewer_than_are_taken_are_refused(cast: Cast) -> None:
    made = gatherings.workshop(seats=1)
    places = [seat(made, name) for name in ("ann", "ben", "cat")]
    told = details(starts_at=made.starts_at, ends_at=made.ends_at, kind_code=made.kind_code)
    holding.change(made, replace(told, seats=2), version=None, by=cast.adviser.actor)
    assert [again(each).status for each in places] == ["taken", "taken", "waiting"]
    with pytest.raises(Invalid) as refusal:
        holding.change(made, replace(told, seats=1), version=None, by=cast.adviser.actor)
    assert refusal.value.field == "seats"


def test_a_new_time_is_told_to_whoever_has_a_place_and_the_end_of_it_to_everybody(
    cast: Cast, db: Session
) -> None:
    made = gatherings.workshop(seats=1)
    for name in ("ann", "ben"):
        seat(made, name)
    moved = details(seats=1, kind_code=made.kind_code)
    holding.change(made, moved, version=None, by=cast.adviser.actor)
    holding.cancel(made, reason="The speaker is ill", by=cast.adviser.actor)
    assert letters(db) == [
        ("workshop_cancelled", "ann"),
        ("workshop_cancelled", "ben"),
        ("workshop_changed", "ann"),
        ("workshop_moved", "ben"),
        ("workshop_place", "ann"),
        ("workshop_waiting", "ben"),
    ]
    assert "SEQUENCE:2" in calendar_of(db, "workshop_cancelled", "ann")
    query = select(Letter.calendar).where(Letter.kind == "workshop_cancelled", Letter.to_name == "ben")
    assert db.scalars(query).one() is None  # whoever waited has no entry to delete
    with pytest.raises(Conflict):
        seat(made, "cat")


def test_a23_hours_are_for_each_business_once_however_many_of_its_people_came(
    cast: Cast, db: Session
) -> None:
    made = gatherings.workshop(**past())
    came = [
        seating.sign_up_others(made, visitor(name, whose), by=cast.adviser.actor)
        for name, whose in (("ann", BUSINESS), ("ben", BUSINESS), ("cat", OTHER_BUSINESS), ("dan", None))
    ]
    missed = seating.sign_up_others(made, visitor("eve", BUSINESS), by=cast.adviser.actor)
    holding.hold(made, {each.id for each in came}, by=cast.adviser.actor)
    rows = {each.business_id: each.quarters for each in db.scalars(select(SupportHours))}
    assert rows == {BUSINESS: 6, OTHER_BUSINESS: 6}
    assert again(missed).status is PlaceStatus.ABSENT
    with pytest.raises(Conflict):
        holding.hold(made, {each.id for each in came}, by=cast.adviser.actor)


def test_hours_of_a_workshop_are_confirmed_like_any_others(cast: Cast, db: Session) -> None:
    made = gatherings.workshop(**past())
    place = seating.sign_up_others(made, visitor("ann", BUSINESS), by=cast.adviser.actor)
    holding.hold(made, {place.id}, by=cast.adviser.actor)
    factories.person(owner(), name="Ann", email="ann@made.example")
    counting.ask(owner(), Reader("ann@made.example", "Ann"), by=cast.adviser.actor)
    row = db.scalars(select(SupportHours)).one()
    counting.answer(owner(), HoursAnswer({row.id}, "Ann"), by=SYSTEM)
    assert (row.status, row.what) == ("confirmed", made.title)


def test_a_business_that_is_found_later_has_its_hours_then_and_not_twice(cast: Cast, db: Session) -> None:
    made = gatherings.workshop(**past())
    place = seating.sign_up_others(made, visitor("ann"), by=cast.adviser.actor)
    holding.hold(made, {place.id}, by=cast.adviser.actor)
    assert db.scalars(select(SupportHours)).all() == []
    for _ in range(2):
        seating.match(again(place), owner(), by=cast.adviser.actor)
    assert [each.business_id for each in db.scalars(select(SupportHours))] == [BUSINESS]


def test_somebody_who_came_after_all_is_put_right(cast: Cast, db: Session) -> None:
    made = gatherings.workshop(**past())
    place = seating.sign_up_others(made, visitor("ann", BUSINESS), by=cast.adviser.actor)
    with pytest.raises(Conflict):
        seating.attend(again(place), by=cast.adviser.actor)
    holding.hold(made, (), by=cast.adviser.actor)
    db.expire_all()
    seating.attend(again(place), by=cast.adviser.actor)
    assert [each.quarters for each in db.scalars(select(SupportHours))] == [6]


def test_a_workshop_without_hours_counts_none(cast: Cast, db: Session) -> None:
    made = gatherings.workshop(quarters=None, **past())
    place = seating.sign_up_others(made, visitor("ann", BUSINESS), by=cast.adviser.actor)
    holding.hold(made, {place.id}, by=cast.adviser.actor)
    assert db.scalars(select(SupportHours)).all() == []


def test_what_has_not_begun_was_not_held_and_what_has_begun_is_not_opened(cast: Cast) -> None:
    with pytest.raises(Conflict):
        holding.hold(gatherings.workshop(), (), by=cast.adviser.actor)
    with pytest.raises(Conflict):
        holding.open_(gatherings.workshop(WorkshopStatus.DRAFT, **past()), by=cast.adviser.actor)


def test_a_retired_kind_of_support_is_offered_to_no_new_workshop(cast: Cast) -> None:
    kind = factories.support_kind(retired_on=now().date())
    with pytest.raises(Invalid) as refusal:
        holding.plan(details(kind_code=kind.code), by=cast.adviser.actor)
    assert refusal.value.field == "kind_code"


def test_a_draft_is_not_there_for_visitors(cast: Cast, client: ConformingClient) -> None:
    made = gatherings.workshop(WorkshopStatus.DRAFT)
    assert client.get(f"/workshops/{made.id}").status_code == 404
    assert made.title not in client.get("/workshops").text
    client.sign_in(cast.adviser)
    assert made.title in client.get("/workshops").text


def test_a_visitor_signs_up_looks_and_gives_the_place_up(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    made = gatherings.workshop(channel=Channel.VIDEO, place="https://call.example/secret")
    page = f"/workshops/{made.id}"
    assert "call.example" not in client.get(page).text  # the link is for whoever has a place
    assert client.post(f"{page}/sign-up", data={"person_name": "Ann"}).status_code == 422
    told = {"person_name": "Ann", "email": "Ann@made.example", "business_name": "R&D <10>"}
    assert client.post(f"{page}/sign-up", data=told | {"website": "spam"}).status_code == 422
    assert db.scalars(select(WorkshopPlace)).all() == []
    for _ in range(2):
        assert client.post(f"{page}/sign-up", data=told).status_code == 303
    assert client.get(f"{page}/signed-up").status_code == 200
    place = db.scalars(select(WorkshopPlace)).one()
    assert (place.email, place.business_name, place.business_id) == ("ann@made.example", "R&D <10>", None)
    link = f"/links/workshop/{mint(Purpose.WORKSHOP, str(place.id))}"
    assert "call.example" in client.get(link).text
    assert client.post(link).status_code == 303
    assert client.post(link).status_code == 409
    db.expire_all()
    assert again(place).status is PlaceStatus.GIVEN_UP
    assert client.get("/links/workshop/nonsense").status_code == 404


def test_a_founder_comes_from_their_own_business(cast: Cast, client: ConformingClient, db: Session) -> None:
    made = gatherings.workshop()
    client.sign_in(cast.founder)
    page = f"/workshops/{made.id}/sign-up"
    assert owner().name in client.get(page).text
    told = {"person_name": "Ann", "email": "ann@made.example"}
    assert client.post(page, data=told | {"business": str(OTHER_BUSINESS)}).status_code == 422
    assert client.post(page, data=told | {"business": str(BUSINESS)}).status_code == 303
    assert db.scalars(select(WorkshopPlace.business_id)).one() == BUSINESS


def test_staff_plan_open_sign_up_hold_and_match(cast: Cast, client: ConformingClient, db: Session) -> None:
    client.sign_in(cast.adviser)
    kind, day = factories.support_kind(), now() + timedelta(days=2)
    typed = {
        "title": "Rights",
        "about": "What is yours",
        "kind_code": kind.code,
        "channel": "in_person",
        "place": "A",
    }
    typed |= {
        "day-day": str(day.day),
        "day-month": str(day.month),
        "day-year": str(day.year),
        "hour": "10:00",
    }
    typed |= {"minutes": "90", "seats": "5", "quarters": "1.5", "hub": ""}
    assert client.post("/workshops/new", data=typed | {"seats": "none"}).status_code == 422
    page = client.post("/workshops/new", data=typed).location
    assert client.post(f"{page}/open").status_code == 303
    assert client.post(f"{page}/open").status_code == 409
    guest = {"person_name": "Ann", "email": "ann@made.example", "business_name": owner().name}
    assert client.post(f"{page}/places/new", data=guest).status_code == 303
    assert client.post(f"{page}/cancel", data={"reason": ""}).status_code == 422
    assert client.post(f"{page}/hold", data={}).status_code == 409
    made = db.scalars(select(Workshop)).one()
    made.starts_at, made.ends_at = past()["starts_at"], past()["ends_at"]
    place = db.scalars(select(WorkshopPlace)).one()
    db.flush()
    assert "Record who came" in client.get("/desk").text
    assert (
        client.post(f"{page}/hold", data={"came": str(place.id), "shown": str(place.id)}).status_code == 303
    )
    index(owner())
    match = f"/workshop-places/{place.id}/match"
    assert owner().name in client.get(match).text
    assert "You can see no business with this name" in client.get(f"{match}?q=zzzzzz").text
    assert client.post(match, data={"business_id": str(BUSINESS)}).status_code == 303
    assert owner().name in client.get(f"{page}/places").text
    assert "signed up for Rights" in client.get(f"/businesses/{BUSINESS}").text


def test_a_link_to_a_place_that_is_not_there_is_dead(cast: Cast) -> None:
    with pytest.raises(NotFound):
        seating.place_behind(mint(Purpose.WORKSHOP, str(factories.business().id)))


def test_a34_nobody_is_matched_with_an_archived_business(cast: Cast) -> None:
    place = seating.sign_up_others(gatherings.workshop(), visitor("ann"), by=cast.adviser.actor)
    found = owner()
    found._status, found.archived_reason = BusinessStatus.ARCHIVED, "Closed down"
    with pytest.raises(Conflict):
        seating.match(again(place), found, by=cast.adviser.actor)
