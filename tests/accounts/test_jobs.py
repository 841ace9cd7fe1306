"""The commands on accounts: the first administrator, and who holds which role."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.accounts.models import Account
from crm.accounts.rules import NewPassword
from crm.accounts.service import signing_in
from crm.accounts.service.trying import Door
from crm.kernel.permissions import VISITOR
from crm.kernel.roles import SCOPES, Role
from crm.notices.service import drain
from tests.accounts.people import person
from tests.houses import database
from tests.notices.letters import Postbox, post

DOOR = Door("192.0.2.1", "agent", "secret", lifetime=3600, password_cost="cheap")
DAY = timedelta(days=1)


def test_the_first_administrator_comes_by_command_and_the_link_works(app: Flask, db: Session) -> None:
    db.commit()
    words = ["--email", "Ann@People.Example", "--name", "Ann", "--role", "administrator"]
    done = app.test_cli_runner().invoke(args=["accounts", "create", *words])
    assert done.exit_code == 0, done.output
    address = done.stdout.strip()
    assert address.startswith("http://localhost/links/set-password/")
    drain(database(app), post(Postbox()))  # the worker comes by before the link is used
    db.expire_all()
    token = address.rsplit("/", 1)[1]
    _, who = signing_in.set_password(
        token, NewPassword.of("lantern gravel otter ninety", cost="cheap"), door=DOOR, by=VISITOR
    )
    assert who.has(Role.ADMINISTRATOR)
    assert db.scalar(select(func.count()).select_from(Account)) == 1


def test_whoever_signs_in_by_letter_gets_a_link_to_sign_in(app: Flask, db: Session) -> None:
    db.commit()
    words = ["--email", "rosa@people.example", "--name", "Rosa", "--role", "angel"]
    done = app.test_cli_runner().invoke(args=["accounts", "create", *words])
    token = done.stdout.strip().rsplit("/links/sign-in/", 1)[1]
    db.expire_all()
    assert signing_in.sign_in_by_link(token, DOOR, by=VISITOR)[1].has(Role.ANGEL)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--email", "nowhere", "--name", "Ann", "--role", "auditor"], "correct format"),
        (["--email", "taken@people.example", "--name", "Ann", "--role", "auditor"], "an account with this"),
        (["--email", "a@people.example", "--name", "Ann", "--role", "adviser"], "is scoped"),
        (["--email", "a@people.example", "--name", "Ann", "--role", "anyone"], "Invalid value"),
        (["--name", "Ann", "--role", "auditor"], "Missing option"),
    ],
)
def test_a_command_that_cannot_be_done_says_why_and_keeps_nothing(
    app: Flask, db: Session, words: list[str], says: str
) -> None:
    person(email="taken@people.example")
    db.commit()
    done = app.test_cli_runner().invoke(args=["accounts", "create", *words])
    assert done.exit_code != 0
    assert says in done.stderr
    assert db.scalar(select(func.count()).select_from(Account)) == 1


def test_the_roles_are_listed_with_how_many_hold_each(app: Flask, db: Session) -> None:
    person(Role.AUDITOR)
    person(Role.AUDITOR)
    db.commit()
    done = app.test_cli_runner().invoke(args=["accounts", "roles"])
    lines = {line[:20].strip(): line for line in done.stdout.splitlines()}
    assert set(lines) == {role.label for role in SCOPES}
    assert lines["auditor"].endswith("held by 2")
    assert "held by 0" in lines["hub manager"]
