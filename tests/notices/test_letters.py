"""Letters and people: nothing smuggled into a header, failed letters sent again, and the walls of the outbox."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm.audit.queries import entries_about
from crm.db.session import Database
from crm.gateways.mail import MailRefused, MailUnavailable
from crm.kernel.clock import now
from crm.kernel.errors import Conflict, NotAllowed
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role
from crm.links.rules import Purpose
from crm.notices import queries, rules, service
from crm.notices.models import Letter
from crm.notices.rules import period_of, word
from crm.notices.service import Reader
from crm.notices.workflow import LetterStatus as S
from tests.accounts.people import actor
from tests.notices.letters import READER, Postbox, contact, left_in_sending, sent_by

TOKEN = "https://growth.example/links/sign-in/"


# ---------------------------------------------------------------- line breaks in names


@pytest.mark.parametrize("brk", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028"])
@pytest.mark.parametrize(
    "inject",
    [
        lambda brk: contact(Reader("reader@people.example", f"Ann{brk}Bcc: eve@evil.example")),
        lambda brk: contact(name=f"Ann{brk}Bcc: eve@evil.example"),
        lambda brk: contact(Reader(f"reader@people.example{brk}Bcc: eve@evil.example", "Ann")),
    ],
    ids=["reader", "subject", "address"],
)
def test_no_line_break_smuggles_a_header_in(
    house: Database, db: Session, postbox: Postbox, inject: Callable[[str], Letter], brk: str
) -> None:
    letter = inject(brk)
    sent_by(house, db, postbox)
    assert letter.status in (S.SENT, S.FAILED)
    for message in postbox.sent:
        assert message["Bcc"] is None
        raw = bytes(message).split(b"\n\n", 1)[0]
        assert not any(line.lower().startswith(b"bcc") for line in raw.splitlines())
        assert len(message["To"].addresses) == 1


def test_what_a_visitor_writes_stays_text(house: Database, db: Session, postbox: Postbox) -> None:
    contact(text="{{ 7 * 7 }} {% for %} <b>bold</b>\n.\nMAIL FROM:<eve@evil.example>")
    sent_by(house, db, postbox)
    assert "> {{ 7 * 7 }} {% for %} <b>bold</b>\n> .\n> MAIL FROM:<eve@evil[.]example>" in postbox.texts[0]


def test_a_subject_is_one_line_and_not_endless() -> None:
    wording = word(
        "contact", {**dict.fromkeys(("email", "text", "answers", "service_name"), ""), "name": "n\t\n " * 300}
    )
    assert "\n" not in wording.subject
    assert len(wording.subject) <= 200


@pytest.mark.parametrize("path", sorted(rules.TEMPLATES.glob("*.txt")), ids=lambda path: path.stem)
def test_every_letter_begins_with_its_subject_and_calls_itself_an_email(path: Path) -> None:
    text = path.read_text()
    assert text.startswith("Subject: ")
    ours = re.findall(r"{{[^}]*\b(?:base_url|link)\b[^}]*}}", text)
    assert {"{{ base_url }}", "{{ link }}"}.issuperset(ours), "joined to anything else it is no link of ours"
    assert text.count("You get this") == text.count("You get this email because")
    assert "letter" not in re.sub("(offer|Export Finance) letter|the milestones and the letter", "", text)


# ---------------------------------------------------------------- people and letters


def failed(house: Database, db: Session) -> Letter:
    letter = contact()
    sent_by(house, db, Postbox(faults=[MailRefused("[550]")]))
    return letter


def test_an_administrator_sends_a_failed_letter_again(house: Database, db: Session, postbox: Postbox) -> None:
    letter = failed(house, db)
    service.send_again(letter, by=actor(Role.ADMINISTRATOR))
    assert (letter.status, letter.attempts, letter.fault) == (S.QUEUED, 0, None)
    assert sent_by(house, db, postbox) == 1
    assert postbox.ids == [letter.message_id]
    assert [entry.act for entry in entries_about(letter)] == ["send_again"]


def test_a_letter_that_waits_can_be_cancelled_and_then_is_never_sent(
    house: Database, db: Session, postbox: Postbox
) -> None:
    letter = contact()
    db.flush()
    service.cancel(letter, by=actor(Role.ADMINISTRATOR))
    assert sent_by(house, db, postbox) == 0
    with pytest.raises(Conflict):
        service.send_again(letter, by=actor(Role.ADMINISTRATOR))


def test_a_letter_on_its_way_can_no_longer_be_cancelled(house: Database, db: Session) -> None:
    letter = contact()
    left_in_sending(letter, db, ago=timedelta(0))
    with pytest.raises(Conflict):
        service.cancel(letter, by=actor(Role.ADMINISTRATOR))


def test_an_auditor_changes_nothing_in_the_outbox(house: Database, db: Session) -> None:
    letter = failed(house, db)
    for verb in (service.send_again, service.cancel):
        with pytest.raises(NotAllowed):
            verb(letter, by=actor(Role.AUDITOR))


def test_sent_letters_are_sent_for_good(house: Database, db: Session, postbox: Postbox) -> None:
    letter = contact()
    sent_by(house, db, postbox)
    for verb in (service.send_again, service.cancel):
        with pytest.raises(Conflict):
            verb(letter, by=actor(Role.ADMINISTRATOR))


def test_the_oldest_waiting_letter_tells_whether_the_worker_runs(
    house: Database, db: Session, postbox: Postbox, clock: Any
) -> None:
    assert queries.outbox() == (0, None)
    queued = now()
    contact()
    db.flush()
    clock.shift(timedelta(minutes=5))
    assert queries.outbox() == (1, queued)
    sent_by(house, db, postbox)
    assert queries.outbox() == (0, None)


def test_a40_a_letter_whose_every_try_fails_is_as_late_as_it_is_old(
    house: Database, db: Session, postbox: Postbox, clock: Any
) -> None:
    queued, letter = now(), contact()
    for _ in range(4):
        postbox.faults = [MailUnavailable("TimeoutError")]
        sent_by(house, db, postbox)
        assert queries.outbox() == (1, queued)
        clock.move_to(letter.not_before)


def test_letters_are_listed_newest_first_and_by_status(db: Session, clock: Any) -> None:
    made = []
    for _ in range(30):
        made.append(contact())
        clock.shift(timedelta(seconds=1))
    db.flush()
    first = queries.letters(SYSTEM)
    second = queries.letters(SYSTEM, cursor=first.after)
    assert [*first.rows, *second.rows] == made[::-1]
    assert queries.letters(SYSTEM, statuses=[S.SENT]).rows == ()


# ---------------------------------------------------------------- walls


@pytest.mark.parametrize(
    "fields",
    [
        {"_status": S.SENT},
        {"sent_at": now()},
        {"link_purpose": Purpose.SIGN_IN},
        {"link_subject_id": "ann"},
        {"attempts": -1},
    ],
    ids=["sent, never", "a time without sending", "no subject", "no purpose", "less than no tries"],
)
def test_the_database_refuses_what_cannot_be(db: Session, fields: dict[str, Any]) -> None:
    letter = contact()
    db.flush()
    with pytest.raises(IntegrityError), db.begin_nested():
        db.execute(update(Letter).where(Letter.id == letter.id).values(**fields))


def test_two_letters_never_share_a_message_id(db: Session) -> None:
    one, two = contact(), contact(READER)
    two.message_id = one.message_id
    with pytest.raises(IntegrityError), db.begin_nested():
        db.flush()


def test_a_period_begins_at_its_first_moment() -> None:
    moment = now()
    assert period_of(moment, timedelta(days=1)) == moment.replace(hour=0)
    assert period_of(moment, timedelta(hours=1)) == moment
    assert period_of(moment - timedelta(microseconds=1), timedelta(hours=1)) == moment - timedelta(hours=1)


# ---------------------------------------------------------------- what people outside write


@pytest.mark.parametrize("brk", ["\n\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\t"])
def test_a_business_name_with_line_breaks_stays_one_line_of_our_letter(brk: str) -> None:
    name = f"Kiln{brk}YOUR GRANT OF £5,000 IS APPROVED{brk}https://evil.example/pay"
    ours = {"to_name": "Ann", "service_name": "Growth", "base_url": "https://growth.example"}
    said = word("claim_confirmed", {"business_name": name, **ours})
    line = "Kiln YOUR GRANT OF £5,000 IS APPROVED https[:]//evil[.]example/pay"
    assert line in said.subject
    assert any(line in each for each in said.text.splitlines())
    assert "https://growth.example/sign-in/link" in said.text


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("see https://evil.example/a.b?c=d now", "see https[:]//evil[.]example/a[.]b?c=d now"),
        ("www.evil.example", "www[.]evil[.]example"),
        ("evil.co.uk/pay", "evil[.]co[.]uk/pay"),
        ("EVIL.COM", "EVIL[.]COM"),
        ("write to eve@evil.example", "write to eve@evil[.]example"),
        ("HTTP://1.2.3.4/x", "HTTP[:]//1[.]2[.]3[.]4/x"),
        ("J. Smith & Co. Ltd.", "J. Smith & Co. Ltd."),
        ("It cost £1.50. We paid.", "It cost £1.50. We paid."),
        ("J.Smith", "J.Smith"),
    ],
)
def test_links_in_what_people_outside_write_are_no_links_in_our_letters(typed: str, written: str) -> None:
    ours = {"service_name": "Growth", "base_url": "https://growth.example", "answers": "", "name": "Ann"}
    said = word("contact", {"text": f"One line\n{typed}", "email": "ann@people.example", **ours})
    assert f"> One line\n> {written}\n" in said.text
    assert "ann@people.example" in said.text


def test_what_staff_write_keeps_its_lines_and_links() -> None:
    body = "Book here:\n\nhttps://growth.example/workshops"
    said = word("written", {"subject": "A workshop", "body": body, "by_name": "Ada", "service_name": "G"})
    assert body in said.text
