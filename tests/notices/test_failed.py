"""Emails that could not be delivered: on the desk of the person who caused them, in words, and sent to the right address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.models import Account
from crm.businesses.models import Invitation
from crm.businesses.queries.seeing import business
from crm.db.session import Database
from crm.gateways.mail import MailRefused, MailUnavailable
from crm.notices import service
from crm.notices.models import Letter
from crm.notices.rules import MOST_ATTEMPTS, fault_in_words
from crm.notices.service import Reader
from crm.notices.workflow import LetterStatus
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.notices.letters import Postbox, contact, sent_by

WORDS = "The mail server refused this address (code 550). Check that it is right and still in use."
TOLD = {
    "way": "phone",
    "form": "",
    "place": "B9 4AA",
    "business_name": "Kiln",
    "story": "Help",
    "name": "Ann Potter",
    "email": "ann.wrong@made.example",
}


def refuse(house: Database, db: Session) -> None:
    sent_by(house, db, Postbox(faults=[MailRefused("[550]")] * 20))


def letter_to(address: str, db: Session) -> Letter:
    db.expire_all()
    return db.scalars(select(Letter).where(Letter.to_address == address)).one()


def test_a_failed_email_is_on_the_desk_of_the_person_who_caused_it_in_words(
    client: ConformingClient, cast: Cast, db: Session, house: Database
) -> None:
    client.sign_in(cast.adviser).post("/enquiries/new", data=TOLD)
    refuse(house, db)
    desk = client.get("/desk").text
    assert "could not be delivered" in desk
    listed = client.get("/letters?status=failed").text
    assert "ann.wrong@made.example" in listed
    assert WORDS in listed
    assert "MailRefused" not in listed
    page = client.get(f"/letters/{letter_to('ann.wrong@made.example', db).id}").text
    assert WORDS in page
    client.sign_in(cast.other_adviser)
    assert "could not be delivered" not in client.get("/desk").text
    assert "ann.wrong@made.example" not in client.get("/letters").text
    assert client.get(f"/letters/{letter_to('ann.wrong@made.example', db).id}").status_code == 404
    client.sign_in(cast.administrator)
    assert "could not be delivered" in client.get("/desk").text
    assert client.sign_in(cast.founder).get("/letters").status_code == 403


def test_an_email_is_sent_again_to_the_address_that_was_corrected(
    client: ConformingClient, cast: Cast, db: Session, house: Database
) -> None:
    found = business(BUSINESS)
    assert found is not None
    person = factories.person(found, name="Ann Potter", email="ann.wrong@made.example")
    client.sign_in(cast.adviser).post("/enquiries/new", data=TOLD)
    refuse(house, db)
    told = {"name": "Ann Potter", "email": "ann.right@made.example", "role": "", "phone": ""}
    answer = client.post(f"/businesses/{BUSINESS}/people/{person.id}", data=told)
    assert answer.status_code == 303, answer.text
    letter = letter_to("ann.right@made.example", db)
    answer = client.post(f"/letters/{letter.id}/send-again")
    assert "will be sent again" in client.get(answer.headers["Location"]).text
    postbox = Postbox()
    sent_by(house, db, postbox)
    assert [str(each["To"]) for each in postbox.sent] == ["ann.right@made.example"]


def test_a_set_password_email_goes_to_the_corrected_address_of_the_account(
    client: ConformingClient, cast: Cast, db: Session, house: Database
) -> None:
    client.sign_in(cast.administrator)
    client.post("/people/new", data={"name": "Bo", "email": "bo.wrong@made.example", "kind": "staff"})
    refuse(house, db)
    made = db.scalars(select(Account).where(Account.email == "bo.wrong@made.example")).one()
    client.post(f"/people/{made.id}/correct", data={"name": "Bo", "email": "bo.right@made.example"})
    letter = letter_to("bo.right@made.example", db)
    client.post(f"/letters/{letter.id}/send-again")
    postbox = Postbox()
    sent_by(house, db, postbox)
    assert "bo.right@made.example" in str(postbox.sent[0]["To"])


def test_an_owner_sees_that_an_invitation_could_not_be_delivered(
    client: ConformingClient, cast: Cast, db: Session, house: Database
) -> None:
    where = f"/businesses/{BUSINESS}/colleagues"
    client.sign_in(cast.founder).post(where, data={"email": "bo@made.example", "standing": "owner"})
    assert db.scalars(select(Invitation)).one().email == "bo@made.example"
    refuse(house, db)
    assert "The email could not be delivered." in client.get(where).text


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MailRefused("[550]"), "refused this address (code 550)"),
        (MailUnavailable("[421]"), "did not take it at the moment (code 421)"),
        (MailUnavailable("ConnectionRefusedError"), "did not take it at the moment."),
        (ZeroDivisionError("division by zero"), "because of a fault in this service"),
    ],
)
def test_why_an_email_failed_is_said_in_words(error: Exception, words: str) -> None:
    said = fault_in_words(error)
    assert words in said
    assert "Error" not in said


def test_an_email_that_was_tried_too_often_has_words_too(
    client: ConformingClient, cast: Cast, db: Session, house: Database, clock: Any
) -> None:
    client.sign_in(cast.adviser).post("/enquiries/new", data=TOLD)
    postbox = Postbox(faults=[MailUnavailable("[421]")] * MOST_ATTEMPTS)
    for _ in range(MOST_ATTEMPTS):
        sent_by(house, db, postbox)
        clock.shift(timedelta(days=2))
    assert letter_to("ann.wrong@made.example", db).status is LetterStatus.FAILED
    client.sign_in(cast.adviser)
    assert "did not take it at the moment (code 421)" in client.get("/letters?status=failed").text


def failed_letters(house: Database, db: Session, many: int) -> list[Letter]:
    made = [contact(Reader(f"reader{number}@made.example", "Reader")) for number in range(many)]
    sent_by(house, db, Postbox(faults=[MailRefused("[550]")] * many))
    assert {each.status for each in made} == {LetterStatus.FAILED}
    return made


def test_a40_failed_emails_are_sent_again_together_after_a_question_and_once(
    client: ConformingClient, cast: Cast, db: Session, house: Database
) -> None:
    made = failed_letters(house, db, 3)
    client.sign_in(cast.administrator)
    assert 'href="/letters/send-again"' in client.get("/letters?status=failed").text
    asked = client.get("/letters/send-again").text
    assert "Send 3 failed emails again?" in asked
    assert "3 emails" in asked
    assert WORDS in asked
    answer = client.post("/letters/send-again")
    assert "3 emails will be sent again." in client.get(answer.headers["Location"]).text
    again = client.post("/letters/send-again")
    assert again.status_code == 409
    assert "There are no failed emails now." in again.text
    db.expire_all()
    assert {(each.status, each.attempts, each.fault) for each in made} == {(LetterStatus.QUEUED, 0, None)}
    postbox = Postbox()
    assert sent_by(house, db, postbox) == 3
    assert sorted(postbox.ids) == sorted(each.message_id for each in made)
    assert "sent it again" in client.get(f"/letters/{made[0].id}").text


def test_a40_the_oldest_failed_emails_go_first_and_the_page_says_that_there_are_more(
    client: ConformingClient, cast: Cast, db: Session, house: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_AGAIN", 2)
    failed_letters(house, db, 3)
    client.sign_in(cast.administrator)
    assert "The 2 oldest go first." in client.get("/letters/send-again").text
    answer = client.post("/letters/send-again")
    assert "2 emails will be sent again. 1 more failed" in client.get(answer.headers["Location"]).text


def test_only_an_administrator_sends_all_failed_emails_again(
    client: ConformingClient, cast: Cast, db: Session, house: Database
) -> None:
    failed_letters(house, db, 1)
    for each in (cast.adviser, cast.auditor):
        client.sign_in(each)
        assert "/letters/send-again" not in client.get("/letters?status=failed").text
        assert client.get("/letters/send-again").status_code == 403
        assert client.post("/letters/send-again").status_code == 403


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (
            MailRefused("{'ann@made.example': (550, b'no such user ann@made.example')}"),
            "(MailRefused 550), given up",
        ),
        (MailUnavailable("TimeoutError"), "(MailUnavailable), next try at 2026-"),
        (ZeroDivisionError("ann@made.example"), "(ZeroDivisionError), next try at 2026-"),
    ],
)
def test_a40_each_failed_try_is_logged_without_the_address(
    house: Database, db: Session, caplog: pytest.LogCaptureFixture, fault: Exception, told: str
) -> None:
    letter = contact(Reader("ann@made.example", "Ann Potter"))
    with caplog.at_level("WARNING", "crm.letters"):
        sent_by(house, db, Postbox(faults=[fault]))
    (line,) = caplog.messages
    assert line.startswith(f"letter {letter.id}: try 1 failed {told}")
    assert "made.example" not in caplog.text
    assert "Ann" not in caplog.text
