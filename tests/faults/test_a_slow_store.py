"""The store of files takes its time: meanwhile its request holds nothing, and what changed meanwhile counts.

Every application under test has a store that breaks a request which asks it while it holds a transaction (`UnheldFiles`), and
every door that takes files is posted to well in some test: so each of them is tried.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update

from crm.db.session import Database, session
from crm.documents.models import Document
from crm.evidence.models import Output
from crm.evidence.workflow import OutputStatus
from crm.figures.models import DatedFigure
from crm.gateways.files import FilesUnavailable
from crm.kernel.roles import Role
from crm.submissions.models import Submission
from tests import factories
from tests.accounts.people import person
from tests.faults.test_two_sendings_at_once import one_time_id
from tests.faults.together import Browser, browser, in_threads
from tests.houses import UnheldFiles, database

PDF = b"%PDF-1.7\n%%EOF\n"


class Slow:
    """A store in which something else happens before it answers."""

    def __init__(self, files: Any, meanwhile: Callable[[], None]) -> None:
        self.files, self.meanwhile = files, meanwhile

    def put(self, key: str, data: bytes) -> None:
        self.files.put(key, data)
        self.meanwhile()

    def get(self, key: str) -> bytes:
        self.meanwhile()
        return bytes(self.files.get(key))


@pytest.fixture
def output_id(furnished: Flask) -> UUID:
    with database(furnished).transaction():
        return factories.output(factories.business(), proof="A letter").id


@pytest.fixture
def adviser(furnished: Flask) -> Browser:
    with database(furnished).transaction():
        account_id = person(Role.ADVISER).id
    made = browser(furnished, account_id)
    made.form = {"once": one_time_id(furnished, account_id)}  # type: ignore[attr-defined]
    return made


def slowly(app: Flask, meanwhile: Callable[[], None]) -> None:
    app.extensions["files"] = UnheldFiles(Slow(app.extensions["own files"].files, meanwhile))


def send(by: Browser, output_id: UUID) -> Any:
    form = by.form | {"file": (io.BytesIO(PDF), "Payroll.pdf")}  # type: ignore[attr-defined]
    return by.send(f"/outputs/{output_id}/files/attach", form)


def count(app: Flask, model: Any) -> int:
    with database(app).reading():
        return session().scalar(select(func.count()).select_from(model)) or 0


def another(app: Flask) -> Database:
    return Database(app.extensions["settings"].database_url)


def require_nothing_held(app: Flask) -> None:
    """Write on a connection of one's own at once, and see nobody who waits in a transaction."""
    other = another(app)
    with other.transaction() as opened:
        if opened.get_bind().dialect.name == "sqlite":
            opened.execute(text("PRAGMA busy_timeout=0"))
        opened.execute(update(DatedFigure).values(source="changed meanwhile"))
        if opened.get_bind().dialect.name == "postgresql":
            waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in tr%'"
            assert opened.scalar(text(waiting)) == 0
    other.engine.dispose()


def test_whoever_waits_for_the_store_holds_no_lock_and_no_transaction(
    furnished: Flask, adviser: Browser, output_id: UUID
) -> None:
    seen: list[bool] = []
    slowly(furnished, lambda: seen.append(require_nothing_held(furnished) is None))

    assert send(adviser, output_id).status_code == 303
    with database(furnished).reading():
        document_id = session().scalars(select(Document.id)).one()
    assert adviser.get(f"/outputs/{output_id}/files/{document_id}").data == PDF
    assert seen == [True, True]


def test_a_form_sent_again_while_the_store_is_slow_acts_once(
    furnished: Flask, adviser: Browser, output_id: UUID
) -> None:
    answers: list[Any] = []

    def again() -> None:
        slowly(furnished, lambda: None)
        other = browser(furnished)
        other._cookies, other.form = adviser._cookies, adviser.form  # type: ignore[attr-defined]
        answers.extend(in_threads(lambda: send(other, output_id)))

    slowly(furnished, again)
    answers.append(send(adviser, output_id))

    assert [each.status_code for each in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert (count(furnished, Document), count(furnished, Submission)) == (1, 1)


def test_what_was_decided_while_the_store_was_slow_counts(
    furnished: Flask, adviser: Browser, output_id: UUID
) -> None:
    def withdraw() -> None:
        other = another(furnished)
        with other.transaction() as opened:
            opened.execute(update(Output).values(_status=OutputStatus.WITHDRAWN, reason="made twice"))
        other.engine.dispose()

    slowly(furnished, withdraw)
    refused = send(adviser, output_id)

    assert refused.status_code == 409
    assert "was removed" in refused.text
    assert (count(furnished, Document), count(furnished, Submission)) == (0, 0)


def test_what_was_removed_while_the_store_was_slow_is_said_to_be_gone(
    furnished: Flask, adviser: Browser, output_id: UUID
) -> None:
    def remove() -> None:
        other = another(furnished)
        with other.transaction() as opened:
            opened.execute(text("DELETE FROM output"))
        other.engine.dispose()

    slowly(furnished, remove)
    gone = send(adviser, output_id)

    assert gone.status_code == 404
    assert "is not there now" in gone.text
    assert count(furnished, Document) == 0


def test_where_the_store_is_away_the_form_says_so_and_can_be_sent_again(
    furnished: Flask, adviser: Browser, output_id: UUID
) -> None:
    def fail() -> None:
        raise FilesUnavailable("not now")

    slowly(furnished, fail)
    refused = send(adviser, output_id)
    slowly(furnished, lambda: None)

    assert refused.status_code == 422
    assert "could not be saved just now" in refused.text
    assert send(adviser, output_id).status_code == 303
    assert count(furnished, Document) == 1


def test_a_request_that_asks_the_store_while_it_holds_a_transaction_breaks(furnished: Flask) -> None:
    """The proof that the proof proves: what every test relies on finds a request that does not let go."""
    with furnished.test_request_context():
        furnished.preprocess_request()
        session().scalars(select(DatedFigure.id).limit(1)).all()
        with pytest.raises(AssertionError, match="held a transaction"):
            furnished.extensions["files"].put("ab/c", b"")
