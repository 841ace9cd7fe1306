"""Two at once: acts in threads with connections of their own, browsers that really commit, workers as processes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from crm.accounts.models import LoginSession
from crm.accounts.rules import hash_of_token, new_session_token
from crm.db.session import session
from crm.kernel.clock import now
from tests.engines import PATIENCE
from tests.faults.forked import Forked, forked
from tests.houses import database

ROOT = Path(__file__).parents[2]
Act = Callable[[], Any]


def together(app: Flask, *acts: Act) -> list[Any]:
    """Do each act in a transaction of its own, all begun at the same moment; what each returned or raised."""
    start = threading.Barrier(len(acts))

    def do(act: Act) -> Any:
        start.wait(PATIENCE)
        with database(app).transaction():
            return act()

    return in_threads(*((lambda act=act: do(act)) for act in acts))


def overlapping(app: Flask, first: Act, second: Act) -> list[Any]:
    """Do the second act after the first was done and before it was committed."""
    was_done, second_begins = threading.Event(), threading.Event()

    def do_first() -> Any:
        try:
            with database(app).transaction():
                done = first()
                session().flush()
                was_done.set()
                second_begins.wait(PATIENCE)
                time.sleep(0.2)  # so that the second meets what the first holds
                return done
        finally:
            was_done.set()  # where it was refused nobody is kept waiting

    def do_second() -> Any:
        was_done.wait(PATIENCE)
        second_begins.set()
        with database(app).transaction():
            return second()

    return in_threads(do_first, do_second)


def in_threads(*acts: Act) -> list[Any]:
    """What each act returned or raised, in their order."""
    ended: list[Any] = [None] * len(acts)

    def run(place: int, act: Act) -> None:
        try:
            ended[place] = act()
        except Exception as error:  # noqa: BLE001 the test looks at whatever it was
            ended[place] = error

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive(), "it hangs"
    return ended


def meet_in(monkeypatch: pytest.MonkeyPatch, module: Any, *names: str) -> None:
    """Let two requests wait for each other before these verbs; on SQLite, where one waits already, hardly at all."""
    meeting = threading.Barrier(2)

    def waiting(verb: Callable[..., Any]) -> Callable[..., Any]:
        def met(*args: Any, **kw: Any) -> Any:
            can_meet = session().get_bind().dialect.name != "sqlite"
            with suppress(threading.BrokenBarrierError):
                meeting.wait(1.0 if can_meet else 0.1)
            return verb(*args, **kw)

        return met

    for name in names:
        monkeypatch.setattr(module, name, waiting(getattr(module, name)))


class Browser(FlaskClient):
    """A browser whose requests really commit."""

    def enter(self, account_id: UUID) -> Browser:
        secret, moment = new_session_token(), now()
        row = LoginSession(account_id=account_id, token_hash=hash_of_token(secret), device="A test")
        row.began_at, row.expires_at = moment, moment + timedelta(hours=1)
        with database(self.application).transaction():
            session().add(row)
        with self.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"], cookie["csrf_token"] = secret, True, "0" * 40
        return self

    def send(self, address: str, data: dict[str, Any] | None = None) -> Any:
        """Post a form with its token."""
        with self.session_transaction() as cookie:
            cookie.setdefault("csrf_token", "0" * 40)
        token = URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token").dumps("0" * 40)
        return self.post(address, data={"csrf_token": token, **(data or {})})


def browser(app: Flask, account_id: UUID | None = None) -> Browser:
    app.test_client_class = Browser
    made = app.test_client()
    assert isinstance(made, Browser)
    return made.enter(account_id) if account_id else made


def command(app: Flask, *words: str, **settings: str) -> AbstractContextManager[Forked]:
    """One of the product's commands as a process of its own, on the database of ``app``; ended in the end."""
    return forked(words, environment_of(app, settings))


def environment_of(app: Flask, settings: Mapping[str, str]) -> dict[str, str]:
    """What a process finds that runs the product on the database of ``app``."""
    known = app.extensions["settings"]
    return {
        **{
            name: os.environ[name]
            for name in ("PATH", "HOME", "LANG", "PYTHONPYCACHEPREFIX")
            if name in os.environ
        },
        "CRM_ENV": "test",
        "CRM_DATA": str(known.data),
        "DATABASE_URL": known.database_url,
        "CRM_BASE_URL": known.base_url,
        **settings,
    }


@contextmanager
def fresh(app: Flask, *words: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """The same in a fresh Python, for what is said on its way: its ``stdout`` is read as it comes."""
    process = subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env=environment_of(app, settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def worker(app: Flask, *words: str, mail_url: str) -> Any:
    return command(app, "-m", "flask", "--app", "wsgi", "run-worker", *words, CRM_MAIL_URL=mail_url)
