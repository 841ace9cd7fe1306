"""What is lost in the middle: the connection, the process, the way through a verb. Nothing half done is left."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

import crm.db.session
from crm.accounts.models import Account
from crm.audit import service as audit
from crm.audit.models import AuditEntry
from crm.db.session import session
from crm.directory import queries
from crm.directory.models import Provider, Service
from crm.kernel.roles import Role
from crm.notices.models import Letter
from tests.accounts.people import person
from tests.engines import PATIENCE
from tests.faults.together import Browser, browser, command
from tests.houses import database, run


@pytest.fixture
def administrator(furnished: Flask) -> Browser:
    with database(furnished).transaction():
        account_id = person(Role.ADMINISTRATOR).id
    return browser(furnished, account_id)


def counts(app: Flask) -> list[int]:
    with database(app).reading():
        return [
            session().scalar(select(func.count()).select_from(each)) or 0
            for each in (Account, AuditEntry, Letter, Service, Provider)
        ]


def hang_up(opened: Session) -> None:
    """End every connection but one's own, as a database that restarts does."""
    opened.execute(
        text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    )


@pytest.mark.engine("postgresql")
def test_connections_lost_between_two_requests_are_never_noticed(furnished: Flask) -> None:
    visitor = browser(furnished)
    assert visitor.get("/directory").status_code == 200
    other = crm.db.session.Database(furnished.extensions["settings"].database_url)
    with other.transaction() as opened:
        hang_up(opened)
    other.engine.dispose()
    assert visitor.get("/directory").status_code == 200


@pytest.mark.engine("postgresql")
def test_a_connection_lost_in_the_middle_is_an_error_page_and_the_next_request_works(
    furnished: Flask, administrator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = counts(furnished)
    real = audit.record

    def record(*args: Any, **kw: Any) -> Any:
        other = crm.db.session.Database(furnished.extensions["settings"].database_url)
        with other.transaction() as opened:
            hang_up(opened)
        other.engine.dispose()
        return real(*args, **kw)

    monkeypatch.setattr(audit, "record", record)
    form = {"name": "Ann", "email": "ann@people.example", "kind": "staff"}
    answer = administrator.send("/people/new", form)
    assert answer.status_code == 500
    assert "<h1" in answer.text
    monkeypatch.undo()
    assert counts(furnished) == before
    assert administrator.send("/people/new", form).status_code == 303


@pytest.mark.engine("sqlite")
def test_a_database_that_another_writer_holds_is_said_in_words_and_the_same_form_is_saved_afterwards(
    furnished: Flask, administrator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crm.db.session, "BUSY_TIMEOUT_MS", 100)
    database(furnished).engine.dispose()
    path = furnished.extensions["settings"].database_url.removeprefix("sqlite:///")
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    form = {"name": "Ann", "email": "ann@people.example", "kind": "staff"}
    before = counts(furnished)
    answer = administrator.send("/people/new", form)
    assert answer.status_code == 503
    assert ">The service is busy</h1>" in answer.text
    assert "nothing was saved" in answer.text
    assert answer.headers["Retry-After"] == "10"
    assert counts(furnished) == before
    assert administrator.get("/directory").status_code == 200  # whoever only reads need not wait
    holder.execute("ROLLBACK")
    holder.close()
    assert administrator.send("/people/new", form).status_code == 303


def test_a_database_that_is_away_is_a_page_that_asks_nothing_of_it(
    furnished: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = browser(furnished)
    assert visitor.get("/readyz").status_code == 200

    def gone(*_: Any, **__: Any) -> Any:
        raise ConnectionError("gone")

    monkeypatch.setattr(database(furnished), "open", gone)
    answer = visitor.get("/directory")
    assert answer.status_code == 500
    assert "<h1" in answer.text
    monkeypatch.undo()
    assert visitor.get("/directory").status_code == 200


@pytest.mark.parametrize("moment", ["audit", "letter", "commit"])
def test_a_crash_in_the_middle_of_a_verb_leaves_nothing(
    furnished: Flask, administrator: Browser, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    before = counts(furnished)

    def crash(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        if moment == "audit":
            broken.setattr(audit, "record", crash)
        elif moment == "letter":
            broken.setattr("crm.accounts.service.administering.queue", crash)
        else:
            broken.setattr(Session, "commit", crash)
        form = {"name": "Ann", "email": "ann@people.example", "kind": "staff"}
        assert administrator.send("/people/new", form).status_code == 500
    assert counts(furnished) == before
    assert administrator.send("/people/new", form).status_code == 303
    assert [after - earlier for earlier, after in zip(before, counts(furnished), strict=True)] == [
        1,
        1,
        1,
        0,
        0,
    ]


def test_an_error_in_a_template_after_the_verb_keeps_nothing(
    furnished: Flask, administrator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = counts(furnished)

    def crash(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr("crm.web.forms.redirect", crash)
    form = {"name": "Ann", "email": "ann@people.example", "kind": "staff"}
    assert administrator.send("/people/new", form).status_code == 500
    assert counts(furnished) == before


KILLED = """
import os, signal
from crm.app import create_app
from crm.accounts.service.administering import Invitation, invite
from crm.db.session import session
from crm.kernel.permissions import SYSTEM
with create_app().extensions["database"].transaction():
    invite(Invitation("ann@people.example", "Ann"), by=SYSTEM)
    session().flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_killed_before_it_committed_leaves_nothing(committing_app: Flask) -> None:
    with command(committing_app, "-c", KILLED) as killed:
        assert killed.wait(PATIENCE) == -9
    assert counts(committing_app) == [0, 0, 0, 0, 0]
    run(committing_app, "accounts", "create", "--email=ann@people.example", "--name=Ann", "--role=auditor")
    assert counts(committing_app)[0] == 1


def test_an_import_killed_in_the_middle_leaves_nothing(committing_app: Flask) -> None:
    code = KILLED.replace(
        'invite(Invitation("ann@people.example", "Ann"), by=SYSTEM)',
        "from crm.directory.jobs.importing import import_services, shipped_file\n"
        "    import_services(shipped_file(), with_illustrative=False, by=SYSTEM)",
    )
    with command(committing_app, "-c", code) as killed:
        assert killed.wait(PATIENCE) == -9
    assert counts(committing_app) == [0, 0, 0, 0, 0]


def test_a_reader_sees_all_of_an_import_or_nothing(committing_app: Flask) -> None:
    from crm.directory.jobs.importing import import_services, shipped_file
    from crm.kernel.permissions import SYSTEM
    from tests.faults.together import in_threads

    def seen() -> int:
        with database(committing_app).reading():
            return queries.count_of(queries.Search())

    with database(committing_app).transaction():
        import_services(shipped_file(), with_illustrative=False, by=SYSTEM)
        session().flush()
        assert in_threads(seen) == [0]
    assert seen() == 69
