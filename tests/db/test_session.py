"""A session opened for reading changes nothing, however it is asked to; one for writing does all or nothing."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from crm.accounts.models import Account
from crm.accounts.workflow import AccountStatus
from crm.db.session import Database, ReadOnlySession, session
from crm.kernel.clock import now
from tests import factories
from tests.engines import PATIENCE
from tests.houses import database


@pytest.fixture
def kept(committing_app: Flask) -> Database:
    """A database of its own, with one account in it."""
    opened = database(committing_app)
    with opened.transaction():
        factories.account(email="ann@made.example")
    return opened


def accounts(opened: Database) -> list[str]:
    with opened.reading() as reading:
        return list(reading.scalars(select(Account.email).order_by(Account.email)))


def another() -> dict[str, Any]:
    return {"email": "bea@made.example", "name": "Bea", "created_at": now(), "_status": AccountStatus.INVITED}


def add(opened: Session) -> None:
    opened.add(Account(**another()))
    opened.flush()


def change(opened: Session) -> None:
    found = opened.scalars(select(Account)).one()
    found.name = "Another"
    opened.flush()


def change_many(opened: Session) -> None:
    opened.execute(update(Account).values(name="Another"))


def remove_many(opened: Session) -> None:
    opened.execute(delete(Account))


def add_many(opened: Session) -> None:
    opened.execute(insert(Account), [{**another()}])


@pytest.mark.parametrize("write", [add, change, change_many, remove_many, add_many])
def test_reading_refuses_what_the_models_would_write(kept: Database, write: Any) -> None:
    with kept.reading() as reading, pytest.raises(ReadOnlySession):
        write(reading)

    assert accounts(kept) == ["ann@made.example"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE account SET name = 'Another'",
        "DELETE FROM account",
        "DROP TABLE account",
        "CREATE TABLE passing (number INTEGER)",
    ],
)
def test_reading_refuses_plain_sql_too(kept: Database, statement: str) -> None:
    with kept.reading() as reading, pytest.raises(DBAPIError, match=r"read-?only"):
        reading.execute(text(statement))

    assert accounts(kept) == ["ann@made.example"]


def test_a_connection_that_read_can_write_the_next_time(kept: Database) -> None:
    for _ in range(3):
        assert accounts(kept)
        with kept.transaction() as writing:
            change_many(writing)


def test_a_transaction_keeps_all_or_nothing(kept: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        fail_after_writing(kept)

    assert accounts(kept) == ["ann@made.example"]


def fail_after_writing(kept: Database) -> None:
    with kept.transaction() as writing:
        add(writing)
        raise ZeroDivisionError


def test_a_session_is_ambient_only_within_its_block(kept: Database) -> None:
    with kept.reading() as outer:
        assert session() is outer
        with kept.transaction() as inner:
            assert session() is inner
        assert session() is outer
    with pytest.raises(LookupError):
        session()


@pytest.mark.engine("sqlite")
def test_foreign_keys_are_held_and_the_journal_lets_readers_read(kept: Database) -> None:
    with kept.reading() as reading:
        answers = {
            name: reading.scalar(text(f"PRAGMA {name}"))
            for name in ("foreign_keys", "journal_mode", "busy_timeout")
        }

    assert answers == {"foreign_keys": 1, "journal_mode": "wal", "busy_timeout": 10_000}


@pytest.mark.engine("sqlite")
def test_a_write_takes_its_place_before_it_reads(kept: Database) -> None:
    """Two who read and then write wait for each other, rather than one failing half-way."""
    with kept.transaction() as writing:
        writing.scalars(select(Account)).all()
        began = threading.Event()
        waited: list[str] = []

        def second() -> None:
            began.set()
            with kept.transaction() as mine:
                found = mine.scalars(select(Account)).one()
                waited.append(found.name)
                found.name += ", and again"

        thread = threading.Thread(target=second)
        thread.start()
        began.wait(PATIENCE)
        thread.join(0.2)
        assert waited == []
        writing.execute(update(Account).values(name="Once"))
        writing.commit()
        thread.join(PATIENCE)

    assert waited == ["Once"]
    with kept.reading() as reading:
        assert reading.scalars(select(Account.name)).one() == "Once, and again"


def test_a_reader_does_not_wait_for_a_writer(kept: Database) -> None:
    with kept.transaction() as writing:
        add(writing)
        assert accounts(kept) == ["ann@made.example"]
