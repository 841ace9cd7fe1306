"""Appointments: one at a time, with an invitation that follows each change, held by one conversation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import pytest
from icalendar import Calendar
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.businesses.models import Business, Person
from crm.businesses.workflow import BusinessStatus
from crm.casework.models import Conversation, SupportHours
from crm.casework.service.conversing import ConversationDetails
from crm.casework.workflow import Channel
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict, Invalid
from crm.meetings import queries
from crm.meetings.models import Appointment
from crm.meetings.service import arranging
from crm.meetings.service.arranging import AppointmentDetails
from crm.meetings.workflow import AppointmentStatus
from crm.notices.models import Letter
from crm.notices.rules import envelope, word
from tests import factories, gatherings
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient, errors_of

HOUR = timedelta(hours=1)


@pytest.fixture
def reader(owner: Business) -> Person:
    return factories.person(owner, name="Robin Made", email="robin@made.example")


@pytest.fixture
def details(cast: Cast, reader: Person) -> AppointmentDetails:
    assert cast.adviser.id is not None
    begins = now() + timedelta(days=2)
    return AppointmentDetails(
        reader.id, cast.adviser.id, "The plan", begins, begins + HOUR, Channel.VIDEO, "A video call"
    )


def events(db: Session) -> list[tuple[int, str, str, str, datetime]]:
    """The letters that carry an event, by its sequence: kind, reader, method and beginning."""
    found = []
    for letter in db.scalars(select(Letter).where(Letter.calendar.is_not(None))):
        calendar = Calendar.from_ical(letter.calendar or "")
        (event,) = calendar.walk("VEVENT")
        begins = event["DTSTART"].dt.astimezone(UTC)
        told = (letter.kind, letter.to_address, str(calendar["METHOD"]), begins)
        found.append((int(event["SEQUENCE"]), *told))
    return sorted(found)


def whole(made: Appointment) -> Appointment:
    found = queries.appointment(made.id)
    assert found is not None
    return found


def test_an_appointment_by_telephone_says_the_number_that_is_rung_and_needs_one(
    client: ConformingClient, cast: Cast, db: Session, owner: Business, details: AppointmentDetails
) -> None:
    reader = db.get_one(Person, details.person_id)
    ringing = replace(details, channel=Channel.TELEPHONE, place="I ring you")
    reader.phone = None
    with pytest.raises(Invalid, match="we have no telephone number of Robin Made"):
        arranging.arrange(owner, ringing, by=cast.adviser.actor)
    reader.phone = "0121 496 0001"
    arranging.arrange(owner, ringing, by=cast.adviser.actor)
    (letter,) = db.scalars(select(Letter).where(Letter.kind == "appointment"))
    given = {"to_name": "Robin", "base_url": "https://crm", "service_name": "CRM"}
    text = word(letter.kind, letter.context | given).text
    assert "By telephone: I ring you (your number: 0121 496 0001)" in text
    assert "0121 496 0001" in (letter.calendar or "")


def test_whoever_is_met_gets_the_date_for_their_calendar_and_each_change_of_it(
    cast: Cast, db: Session, owner: Business, details: AppointmentDetails
) -> None:
    made = arranging.arrange(owner, details, by=cast.adviser.actor)
    later = replace(details, starts_at=details.starts_at + HOUR, ends_at=details.ends_at + HOUR)
    arranging.change(made, later, version=made.version, by=cast.adviser.actor)
    arranging.change(made, later, version=made.version, by=cast.adviser.actor)
    arranging.cancel(made, reason="Somebody is ill", by=cast.adviser.actor)
    beginning, moved = (each.starts_at.replace(microsecond=0) for each in (details, later))
    assert events(db) == [
        (0, "appointment", "robin@made.example", "REQUEST", beginning),
        (1, "appointment_changed", "robin@made.example", "REQUEST", moved),
        (2, "appointment_cancelled", "robin@made.example", "CANCEL", moved),
    ]


def test_somebody_else_is_invited_and_the_first_reader_told_that_it_is_off(
    cast: Cast, db: Session, owner: Business, details: AppointmentDetails
) -> None:
    made = arranging.arrange(owner, details, by=cast.adviser.actor)
    other = factories.person(owner, email="else@made.example")
    arranging.change(made, replace(details, person_id=other.id), version=None, by=cast.adviser.actor)
    assert [each[1:4] for each in events(db)][1:] == [
        ("appointment", "else@made.example", "REQUEST"),
        ("appointment_cancelled", "robin@made.example", "CANCEL"),
    ]


def test_a_letter_carries_the_file_as_a_calendar_reads_it(
    cast: Cast, db: Session, owner: Business, details: AppointmentDetails
) -> None:
    arranging.arrange(owner, details, by=cast.adviser.actor)
    letter = db.scalars(select(Letter).where(Letter.kind == "appointment")).one()
    known = {**letter.context, "to_name": "Robin", "service_name": "The service", "base_url": "", "link": ""}
    message: EmailMessage = envelope(
        word("appointment", known),
        message_id=letter.message_id,
        sender=("The service", "no-reply@hub.example"),
        to=("Robin", letter.to_address),
        reply_to=letter.reply_to,
        calendar=letter.calendar,
    )
    (file,) = message.iter_attachments()
    assert (file.get_content_type(), file.get_filename()) == ("text/calendar", "invitation.ics")
    assert file.get_param("method") == "REQUEST"
    assert Calendar.from_ical(file.get_content()).walk("VEVENT")


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("day", lambda told: replace(told, starts_at=now() - HOUR, ends_at=now())),
        ("person", lambda told: replace(told, person_id=uuid4())),
        ("adviser", lambda told: replace(told, adviser_id=uuid4())),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    cast: Cast, owner: Business, details: AppointmentDetails, field: str, changed: Any
) -> None:
    with pytest.raises(Invalid) as refusal:
        arranging.arrange(owner, changed(details), by=cast.adviser.actor)
    assert refusal.value.field == field


def test_an_adviser_is_in_one_place_at_a_time_and_told_whom_they_meet(
    cast: Cast, owner: Business, details: AppointmentDetails
) -> None:
    arranging.arrange(owner, details, by=cast.adviser.actor)
    half = timedelta(minutes=30)
    for shift in (half, -half, timedelta(0)):
        moved = replace(details, starts_at=details.starts_at + shift, ends_at=details.ends_at + shift)
        with pytest.raises(Invalid, match=owner.name) as refusal:
            arranging.arrange(owner, moved, by=cast.adviser.actor)
        assert refusal.value.field == "hour"
    after = replace(details, starts_at=details.ends_at, ends_at=details.ends_at + HOUR)
    arranging.arrange(owner, after, by=cast.adviser.actor)


def test_a34_nothing_is_arranged_with_an_archived_business(
    cast: Cast, owner: Business, details: AppointmentDetails
) -> None:
    owner._status, owner.archived_reason = BusinessStatus.ARCHIVED, "Closed down"
    with pytest.raises(Conflict):
        arranging.arrange(owner, details, by=cast.administrator.actor)


def test_it_is_held_by_one_conversation_whose_hours_wait_for_the_business(
    cast: Cast, db: Session, owner: Business, details: AppointmentDetails, clock: Any
) -> None:
    times = {"starts_at": now() + timedelta(hours=1), "ends_at": now() + timedelta(hours=2)}
    made = arranging.arrange(owner, replace(details, **times), by=cast.adviser.actor)
    clock.shift(timedelta(hours=1))
    talk = ConversationDetails(
        happened_on=today(),
        subject="The plan",
        people=(details.person_id,),
        advisers=(details.adviser_id,),
        channel=Channel.VIDEO,
        kind_code=factories.support_kind().code,
        quarters=4,
    )
    arranging.hold(made, talk, by=cast.adviser.actor)
    assert whole(made).status is AppointmentStatus.HELD
    with pytest.raises(Conflict):
        arranging.hold(made, talk, by=cast.adviser.actor)
    counts = [db.scalar(select(func.count()).select_from(each)) for each in (Conversation, SupportHours)]
    assert counts == [1, 1]


def test_a_change_of_what_was_seen_before_somebody_elses_is_refused(
    cast: Cast, owner: Business, details: AppointmentDetails
) -> None:
    made = arranging.arrange(owner, details, by=cast.adviser.actor)
    with pytest.raises(Conflict):
        arranging.change(made, details, version=made.version + 1, by=cast.adviser.actor)
    arranging.cancel(made, reason="Off", by=cast.adviser.actor)
    with pytest.raises(Conflict):
        arranging.change(made, details, version=None, by=cast.adviser.actor)


def form(day: date, **fields: str) -> dict[str, str]:
    typed = {"day-day": str(day.day), "day-month": str(day.month), "day-year": str(day.year)}
    return (
        typed
        | {"hour": "2.30pm", "minutes": "45", "subject": "R&D", "channel": "video", "place": "A call"}
        | fields
    )


def test_the_pages_arrange_show_move_call_off_and_hold(
    cast: Cast, client: ConformingClient, owner: Business, reader: Person, db: Session
) -> None:
    client.sign_in(cast.adviser)
    page, tomorrow = f"/businesses/{BUSINESS}/appointments/new", today() + timedelta(days=1)
    who = {"person": str(reader.id), "adviser": str(cast.adviser.id)}
    lacking = client.post(page, data=form(tomorrow, **who, hour="soon"))
    assert lacking.status_code == 422
    assert "soon" in lacking.text
    made = client.post(page, data=form(tomorrow, **who))
    assert made.status_code == 303
    shown = client.get(made.location).text
    assert "2:30pm, 45 minutes" in shown
    assert "R&amp;D" in client.get(f"/businesses/{BUSINESS}").text
    assert "R&amp;D" in client.get("/desk").text
    calendar = client.get(f"{made.location}/calendar")
    assert calendar.mimetype == "text/calendar"
    queued = select(func.count()).select_from(Letter)
    before = db.scalar(queued)
    same = client.post(f"{made.location}/change", data=form(tomorrow, **who))
    assert same.status_code == 422
    assert "Nothing was changed, so we have not emailed anyone." in same.text
    assert db.scalar(queued) == before
    assert client.post(f"{made.location}/change", data=form(tomorrow, **who, hour="16:00")).status_code == 303
    told = db.scalars(select(Letter).where(Letter.kind == "appointment_changed")).one().context["changed"]
    assert [name for name, _, _ in told] == ["When", "Until"]
    assert client.post(f"{made.location}/cancel", data={"reason": " "}).status_code == 422
    assert client.post(f"{made.location}/cancel", data={"reason": "Ill"}).status_code == 303
    assert "Ill" in client.get(made.location).text
    assert client.get(f"{made.location}/hold").status_code == 409


def test_a_founder_sees_what_is_arranged_with_them_and_a_stranger_nothing(
    cast: Cast, client: ConformingClient, owner: Business
) -> None:
    made = gatherings.appointment(owner)
    client.sign_in(cast.founder)
    assert made.subject in client.get("/desk").text
    assert made.subject in client.get(f"/appointments/{made.id}").text
    client.sign_in(cast.other_founder)
    assert client.get(f"/appointments/{made.id}").status_code == 404
    assert client.get(f"/appointments/{made.id}/calendar").status_code == 404


def test_all_that_is_wrong_with_an_appointment_is_said_at_once_and_down_the_page_and_an_odd_time_is_asked_about(
    client: ConformingClient, cast: Cast, owner: Business, reader: Person
) -> None:
    client.sign_in(cast.adviser)
    where = f"/businesses/{owner.id}/appointments/new"
    told = {
        "person": str(reader.id),
        "adviser": str(cast.adviser.id),
        "subject": "Rights",
        "channel": "video",
    }
    past = {"day-day": "1", "day-month": "11", "day-year": "2026", "hour": "10:00", "minutes": "60"}
    refused = client.post(where, data=told | past)
    assert errors_of(refused) == [
        "Choose a time that is still to come",
        "Say where: an address, a number or a link",
    ]
    odd = told | {"place": "https://made.example", "hour": "3:00", "minutes": "600"}
    odd |= {"day-day": "25", "day-month": "12", "day-year": "2026"}
    asked = client.post(where, data=odd)
    doubt = "25 December 2026 is a bank holiday, it begins at 3am and it takes 600 minutes"
    assert errors_of(asked) == [f"{doubt}. Tick the box if that is right"]
    assert 'name="is_meant"' in asked.text
    assert client.post(where, data=odd | {"is_meant": "y"}).status_code == 303
