"""A person complains about how their personal data was handled; it is acknowledged in time, and answered."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.audit.queries import entries_about
from crm.complaints import service
from crm.complaints.models import Complaint
from crm.complaints.rules import FIRST_DAY, day_number, days_of
from crm.complaints.service import Told
from crm.complaints.views import to_acknowledge, to_answer
from crm.complaints.workflow import Act, Channel, ComplaintStatus
from crm.kernel.clock import today
from crm.kernel.errors import Conflict, Invalid
from crm.notices.models import Letter
from crm.notices.rules import word
from crm.throttles.rules import COMPLAINTS_BY_ADDRESS
from tests.cast import Cast
from tests.client import ConformingClient
from tests.rules.complaint_samples import a_complaint

LONDON = ZoneInfo("Europe/London")
SENT = {
    "name": "Ann Reader",
    "email": "Ann@Reader.example",
    "said": "My notes were read aloud\nin an open office",
    "wanted": "Use a room with a door",
}
CAME = {
    "channel": "letter",
    "received_on-day": "20",
    "received_on-month": "11",
    "received_on-year": "2026",
    "name": "Percy Vane",
    "contact": "4 Made Row, Walsall",
    "said": "I am still on your list",
}
OURS = {"service_name": "Growth", "base_url": "https://growth.example", "to_name": "Ann"}


def only(db: Session) -> Complaint:
    db.expire_all()
    return db.scalars(select(Complaint)).one()


def letters(db: Session, kind: str) -> list[Letter]:
    return list(db.scalars(select(Letter).where(Letter.kind == kind)))


def worded(letter: Letter) -> str:
    said = word(letter.kind, {**letter.context, **OURS})
    return f"{said.subject}\n{said.text}"


def test_n53_a_person_complains_by_the_form_that_the_privacy_notice_links_to(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    assert 'href="/privacy/complain"' in client.get("/privacy").text
    assert client.get("/privacy/complain").status_code == 200
    sent = client.post("/privacy/complain", data=SENT)
    assert sent.status_code == 303
    assert "We have your complaint" in client.get(sent.headers["Location"]).text

    made = only(db)
    assert (made.status, made.channel, made.email) == (
        ComplaintStatus.OPEN,
        Channel.FORM,
        "ann@reader.example",
    )
    assert (made.received_on, made.alert_on, made.due_on) == (
        date(2026, 11, 24),
        date(2026, 12, 13),
        date(2026, 12, 23),
    )
    [letter] = letters(db, "complaint_received")
    assert made.reference in worded(letter)
    assert "23 December 2026" in worded(letter)
    assert "notes" not in worded(letter)


@pytest.mark.parametrize("lacking", ["name", "email", "said"])
def test_n53_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(
    lacking: str, client: ConformingClient, cast: Cast, db: Session
) -> None:
    page = client.post("/privacy/complain", data=SENT | {lacking: ""})
    assert page.status_code == 422
    assert f'href="#{lacking}"' in page.text
    assert "Use a room with a door" in page.text
    assert db.scalar(select(Complaint.id)) is None


def test_n53_what_a_program_fills_in_is_no_complaint(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    assert client.post("/privacy/complain", data=SENT | {"website": "x"}).status_code == 422
    assert db.scalar(select(Complaint.id)) is None


def test_n53_complaints_from_one_network_are_limited(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    statuses = [
        client.post(
            "/privacy/complain",
            data=SENT | {"said": f"It happened {at} times", "email": f"a{at}@made.example"},
        ).status_code
        for at in range(COMPLAINTS_BY_ADDRESS.tries + 1)
    ]
    assert statuses == [303] * COMPLAINTS_BY_ADDRESS.tries + [429]


def test_n53_staff_record_one_that_came_by_letter_and_its_days_run_from_the_day_it_came(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    client.sign_in(cast.administrator)
    assert 'href="/complaints/record"' in client.get("/complaints").text
    assert client.get("/complaints/record").status_code == 200
    sent = client.post("/complaints/record", data=CAME)
    assert sent.status_code == 303

    made = only(db)
    assert (made.received_on, made.due_on) == (date(2026, 11, 20), date(2026, 12, 19))
    page = client.get(sent.headers["Location"]).text
    assert "There is no email address. Send this to 4 Made Row, Walsall." in page
    assert "right to complain to the Information Commissioner" in page
    client.post(f"/complaints/{made.id}/acknowledge")
    assert only(db).status is ComplaintStatus.ACKNOWLEDGED
    assert letters(db, "complaint_acknowledged") == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"received_on-day": "25"}, "received_on"),
        ({"received_on-day": "24", "received_on-month": "5", "received_on-year": "2018"}, "received_on"),
        ({"contact": ""}, "contact"),
        ({"channel": ""}, "channel"),
        ({"channel": "form"}, "channel"),
    ],
)
def test_n53_a_complaint_that_cannot_be_dated_or_answered_is_refused_at_its_field(
    typed: dict[str, str], field: str, client: ConformingClient, cast: Cast, db: Session
) -> None:
    page = client.sign_in(cast.administrator).post("/complaints/record", data=CAME | typed)
    assert page.status_code == 422
    assert f'href="#{field}' in page.text
    assert "I am still on your list" in page.text
    assert db.scalar(select(Complaint.id)) is None


def test_n53_the_verb_refuses_the_same_as_the_form(cast: Cast, db: Session) -> None:
    told = Told("Percy Vane", "I am on your list", contact="4 Made Row")
    by = cast.administrator.actor
    for day in (today() + timedelta(days=1), FIRST_DAY - timedelta(days=1)):
        with pytest.raises(Invalid, match="The date must be from 25 May 2018 to today"):
            service.record(told, Channel.LETTER, received_on=day, by=by)
    with pytest.raises(Invalid, match="Enter an email address"):
        service.record(Told("Percy Vane", "I am on your list"), Channel.LETTER, received_on=today(), by=by)
    assert service.record(told, Channel.LETTER, received_on=FIRST_DAY, by=by).received_on == FIRST_DAY


def test_n53_an_administrator_acknowledges_and_answers_each_once(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = a_complaint()
    where = f"/complaints/{found.id}"
    client.sign_in(cast.administrator)
    assert "Send acknowledgement" in client.get(where).text
    assert client.post(f"{where}/acknowledge").status_code == 303
    assert client.post(f"{where}/acknowledge").status_code in (303, 409)
    [letter] = letters(db, "complaint_acknowledged")
    for words in (found.reference, "24 November 2026", "What happens next", "Information Commissioner"):
        assert words in worded(letter)

    assert "Send answer" in client.get(where).text
    nothing = client.post(f"{where}/answer", data={"answer": " "})
    assert nothing.status_code == 422
    assert 'href="#answer"' in nothing.text
    told = {"answer": "You were right.\nWe now use a room with a door."}
    assert client.post(f"{where}/answer", data=told).status_code == 303
    assert client.post(f"{where}/answer", data=told).status_code in (303, 409)
    [letter] = letters(db, "complaint_answered")
    assert "You were right.\nWe now use a room with a door." in worded(letter)
    assert "Information Commissioner" in worded(letter)
    assert only(db).status is ComplaintStatus.ANSWERED
    page = client.get(where).text
    assert "We now use a room with a door." in page
    assert "Emails about this complaint (2)" in page


def test_n53_the_verbs_do_nothing_a_second_time_or_out_of_order(cast: Cast, db: Session) -> None:
    found, by = a_complaint(), cast.administrator.actor
    with pytest.raises(Conflict):
        service.answer(found, "Too early", by=by)
    service.acknowledge(found, by=by)
    with pytest.raises(Conflict):
        service.acknowledge(found, by=by)
    service.answer(found, "You were right", by=by)
    with pytest.raises(Conflict):
        service.answer(found, "You were wrong", by=by)
    assert (found.answer, len(letters(db, "complaint_answered"))) == ("You were right", 1)


def test_n53_an_auditor_reads_and_others_do_not_know_of_it(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = a_complaint()
    client.sign_in(cast.auditor)
    assert found.reference in client.get("/complaints").text
    page = client.get(f"/complaints/{found.id}").text
    assert "My notes were read aloud" in page
    assert "Send acknowledgement" not in page
    assert client.post(f"/complaints/{found.id}/acknowledge").status_code == 403
    for other in (cast.hub_manager, cast.founder):
        client.sign_in(other)
        assert client.get(f"/complaints/{found.id}").status_code == 404


def test_n53_each_list_shows_its_own_complaints_and_how_many(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    by = cast.administrator.actor
    late, new, read, done = (
        a_complaint(received_on=today() - timedelta(days=days)) for days in (30, 1, 2, 3)
    )
    for each in (read, done):
        service.acknowledge(each, by=by)
    service.answer(done, "You were right", by=by)
    wanted = {
        "": (late, new, read),
        "acknowledge": (late, new),
        "late": (late,),
        "answer": (read,),
        "answered": (done,),
        "all": (late, new, read, done),
    }
    client.sign_in(cast.administrator)
    for show, rows in wanted.items():
        page = client.get(f"/complaints?show={show}").text
        assert {each for each in (late, new, read, done) if each.reference in page} == set(rows), show
        assert f"{len(rows)} complaint" in page


@pytest.mark.parametrize(
    ("number", "day"), [(1, date(2026, 10, 10)), (20, date(2026, 10, 29)), (30, date(2026, 11, 8))]
)
def test_n53_the_day_on_which_it_came_is_the_first_also_where_the_clocks_change(
    number: int, day: date
) -> None:
    assert day_number(date(2026, 10, 10), number) == day


def test_n53_the_alert_never_comes_after_the_last_day() -> None:
    found = days_of(date(2026, 11, 1), alert=40, acknowledge=30)
    assert found.alert_on == found.due_on == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("came", "day_20", "day_30"),
    [
        # Half an hour after midnight in London's summer, while it is still the day before in UTC.
        (datetime(2026, 10, 10, 0, 30, tzinfo=LONDON), date(2026, 10, 29), date(2026, 11, 8)),
        # The night on which the clocks go forward.
        (datetime(2027, 3, 10, 23, 45, tzinfo=LONDON), date(2027, 3, 29), date(2027, 4, 8)),
    ],
)
def test_n53_urgent_from_day_20_in_time_on_day_30_and_overdue_on_day_31(
    came: datetime, day_20: date, day_30: date, client: ConformingClient, cast: Cast, db: Session, clock: Any
) -> None:
    def at(day: date, hour: int, minute: int) -> None:
        clock.move_to(datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON))

    def on_desk() -> tuple[bool, bool]:
        with client.application.test_request_context():
            [todo] = to_acknowledge(cast.administrator.actor)
        assert todo.due == day_30
        return todo.is_first, todo.is_overdue

    clock.move_to(came)
    client.post("/privacy/complain", data=SENT)
    assert (only(db).alert_on, only(db).due_on) == (day_20, day_30)

    at(day_20 - timedelta(days=1), 23, 59)
    service.alert()
    assert (on_desk(), letters(db, "complaint_alert")) == ((False, False), [])

    at(day_20, 0, 1)
    assert on_desk() == (True, False)
    service.alert()
    service.alert()
    to = {each.to_address for each in letters(db, "complaint_alert")}
    assert len(letters(db, "complaint_alert")) == len(to)
    assert cast.administrator.email in to
    assert "https://growth.example/complaints/" in worded(letters(db, "complaint_alert")[0])
    assert "notes" not in worded(letters(db, "complaint_alert")[0])

    at(day_30, 23, 59)
    assert on_desk() == (True, False)
    at(day_30 + timedelta(days=1), 0, 0)
    assert on_desk() == (True, True)
    service.alert()
    assert len(letters(db, "complaint_alert")) == len(to)


def test_n53_nobody_is_alerted_to_what_was_acknowledged(cast: Cast, db: Session, clock: Any) -> None:
    found = a_complaint()
    service.acknowledge(found, by=cast.administrator.actor)
    clock.shift(25 * 24 * 3600)
    service.alert()
    assert letters(db, "complaint_alert") == []


def test_n53_what_waits_is_on_the_desk_of_administrators_alone(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found, read = a_complaint(), a_complaint(received_on=today() - timedelta(days=2))
    service.acknowledge(read, by=cast.administrator.actor)
    page = client.sign_in(cast.administrator).get("/desk").text
    assert "Acknowledge a complaint about personal data" in page
    assert "Answer a complaint about personal data" in page
    assert f"/complaints/{found.id}" in page
    assert f"/complaints/{read.id}" in page
    with client.application.test_request_context():
        assert [each.about for each in to_answer(cast.administrator.actor)] == [read.reference]
    assert f"/complaints/{found.id}" not in client.sign_in(cast.auditor).get("/desk").text


def test_n53_the_audit_log_says_when_and_not_what_of(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    client.post("/privacy/complain", data=SENT)
    service.acknowledge(only(db), by=cast.administrator.actor)
    service.answer(only(db), "You were right", by=cast.administrator.actor)
    found = entries_about(only(db))
    assert {each.act for each in found} == {Act.COMPLAIN, Act.ACKNOWLEDGE, Act.ANSWER}
    told = " ".join(str(each.values.changes) for each in found if each.values)
    assert only(db).reference in told
    assert "Ann" not in told
    assert "notes" not in told
    assert "right" not in told
