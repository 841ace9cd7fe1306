"""What people ask about their personal data: recorded with its clock, answered, and a person erased through the pages (P52, N52)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.models import Account
from crm.businesses.models import Business, Person
from crm.kernel.clock import today
from crm.kernel.errors import Conflict
from crm.notices.models import Letter
from crm.notices.rules import word
from crm.notices.workflow import LetterStatus
from crm.privacy.models import DataRequest, PersonErasure
from crm.privacy.service import requests as service
from crm.privacy.service.requests import Asked
from crm.privacy.workflow import ErasureStatus, RequestKind, RequestStatus
from tests import claimed, factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.rules.privacy_samples import a_request

SENT = {
    "kind": "erasure",
    "received_on-day": "20",
    "received_on-month": "11",
    "received_on-year": "2026",
    "name": "Quilla Zanderby",
    "email": "quilla@zanderby.example",
    "said": "Delete what you hold about me",
}
OURS = {"service_name": "Growth", "base_url": "https://growth.example", "to_name": "Quilla"}
SEEN = re.compile(r'name="seen"[^>]*value="(\w+)"')


def contact(owner: Business, **fields: Any) -> Person:
    given = {"name": "Quilla Zanderby", "email": "quilla@zanderby.example", "phone": "0121 496 0853"}
    return factories.person(owner, **given | fields)


def letters(db: Session, kind: str) -> list[Letter]:
    db.expire_all()
    return list(db.scalars(select(Letter).where(Letter.kind == kind)))


def worded(letter: Letter) -> str:
    return word(letter.kind, {**letter.context, **OURS}).text


@pytest.mark.parametrize(
    ("came", "due"),
    [
        (date(2026, 11, 20), date(2026, 12, 20)),
        (date(2026, 8, 31), date(2026, 9, 30)),
        (date(2026, 1, 31), date(2026, 2, 28)),
    ],
)
def test_p52_a_request_is_answered_within_a_month_by_the_calendar(cast: Cast, came: date, due: date) -> None:
    asked = Asked(RequestKind.ACCESS, "Ann", "A copy", came, "ann@made.example")

    assert service.record(asked, by=cast.administrator.actor).due_on == due


def test_p52_the_time_is_extended_once_by_two_months_and_the_person_is_told_why(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = a_request(received_on=date(2026, 11, 2))
    client.sign_in(cast.administrator)
    answer = client.post(f"/data-requests/{found.id}/extend", data={"reason": "Six years of emails"})

    assert answer.status_code == 303
    [letter] = letters(db, "data_request_extended")
    assert found.due_on == date(2027, 2, 2)
    assert "by 2 February 2027" in worded(letter)
    assert "Six years of emails" in worded(letter)
    with pytest.raises(Conflict, match="extended already"):
        service.extend(found, reason="Again", by=cast.administrator.actor)
    late = a_request(received_on=today() - timedelta(days=60), email="b@made.example")
    with pytest.raises(Conflict, match="last day"):
        service.extend(late, reason="Too late", by=cast.administrator.actor)


@pytest.mark.parametrize(("door", "status"), [("answer", "answered"), ("refuse", "refused")])
def test_p52_a_request_is_answered_or_refused_and_the_letter_names_the_commissioner(
    client: ConformingClient, cast: Cast, db: Session, door: str, status: str
) -> None:
    found = a_request(kind=RequestKind.CORRECTION)
    client.sign_in(cast.administrator)
    assert found.reference in client.get("/desk").text
    answer = client.post(f"/data-requests/{found.id}/{door}", data={"answer": "We looked at it."})

    assert answer.status_code == 303
    [letter] = letters(db, f"data_request_{status}")
    assert found.status == status
    assert "https://ico.org.uk/make-a-complaint/" in worded(letter)
    assert found.reference not in client.get("/desk").text
    assert client.get(f"/data-requests?show={status}").text.count(found.reference) == 1


def test_only_administrators_and_auditors_read_the_register(cast: Cast, client: ConformingClient) -> None:
    a_request()
    assert client.sign_in(cast.auditor).get("/data-requests").status_code == 200
    for each in (cast.adviser, cast.founder, cast.hub_manager):
        assert client.sign_in(each).get("/data-requests").status_code == 403


def propose(client: ConformingClient, cast: Cast, db: Session, table: str, row: Any) -> PersonErasure:
    """From the record of a request to the proposal, as an administrator does it."""
    client.sign_in(cast.administrator)
    assert client.post("/data-requests/record", data=SENT).status_code == 303
    made = db.scalars(select(DataRequest).where(DataRequest.email == SENT["email"])).one()
    here = f"/data-requests/{made.id}/erase"
    person = f"{table}:{row.id}"
    assert f"person={person}" in client.get(f"{here}?q=zanderby").text
    page = client.get(f"{here}?person={person}").text
    [seen] = SEEN.findall(page)
    sent = {"person": person, "reason": "They asked, and showed who they are", "seen": seen}
    assert client.post(here, data=sent).status_code == 303
    return db.scalars(select(PersonErasure)).one()


def confirm(client: ConformingClient, cast: Cast, found: PersonErasure) -> int:
    client.sign_in(cast.second_administrator)
    [seen] = SEEN.findall(client.get(f"/erasures/{found.id}").text)
    return client.post(f"/erasures/{found.id}/confirm", data={"seen": seen}).status_code


def test_p52_a_contact_is_erased_by_two_administrators_and_told(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    known = contact(owner)
    factories.conversation(owner, notes="Quilla Zanderby wants a loan. Call 01214960853.")
    waiting = factories.letter(to_address=known.email, to_name=known.name)
    found = propose(client, cast, db, "person", known)
    assert client.post(f"/erasures/{found.id}/confirm", data={}).status_code == 403
    assert "Decide whether a person is erased" in client.sign_in(cast.second_administrator).get("/desk").text

    assert confirm(client, cast, found) == 303
    db.expire_all()
    assert (known.name, known.email, known.phone, known.left_on) == ("Former contact", None, None, today())
    page = client.get(f"/businesses/{owner.id}/activity").text
    assert "Zanderby" not in page
    assert (waiting.status, waiting.to_address) == (LetterStatus.CANCELLED, "erased@erased.invalid")
    [letter] = letters(db, "person_erased")
    assert letter.to_address == "quilla@zanderby.example"
    assert "Your entry among the people of a business (1)" in worded(letter)
    assert "https://ico.org.uk/make-a-complaint/" in worded(letter)
    request = db.scalars(select(DataRequest)).one()
    assert (request.status, request.email, request.said) == (RequestStatus.ANSWERED, None, "Deleted")
    assert "Zanderby" not in client.get(f"/erasures/{found.id}").text
    assert client.get(f"/data-requests/{request.id}").status_code == 200


def test_p52_another_administrator_refuses_with_a_reason_and_the_request_waits_again(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    known = contact(owner)
    found = propose(client, cast, db, "person", known)
    client.sign_in(cast.second_administrator)
    page, reason = f"/erasures/{found.id}", {"reason": "Their loan is still being paid back"}
    assert client.post(f"{page}/refuse", data=reason).status_code == 303

    db.expire_all()
    assert (found.status, known.name) == (ErasureStatus.REFUSED, "Quilla Zanderby")
    assert db.scalars(select(DataRequest)).one().status is RequestStatus.OPEN
    assert letters(db, "person_erased") == []
    client.sign_in(cast.administrator)
    assert "Their loan is still being paid back" in client.get(page).text
    assert "Read why a person was not erased" in client.get("/desk").text
    assert client.post(f"{page}/read", data={}).status_code == 303
    assert "Read why a person was not erased" not in client.get("/desk").text


def test_p52_nobody_signs_in_with_the_account_of_a_person_who_was_erased(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    account = factories.account(email=SENT["email"], name=SENT["name"])
    found = propose(client, cast, db, "account", account)

    assert confirm(client, cast, found) == 303
    db.expire_all()
    assert db.scalar(select(Account).where(Account.email == SENT["email"])) is None
    before = len(letters(db, "sign_in"))
    client.sign_out()
    client.post("/sign-in/link", data={"email": SENT["email"]})
    assert len(letters(db, "sign_in")) == before


def test_p52_an_open_award_stands_against_erasing_with_a_link_to_it(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    award = claimed.award(BUSINESS)
    claimed.claim(award)
    found = a_request(email=cast.founder.email)
    client.sign_in(cast.administrator)
    page = client.get(f"/data-requests/{found.id}/erase?person=account:{cast.founder.id}").text

    assert "has an open award" in page
    assert (
        "A claim of a business that they act for is still to be decided or paid. If a colleague is there"
        in page
    )
    assert page.count("end this person’s access to the business instead") >= 2
    assert f"/awards/{award.id}" in page
    assert "Propose to erase" not in page


def test_p52_what_changed_since_the_preview_is_shown_again_and_nothing_is_erased(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    known = contact(owner)
    found = propose(client, cast, db, "person", known)
    client.sign_in(cast.second_administrator)
    [seen] = SEEN.findall(client.get(f"/erasures/{found.id}").text)
    factories.enquiry(email=known.email)

    assert client.post(f"/erasures/{found.id}/confirm", data={"seen": seen}).status_code == 409
    db.expire_all()
    assert (found.status, known.name) == (ErasureStatus.PROPOSED, "Quilla Zanderby")
    assert "An enquiry of theirs is open" in client.get(f"/erasures/{found.id}").text


def test_p52_the_name_of_another_person_is_not_taken_out_of_texts(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    known, other = contact(owner), contact(factories.business(), email="other@made.example", phone=None)
    said = factories.conversation(owner, notes="Quilla Zanderby called, quilla@zanderby.example")
    found = propose(client, cast, db, "person", known)
    assert "1 other entry has the same name" in client.get(f"/erasures/{found.id}").text

    assert confirm(client, cast, found) == 303
    db.expire_all()
    assert (other.name, other.email) == ("Quilla Zanderby", "other@made.example")
    assert said.notes == "Quilla Zanderby called, erased@erased.invalid"


def test_p52_the_only_one_who_is_not_erased_is_oneself(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = a_request(email=cast.administrator.email)
    client.sign_in(cast.administrator)
    page = client.get(f"/data-requests/{found.id}/erase?person=account:{cast.administrator.id}").text

    assert "You cannot erase yourself" in page
    assert "Propose to erase" not in page
