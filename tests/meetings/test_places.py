"""Places that are given up, moved and noted: told to calendars, asked again after a move, and only as the page showed."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.kernel.clock import now
from crm.links.rules import Purpose
from crm.links.service import mint
from crm.meetings import queries
from crm.meetings.service import holding, seating
from crm.meetings.workflow import PlaceStatus
from crm.notices.models import Letter
from crm.notices.service import Post, _taken
from tests import gatherings
from tests.cast import Cast
from tests.client import ConformingClient
from tests.meetings.test_workshops import again, calendar_of, details, letters, past, seat


def test_n33_giving_up_a_place_takes_the_entry_out_of_the_calendar_and_waiting_had_none(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    made = gatherings.workshop(seats=1, created_by_id=cast.adviser.id)
    first, second = seat(made, "ann"), seat(made, "ben")
    client.sign_in(cast.adviser)
    assert client.post(f"/workshop-places/{second.id}/give-up", data={"reason": "Ill"}).status_code == 303
    assert client.post(f"/workshop-places/{first.id}/give-up", data={"reason": "Ill"}).status_code == 303
    invited, off = calendar_of(db, "workshop_place", "ann"), calendar_of(db, "workshop_taken_off", "ann")
    assert "METHOD:REQUEST" in invited
    assert "mailto:ann@made.example" in invited.lower()
    assert "METHOD:CANCEL" in off
    uid = re.search("UID:(.*)", invited)
    assert uid
    assert uid[0].strip() in off
    query = select(Letter.calendar).where(Letter.kind == "workshop_taken_off", Letter.to_name == "ben")
    assert db.scalars(query).one() is None


def test_n33_whoever_comes_back_gets_an_entry_of_its_own(cast: Cast, db: Session) -> None:
    made = gatherings.workshop(created_by_id=cast.adviser.id)
    seating.give_up(seat(made, "ann"), reason="They cannot come", by=cast.adviser.actor)
    seat(made, "ann")
    query = select(Letter.calendar).where(Letter.kind == "workshop_place", Letter.to_name == "ann")
    files = db.scalars(query).all()
    assert len({re.search("UID:(.*)", each or "")[0] for each in files}) == 2  # type: ignore[index]


def test_n33_those_who_wait_are_told_of_a_move_and_asked_before_they_are_seated_on_the_new_day(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    made = gatherings.workshop(seats=1, created_by_id=cast.adviser.id)
    first, second, third = (seat(made, name) for name in ("ann", "ben", "cat"))
    begins = made.starts_at + timedelta(days=7)
    moved = details(
        kind_code=made.kind_code,
        seats=2,
        starts_at=begins,
        ends_at=begins + timedelta(hours=2),
        title=made.title,
    )
    holding.change(made, moved, version=None, by=cast.adviser.actor)
    assert [each for each in letters(db) if each[0] == "workshop_moved"] == [
        ("workshop_moved", "ben"),
        ("workshop_moved", "cat"),
    ]
    assert db.scalars(select(Letter.calendar).where(Letter.kind == "workshop_moved")).all() == [None, None]
    assert again(second).status is PlaceStatus.WAITING
    token = mint(Purpose.WORKSHOP, str(third.id))
    assert "Would you still like a place?" in client.get(f"/links/workshop/{token}").text
    assert client.post(f"/links/workshop/{token}/stay").status_code == 303
    db.expire_all()
    assert again(third).status is PlaceStatus.TAKEN
    seated = client.get(f"/links/workshop/{token}").text
    assert "Would you still like a place?" not in seated
    assert "if one is free" not in seated
    assert client.post(f"/links/workshop/{token}/stay").status_code == 409
    seating.give_up(again(first), reason="They cannot come", by=cast.adviser.actor)
    assert again(second).status is PlaceStatus.WAITING
    seating.stay_by_link(mint(Purpose.WORKSHOP, str(second.id)))
    assert again(second).status is PlaceStatus.TAKEN


def test_k15_a_free_place_whose_next_in_line_did_not_answer_the_new_time_is_on_the_desk(
    client: ConformingClient, cast: Cast
) -> None:
    made = gatherings.workshop(seats=1, created_by_id=cast.adviser.id)
    waits = gatherings.place(made, _status=PlaceStatus.WAITING, agreed_to=made.starts_at - timedelta(days=1))
    client.sign_in(cast.adviser)
    said = "A place is free: ask 1 person who did not answer the new time"
    assert said in client.get("/desk").text
    page = client.get(f"/workshops/{made.id}/places").text
    assert "1 place free of 1." in page
    assert "Has not answered about the new time" in page
    seating.stay_by_link(mint(Purpose.WORKSHOP, str(waits.id)))
    assert said not in client.get("/desk").text


def test_n33_a_change_of_the_place_is_a_request_with_a_higher_sequence_for_the_same_entry(
    cast: Cast, db: Session
) -> None:
    made = gatherings.workshop(created_by_id=cast.adviser.id)
    seat(made, "ann")
    kept = {name: getattr(made, name) for name in ("kind_code", "starts_at", "ends_at", "title")}
    holding.change(made, details(**kept, place="Another hall"), version=None, by=cast.adviser.actor)
    before, after = calendar_of(db, "workshop_place", "ann"), calendar_of(db, "workshop_changed", "ann")
    assert "METHOD:REQUEST" in after
    assert ("SEQUENCE:0" in before, "SEQUENCE:1" in after) == (True, True)
    assert "ATTENDEE" in after
    assert re.search("UID:(.*)", before)[0] == re.search("UID:(.*)", after)[0]  # type: ignore[index]


def test_k4_whoever_signed_up_after_the_page_was_opened_is_not_noted_as_absent(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    made = gatherings.workshop(**past())
    first = gatherings.place(made, person_name="Ann", _status=PlaceStatus.TAKEN)
    client.sign_in(cast.adviser)
    where = f"/workshops/{made.id}/hold"
    found = re.search('name="shown" value="([^"]*)"', client.get(where).text)
    assert found
    told = {"came": [str(first.id)], "shown": found[1]}
    later = gatherings.place(made, person_name="Ben", _status=PlaceStatus.TAKEN)
    refused = client.post(where, data=told)
    assert refused.status_code == 409
    assert "Ben signed up" in refused.text
    assert again(later).status is PlaceStatus.TAKEN
    assert client.post(where, data=told | {"shown": f"{found[1]} {later.id}"}).status_code == 303
    db.expire_all()
    assert again(later).status is PlaceStatus.ABSENT


def test_k27_no_letter_about_a_place_says_the_name_that_a_stranger_typed(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    made = gatherings.workshop(seats=1, created_by_id=cast.adviser.id)
    words = "YOUR GRANT OF 5000 IS APPROVED pay at https://evil.example/x"
    for name in ("ann", "ben"):
        told = {"person_name": words, "business_name": words, "email": f"{name}@made.example"}
        assert client.post(f"/workshops/{made.id}/sign-up", data=told).status_code == 303
    holding.change(made, details(seats=1, kind_code=made.kind_code), version=None, by=cast.adviser.actor)
    ann, ben = (queries.place_of(made.id, f"{name}@made.example") for name in ("ann", "ben"))
    assert ann
    assert ben
    client.sign_in(cast.adviser)
    off = f"/workshop-places/{ann.id}/give-up"
    assert "Why?" in client.get(off).text
    assert client.post(off, data={"reason": " "}).status_code == 422
    assert client.post(off, data={"reason": "The room is too small"}).status_code == 303
    seating.stay_by_link(mint(Purpose.WORKSHOP, str(ben.id)))
    seating.give_up_by_link(mint(Purpose.WORKSHOP, str(ben.id)))
    kinds = {kind for kind, _ in letters(db)}
    assert {"workshop_moved", "workshop_changed", "workshop_taken_off", "workshop_given_up"} <= kinds
    for each in db.scalars(select(Letter).where(Letter.kind.like("workshop%"))):
        sent = _taken(each, Post(None, ("Growth", "us@growth.example"), "https://growth.example"))  # type: ignore[arg-type]
        whole = f"{sent.message} {sent.message.get_body().get_content()} {each.calendar}"
        assert "GRANT" not in whole.upper().replace("\r\n ", ""), each.kind
        assert "evil" not in whole, each.kind
        assert sent.message["To"].addresses[0].display_name == ""
        if each.kind == "workshop_taken_off":
            assert f"{cast.adviser.actor.name} cancelled your place in" in whole
            assert "The room is too small" in whole


def test_k9_what_is_said_of_a_change_is_whom_we_told_and_k20_hours_fit_the_workshop(
    cast: Cast, client: ConformingClient
) -> None:
    made = gatherings.workshop(seats=5, created_by_id=cast.adviser.id)
    client.sign_in(cast.adviser)
    where = f"/workshops/{made.id}/change"
    told = {"title": "New title", "about": "Money", "kind_code": made.kind_code, "channel": "in_person"}
    told |= {"place": "A hall", "seats": "5", "hour": "10:00", "minutes": "60", "quarters": "24"}
    day = (now() + timedelta(days=9)).date()
    told |= {"day-day": str(day.day), "day-month": str(day.month), "day-year": str(day.year)}
    refused = client.post(where, data=told)
    assert refused.status_code == 422
    assert "The workshop takes 1 hour: each business can have that at most" in refused.text
    page = client.get(client.post(where, data=told | {"quarters": "1"}).location).text
    assert "Workshop changed." in page
    assert "We have emailed" not in page
    seat(made, "ann")
    page = client.get(client.post(where, data=told | {"quarters": "1", "title": "Newer"}).location).text
    assert "Workshop changed. We have emailed the person who signed up." in page


def test_k33_who_waits_reads_at_which_number_leaves_the_list_and_can_sign_up_again(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    made = gatherings.workshop(seats=1, created_by_id=cast.adviser.id)
    _, second = (seat(made, name) for name in ("ann", "ben"))
    where = f"/links/workshop/{mint(Purpose.WORKSHOP, str(second.id))}"
    page = client.get(where).text
    assert "On the waiting list: number 1" in page
    assert "Leave the waiting list" in page
    assert "Give up my place" not in page
    assert client.post(where).status_code == 303
    db.expire_all()
    page = client.get(where).text
    assert f'href="/workshops/{made.id}/sign-up"' in page
    log = client.sign_in(cast.administrator).get("/audit?person=ben").text
    assert "The system, or a visitor" not in log
    assert "gave up" in log
