"""The outbox: a letter is queued with its act, sent once, tried again with patience, and never lost from sight."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from jinja2 import DictLoader
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.db.session import Database
from crm.gateways.mail import MailRefused, MailUnavailable
from crm.kernel.clock import now
from crm.kernel.errors import NotFound
from crm.kernel.permissions import SYSTEM
from crm.links import service as links
from crm.links.rules import Purpose
from crm.notices import queries, rules
from crm.notices.models import Letter
from crm.notices.rules import LOST_AFTER, MOST_ATTEMPTS, REDACTED, wait_before
from crm.notices.service import Extras, Reader, drain, queue
from crm.notices.workflow import LetterStatus as S
from tests.notices.letters import Postbox, contact, left_in_sending, post, sent_by, way_in

TOKEN = "https://growth.example/links/sign-in/"


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
    assert "> Grüße\n> and more" in postbox.texts[0]
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


def test_k35_a_link_that_somebody_waits_for_leaves_before_a_letter_to_everybody(
    house: Database, db: Session, postbox: Postbox, clock: Any
) -> None:
    many = [contact() for _ in range(3)]
    clock.shift(timedelta(seconds=1))
    link = way_in("ann")
    assert sent_by(house, db, postbox) == 4
    assert postbox.ids[0] == link.message_id
    assert set(postbox.ids[1:]) == {each.message_id for each in many}


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


def test_k16_the_text_that_is_kept_of_a_letter_without_a_link_is_the_text_that_was_sent(
    house: Database, db: Session, postbox: Postbox
) -> None:
    facts = {"business": "Made", "references": "S-1", "time": "baseline", "as_at": "today", "due": "tomorrow"}
    having = Extras({**facts, "awards": 1, "path": "/outcomes/1/give"})
    letter = queue("figures_asked", Reader("ann@people.example", "Ann"), having=having)
    sent_by(house, db, postbox)
    (text,) = postbox.texts
    assert letter.kept_text is not None
    assert "/outcomes/1/give" in letter.kept_text
    assert letter.kept_text == text


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
    assert (letter.status, letter.fault, letter.attempts) == (
        S.FAILED,
        rules.fault_in_words(MailRefused("[550]")),
        1,
    )
    assert queries.count_failed(SYSTEM) == 1


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
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 4, 16, 64, 256, *[360] * 12)]
    assert timedelta(days=3) <= sum(waits, timedelta()) < timedelta(days=4)
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


@pytest.mark.parametrize(
    "template",
    ["{{ missing }}", "{{ 1 / 0 }}", "{% for %}", "{{ context.x }}", "{{ none_of_it() }}", "{{ 'a' + 1 }}"],
)
def test_a_template_with_a_fault_does_not_hold_up_the_queue(
    house: Database, db: Session, postbox: Postbox, monkeypatch: pytest.MonkeyPatch, template: str
) -> None:
    contact_text = (rules.TEMPLATES / "contact.txt").read_text()
    loader = DictLoader({"sign_in.txt": template, "contact.txt": contact_text})
    environment = rules.environment_of(loader)
    monkeypatch.setattr(rules, "_environment", lambda: environment)
    broken, fine = way_in("ann"), contact()
    assert sent_by(house, db, postbox) == 1
    assert (broken.status, fine.status) == (S.FAILED, S.SENT)
    assert broken.fault


# ---------------------------------------------------------------- lost from sight


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
