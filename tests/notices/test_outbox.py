"""The outbox: a letter is queued with its act, sent once, tried again with patience, and never lost from sight."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import DictLoader, Environment, StrictUndefined
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm.audit.queries import entries_about
from crm.db.session import Database
from crm.gateways.mail import MailRefused, MailUnavailable
from crm.kernel.clock import now
from crm.kernel.errors import Conflict, NotAllowed, NotFound
from crm.kernel.roles import Role
from crm.links import service as links
from crm.links.rules import Purpose
from crm.notices import queries, rules, service
from crm.notices.models import Letter
from crm.notices.rules import LOST_AFTER, MOST_ATTEMPTS, REDACTED, period_of, wait_before, word
from crm.notices.service import Reader, drain
from crm.notices.workflow import LetterStatus as S
from tests.accounts.people import actor
from tests.houses import database
from tests.notices.letters import READER, Postbox, contact, post, way_in

TOKEN = "https://growth.example/links/sign-in/"


@pytest.fixture
def house(app: Flask, db: Session) -> Database:
    found = database(app)
    assert isinstance(found, Database)
    return found


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


def sent_by(house: Database, db: Session, postbox: Postbox, **options: Any) -> int:
    """Drain as the worker would, and see afterwards what it wrote."""
    db.commit()
    sent = drain(house, post(postbox, **options))
    db.expire_all()
    return sent


# ---------------------------------------------------------------- queuing


def test_a_letter_waits_in_the_transaction_of_its_act(db: Session) -> None:
    letter = contact()
    db.flush()
    assert (letter.status, letter.attempts, letter.queued_at) == (S.QUEUED, 0, now())
    assert letter.message_id == f"<{letter.id}@letters.crm>"


def test_an_act_that_is_undone_leaves_no_letter(house: Database, db: Session, postbox: Postbox) -> None:
    with db.begin_nested() as act:
        contact()
        db.flush()
        act.rollback()
    assert sent_by(house, db, postbox) == 0
    assert postbox.sent == []
    assert db.scalar(select(func.count()).select_from(Letter)) == 0


# ---------------------------------------------------------------- sending


def test_a_letter_is_sent_once(house: Database, db: Session, postbox: Postbox) -> None:
    letter = contact()
    assert sent_by(house, db, postbox) == 1
    assert sent_by(house, db, postbox) == 0
    assert postbox.ids == [letter.message_id]
    assert (letter.status, letter.sent_at, letter.attempts, letter.fault) == (S.SENT, now(), 1, None)


def test_a_letter_says_who_writes_to_whom(house: Database, db: Session, postbox: Postbox) -> None:
    letter = contact(Reader("zoe@people.example", "Zoë “Z” O'Neill, Ltd"), text="Grüße\nand more")
    letter.reply_to = "ann@people.example"
    sent_by(house, db, postbox)
    (message,) = postbox.sent
    assert message["To"].addresses[0].addr_spec == "zoe@people.example"
    assert message["To"].addresses[0].display_name == "Zoë “Z” O'Neill, Ltd"
    assert message["From"].addresses[0].addr_spec == "no-reply@people.example"
    assert message["Reply-To"] == "ann@people.example"
    assert message["Subject"] == "A message from Ann"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "Grüße\nand more" in postbox.texts[0]
    assert letter.kept_text == postbox.texts[0]


def test_letters_leave_in_the_order_in_which_they_fell_due(
    house: Database, db: Session, postbox: Postbox, clock: Any
) -> None:
    first = contact()
    clock.shift(timedelta(seconds=1))
    second = contact()
    later = contact()
    later.not_before = now() + timedelta(hours=1)
    assert sent_by(house, db, postbox) == 2
    assert postbox.ids == [first.message_id, second.message_id]
    clock.shift(timedelta(hours=1))
    assert sent_by(house, db, postbox) == 1


def test_no_more_are_sent_at_a_time_than_asked(house: Database, db: Session, postbox: Postbox) -> None:
    for _ in range(3):
        contact()
    db.commit()
    assert drain(house, post(postbox), most=2) == 2
    assert drain(house, post(postbox), most=2) == 1


# ---------------------------------------------------------------- links


def test_a_link_is_minted_at_sending_and_kept_nowhere(house: Database, db: Session, postbox: Postbox) -> None:
    letter = way_in("ann")
    sent_by(house, db, postbox)
    (text,) = postbox.texts
    token = text.split(TOKEN)[1].split()[0]
    assert letter.kept_text is not None
    assert token not in letter.kept_text
    assert letter.kept_text == text.replace(TOKEN + token, REDACTED)
    assert all(token not in str(tuple(row)) for row in db.execute(select(Letter.__table__)))
    assert links.use(token, Purpose.SIGN_IN) == "ann"


def test_a_link_lives_from_its_sending_on_not_from_its_queuing(
    house: Database, db: Session, postbox: Postbox, clock: Any
) -> None:
    way_in("ann")
    clock.shift(timedelta(days=2))
    sent_by(house, db, postbox)
    token = postbox.texts[0].split(TOKEN)[1].split()[0]
    clock.shift(timedelta(minutes=29))
    assert links.use(token, Purpose.SIGN_IN) == "ann"


def test_each_purpose_has_its_own_door(house: Database, db: Session, postbox: Postbox) -> None:
    way_in("ann", purpose=Purpose.SET_PASSWORD)
    sent_by(house, db, postbox)
    assert "https://growth.example/links/set-password/" in postbox.texts[0]


def test_a_letter_tried_again_brings_a_link_that_works(
    house: Database, db: Session, postbox: Postbox, clock: Any
) -> None:
    postbox.faults = [MailUnavailable("busy")]
    way_in("ann")
    assert sent_by(house, db, postbox) == 0
    clock.shift(timedelta(minutes=1))
    assert sent_by(house, db, postbox) == 1
    token = postbox.texts[0].split(TOKEN)[1].split()[0]
    assert links.use(token, Purpose.SIGN_IN) == "ann"


def test_a_template_that_fails_kills_no_older_link(house: Database, db: Session, postbox: Postbox) -> None:
    token = links.mint(Purpose.SIGN_IN, "ann")
    letter = way_in("ann")
    letter.kind = "no_such_letter"
    sent_by(house, db, postbox)
    assert letter.status is S.FAILED
    assert links.use(token, Purpose.SIGN_IN) == "ann"


# ---------------------------------------------------------------- gates


def test_a_gate_that_says_no_cancels_the_letter(house: Database, db: Session, postbox: Postbox) -> None:
    letter = way_in("ann")
    assert sent_by(house, db, postbox, gates={"sign_in": lambda _: "they left"}) == 0
    assert (letter.status, letter.fault, postbox.sent) == (S.CANCELLED, "they left", [])
    with pytest.raises(NotFound):
        links.use("anything", Purpose.SIGN_IN)


def test_a_gate_is_asked_at_the_moment_of_sending(house: Database, db: Session, postbox: Postbox) -> None:
    asked: list[Letter] = []
    contact()
    letter = way_in("ann")
    sent_by(house, db, postbox, gates={"sign_in": asked.append})
    assert [each.id for each in asked] == [letter.id]
    assert len(postbox.sent) == 2


def test_a_gate_that_breaks_does_not_hold_up_the_queue(
    house: Database, db: Session, postbox: Postbox
) -> None:
    def broken(_letter: Letter) -> str | None:
        raise KeyError("certificate")

    letter = way_in("ann")
    contact()
    assert sent_by(house, db, postbox, gates={"sign_in": broken}) == 1
    assert letter.status is S.FAILED


# ---------------------------------------------------------------- trouble


def test_a_letter_the_server_refuses_for_good_has_failed(
    house: Database, db: Session, postbox: Postbox
) -> None:
    postbox.faults = [MailRefused("[550]")]
    letter = contact()
    assert sent_by(house, db, postbox) == 0
    assert (letter.status, letter.fault, letter.attempts) == (S.FAILED, "MailRefused: [550]", 1)
    assert queries.count_failed() == 1


def test_a_server_that_is_away_is_tried_again_after_longer_and_longer(
    house: Database, db: Session, postbox: Postbox, clock: Any
) -> None:
    postbox.faults = [MailUnavailable("busy")] * MOST_ATTEMPTS
    letter = contact()
    waits = []
    for _ in range(MOST_ATTEMPTS - 1):
        sent_by(house, db, postbox)
        assert letter.status is S.QUEUED
        waits.append(letter.not_before - now())
        clock.move_to(letter.not_before - timedelta(seconds=1))
        sent_by(house, db, postbox)
        clock.move_to(letter.not_before)
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 4, 16, 64, 256)]
    assert letter.attempts == MOST_ATTEMPTS - 1
    sent_by(house, db, postbox)
    assert (letter.status, letter.attempts) == (S.FAILED, MOST_ATTEMPTS)


def test_every_try_bears_the_same_message_id(
    house: Database, db: Session, postbox: Postbox, clock: Any
) -> None:
    letter = contact()
    postbox.faults = [MailUnavailable("busy"), None]
    sent_by(house, db, postbox)
    clock.shift(wait_before(1))
    sent_by(house, db, postbox)
    assert postbox.ids == [letter.message_id]


def test_a_gateway_that_breaks_altogether_is_like_one_that_is_away(
    house: Database, db: Session, postbox: Postbox
) -> None:
    postbox.faults = [ZeroDivisionError("a fault of ours")]
    broken, fine = contact(), contact()
    assert sent_by(house, db, postbox) == 1
    assert {broken.status, fine.status} == {S.QUEUED, S.SENT}


def test_a_fault_is_kept_short(house: Database, db: Session, postbox: Postbox) -> None:
    postbox.faults = [MailRefused("no " * 500)]
    letter = contact()
    sent_by(house, db, postbox)
    assert letter.fault is not None
    assert len(letter.fault) == 200


@pytest.mark.parametrize(
    "template",
    ["{{ missing }}", "{{ 1 / 0 }}", "{% for %}", "{{ context.x }}", "{{ none_of_it() }}", "{{ 'a' + 1 }}"],
)
def test_a_template_with_a_fault_does_not_hold_up_the_queue(
    house: Database, db: Session, postbox: Postbox, monkeypatch: pytest.MonkeyPatch, template: str
) -> None:
    contact_text = (rules.TEMPLATES / "contact.txt").read_text()
    loader = DictLoader({"sign_in.txt": template, "contact.txt": contact_text})
    environment = Environment(loader=loader, undefined=StrictUndefined)  # noqa: S701 letters are plain text
    monkeypatch.setattr(rules, "_environment", lambda: environment)
    broken, fine = way_in("ann"), contact()
    assert sent_by(house, db, postbox) == 1
    assert (broken.status, fine.status) == (S.FAILED, S.SENT)
    assert broken.fault


# ---------------------------------------------------------------- lost from sight


def left_in_sending(letter: Letter, db: Session, *, ago: timedelta) -> None:
    """As a worker leaves it that was killed between taking and marking."""
    db.flush()
    db.execute(
        update(Letter)
        .where(Letter.id == letter.id)
        .values(_status=S.SENDING, taken_at=now() - ago, attempts=1, version=Letter.version + 1)
    )
    db.expire_all()


def test_a_letter_cut_off_is_unsure_and_goes_again_under_the_same_id(
    house: Database, db: Session, postbox: Postbox
) -> None:
    letter = contact()
    left_in_sending(letter, db, ago=LOST_AFTER + timedelta(seconds=1))
    assert sent_by(house, db, postbox) == 1
    assert (letter.status, letter.attempts, postbox.ids) == (S.SENT, 2, [letter.message_id])


def test_a_letter_that_another_worker_has_in_hand_is_left_to_it(
    house: Database, db: Session, postbox: Postbox
) -> None:
    letter = contact()
    left_in_sending(letter, db, ago=LOST_AFTER)
    assert sent_by(house, db, postbox) == 0
    assert letter.status is S.SENDING


def test_a_worker_that_was_only_slow_finds_its_letter_taken_and_goes_on(
    house: Database, db: Session, clock: Any
) -> None:
    class Slow(Postbox):
        """While it sends the first letter, another worker gives that one up and sends it again."""

        def send(self, message: Any) -> None:
            super().send(message)
            if len(self.sent) == 1:
                clock.shift(LOST_AFTER + timedelta(seconds=1))
                assert drain(house, post(other), most=1) == 1

    slow, other = Slow(), Postbox()
    first = contact()
    clock.shift(timedelta(seconds=1))
    second = contact()
    sent_by(house, db, slow)
    assert other.ids == [first.message_id]
    assert slow.ids == [first.message_id, second.message_id]
    assert (first.status, second.status) == (S.SENT, S.SENT)


def test_a_letter_given_up_by_another_that_arrived_after_all_is_sent(
    house: Database, db: Session, clock: Any
) -> None:
    class Slow(Postbox):
        def send(self, message: Any) -> None:
            super().send(message)
            clock.shift(LOST_AFTER + timedelta(seconds=1))
            assert drain(house, post(other), most=0) == 0

    slow, other = Slow(), Postbox()
    letter = contact()
    assert sent_by(house, db, slow) == 1
    assert letter.status is S.SENT


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
    assert "{{ 7 * 7 }} {% for %} <b>bold</b>\n.\nMAIL FROM:<eve@evil.example>" in postbox.texts[0]


def test_a_subject_is_one_line_and_not_endless() -> None:
    wording = word(
        "contact", {**dict.fromkeys(("email", "text", "answers", "service_name"), ""), "name": "n\t\n " * 300}
    )
    assert "\n" not in wording.subject
    assert len(wording.subject) <= 200


@pytest.mark.parametrize("path", sorted(rules.TEMPLATES.glob("*.txt")), ids=lambda path: path.stem)
def test_every_letter_begins_with_its_subject(path: Path) -> None:
    assert path.read_text().startswith("Subject: ")


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
    assert queries.oldest_waiting() is None
    queued = now()
    contact()
    db.flush()
    clock.shift(timedelta(minutes=5))
    assert queries.oldest_waiting() == queued
    sent_by(house, db, postbox)
    assert queries.oldest_waiting() is None


def test_letters_are_listed_newest_first_and_by_status(db: Session, clock: Any) -> None:
    made = []
    for _ in range(30):
        made.append(contact())
        clock.shift(timedelta(seconds=1))
    db.flush()
    first = queries.letters()
    second = queries.letters(first.after)
    assert [*first.rows, *second.rows] == made[::-1]
    assert queries.letters(status=S.SENT).rows == ()


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
