"""Workers as real processes: two at once, one killed, one told to stop; mail by a real server on loopback."""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import func, select, update

from crm.app import FEATURES
from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.events import Event
from crm.links.rules import Purpose
from crm.notices.jobs import run_due
from crm.notices.models import Letter, TimedRun
from crm.notices.rules import LOST_AFTER
from crm.notices.service import Extras, LinkWanted, Reader, drain, queue
from crm.notices.workflow import LetterStatus as S
from crm.web.feature import DAILY, Feature, Timed
from tests import factories
from tests.engines import PATIENCE, free_port
from tests.faults.together import in_threads, worker
from tests.houses import database
from tests.notices.letters import Postbox, contact, post

LINK = re.compile(r"/reply/([\w-]+)")


@dataclass
class Server:
    """A mail server that notes each letter, and answers when it is let."""

    ids: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    has_one: threading.Event = field(default_factory=threading.Event)
    may_answer: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        head, text = envelope.content.decode().split("\r\n\r\n", 1)
        self.tokens += LINK.findall(text)
        self.ids += [line.split(": ", 1)[1] for line in head.splitlines() if line.startswith("Message-ID: ")]
        self.has_one.set()
        await server.loop.run_in_executor(None, self.may_answer.wait, PATIENCE)
        return "250 OK"


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    controller = Controller(made, hostname="127.0.0.1", port=free_port())
    controller.start()
    made.url = f"smtp://127.0.0.1:{controller.port}"
    yield made
    made.may_answer.set()
    controller.stop()


@pytest.fixture
def letters(committing_app: Flask) -> Callable[[int], list[UUID]]:
    def put(many: int) -> list[UUID]:
        with database(committing_app).transaction():
            made = [contact() for _ in range(many)]
            session().flush()
            return [each.id for each in made]

    return put


def states(app: Flask) -> dict[S, int]:
    with database(app).reading():
        counts = select(Letter._status, func.count()).group_by(Letter._status)
        return dict(iter(session().execute(counts)))


def test_two_workers_at_once_send_each_letter_once(
    committing_app: Flask, server: Server, letters: Callable[[int], list[UUID]]
) -> None:
    server.may_answer.set()
    wanted = letters(30)
    with (
        worker(committing_app, "--once", mail_url=server.url) as one,
        worker(committing_app, "--once", mail_url=server.url) as two,
    ):
        assert [each.wait(PATIENCE) for each in (one, two)] == [0, 0]
    assert sorted(server.ids) == sorted(f"<{each}@letters.crm>" for each in wanted)
    assert states(committing_app) == {S.SENT: 30}
    with database(committing_app).reading():
        runs = session().scalars(select(TimedRun.name)).all()
    assert sorted(runs) == sorted(work.name for room in FEATURES for work in room.timed)


def test_a_letter_cut_off_by_a_killed_worker_goes_again_under_the_same_id(
    committing_app: Flask, server: Server, letters: Callable[[int], list[UUID]]
) -> None:
    (letter_id,) = letters(1)
    with worker(committing_app, mail_url=server.url) as killed:
        assert server.has_one.wait(PATIENCE)
        killed.send_signal(signal.SIGKILL)
        killed.wait(PATIENCE)
    assert states(committing_app) == {S.SENDING: 1}
    postbox = Postbox()
    assert drain(database(committing_app), post(postbox)) == 0
    with database(committing_app).transaction():
        session().execute(update(Letter).values(taken_at=now() - LOST_AFTER - timedelta(seconds=1)))
    assert drain(database(committing_app), post(postbox), most=0) == 0
    assert states(committing_app) == {S.UNSURE: 1}
    assert drain(database(committing_app), post(postbox)) == 1
    assert server.ids == postbox.ids == [f"<{letter_id}@letters.crm>"]
    assert states(committing_app) == {S.SENT: 1}


