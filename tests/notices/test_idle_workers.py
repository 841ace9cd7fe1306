"""A worker that has nothing to do looks, and writes nothing: an embedded database has one writer at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import Connection, event

from crm.app import FEATURES
from crm.db.session import READ_ONLY
from crm.notices.jobs import Worker
from tests.houses import database
from tests.notices.letters import Postbox, contact, post

LOOKS = 6
"""Letters, timed work, and each kind of work that people ask for."""


@contextmanager
def transactions(app: Flask) -> Iterator[list[bool]]:
    """For each transaction that is begun, whether it can write."""
    begun: list[bool] = []

    def note(connection: Connection) -> None:
        begun.append(not connection.get_execution_options().get(READ_ONLY, False))

    event.listen(database(app).engine, "begin", note)
    yield begun
    event.remove(database(app).engine, "begin", note)


def test_a_turn_without_work_only_reads_and_mostly_once(furnished: Flask) -> None:
    with furnished.app_context():
        worker = Worker(database(furnished), FEATURES, post(Postbox()), is_over=lambda: False)
        while worker.turn():
            """Do all that a new installation has to do."""
        with transactions(furnished) as begun:
            assert worker.turn() is False
        assert (any(begun), len(begun)) == (False, LOOKS)
        with transactions(furnished) as begun:
            assert worker.turn(letters_alone=True) is False
        assert begun == [False]


def test_a_turn_for_letters_alone_sends_what_is_due(furnished: Flask) -> None:
    postbox = Postbox()
    with furnished.app_context():
        worker = Worker(database(furnished), FEATURES, post(postbox), is_over=lambda: False)
        with database(furnished).transaction():
            contact()
        worker.turn(letters_alone=True)

    assert len(postbox.sent) == 1
