"""What the tests of the outbox stand on."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from crm.db.session import Database
from tests.houses import database
from tests.notices.letters import Postbox


@pytest.fixture
def house(app: Flask, db: Session) -> Database:
    found = database(app)
    assert isinstance(found, Database)
    return found


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def _signals() -> Iterator[None]:
    """The worker listens to signals; the tests' own listeners are put back after it."""
    before = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)}
    yield
    for name, listener in before.items():
        signal.signal(name, listener)