def test_a_worker_told_to_stop_sees_the_letter_in_hand_through_and_no_other(
    committing_app: Flask, server: Server, letters: Callable[[int], list[UUID]]
) -> None:
    letters(3)
    with worker(committing_app, mail_url=server.url) as told:
        assert server.has_one.wait(PATIENCE)
        told.send_signal(signal.SIGTERM)
        server.may_answer.set()
        assert told.wait(PATIENCE) == 0
    assert states(committing_app) == {S.SENT: 1, S.QUEUED: 2}
    assert len(server.ids) == 1


def test_two_workers_that_find_the_same_lost_letters_send_each_once(
    committing_app: Flask, letters: Callable[[int], list[UUID]]
) -> None:
    letters(20)
    with database(committing_app).transaction():
        session().execute(
            update(Letter).values(
                _status=S.SENDING, taken_at=now() - 2 * LOST_AFTER, version=Letter.version + 1
            )
        )
    boxes = [Postbox() for _ in range(4)]
    sent = in_threads(*((lambda box=box: drain(database(committing_app), post(box))) for box in boxes))
    assert sum(sent) == 20
    ids = [each for box in boxes for each in box.ids]
    assert len(ids) == len(set(ids)) == 20


def test_timed_work_is_done_once_by_many_workers(committing_app: Flask) -> None:
    done: list[int] = []
    rooms = (Feature(name="field", timed=(Timed("count sheep", DAILY, lambda: done.append(1)),)),)
    ended = in_threads(*[lambda: run_due(database(committing_app), rooms)] * 4)
    assert sorted(ended) == [[], [], [], ["count sheep"]]
    assert done == [1]


def test_a68_a_referral_cut_off_goes_again_under_the_same_id_and_the_newest_link_alone_works(
    committing_app: Flask, server: Server
) -> None:
    """The mail server had taken the letter, and the worker was killed before it could say so."""
    with database(committing_app).transaction():
        made = factories.sent_referral(factories.business())
        link = LinkWanted(Purpose.REPLY, str(made.id))
        words = {"business_name": "Made", "subject": "Made", "by_name": "Made", "by_email": "", "due": ""}
        letter_id = queue("referral_sent", Reader("kim@made.example", "Kim"), having=Extras(words, link)).id
    with worker(committing_app, mail_url=server.url) as killed:
        assert server.has_one.wait(PATIENCE)
        killed.send_signal(signal.SIGKILL)
        killed.wait(PATIENCE)
    with database(committing_app).transaction():
        session().execute(update(Letter).values(taken_at=now() - LOST_AFTER - timedelta(seconds=1)))
    server.may_answer.set()
    with worker(committing_app, "--once", mail_url=server.url) as restarted:
        assert restarted.wait(PATIENCE) == 0
    assert server.ids == [f"<{letter_id}@letters.crm>"] * 2
    assert states(committing_app) == {S.SENT: 1}
    first, second = (committing_app.test_client().get(f"/reply/{each}") for each in server.tokens)
    assert (first.status_code, second.status_code) == (404, 200)


def test_no_calendar_file_is_lost_with_a_killed_worker(committing_app: Flask, server: Server) -> None:
    begins = now() + timedelta(days=1)
    event = Event("one@letters.crm", 0, begins, begins + timedelta(hours=1), "The plan", "A call")
    words = {"subject": "", "when": "", "place": "", "adviser_name": "", "business_name": "", "reason": ""}
    with database(committing_app).transaction():
        queue("appointment", Reader("kim@made.example", "Kim"), having=Extras(words, event=event))
    with worker(committing_app, mail_url=server.url) as killed:
        assert server.has_one.wait(PATIENCE)
        killed.send_signal(signal.SIGKILL)
        killed.wait(PATIENCE)
    with database(committing_app).transaction():
        session().execute(update(Letter).values(taken_at=now() - LOST_AFTER - timedelta(seconds=1)))
    postbox = Postbox()
    assert drain(database(committing_app), post(postbox)) == 1
    assert server.ids == postbox.ids
    (message,) = postbox.sent
    (file,) = message.iter_attachments()
    assert "UID:one@letters.crm" in file.get_content()
