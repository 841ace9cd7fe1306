"""Load, permit, act: who may see a thing but not touch it is told so; who may not see it learns nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crm.accounts.models import LoginSession
from crm.accounts.rules import hash_of_token
from crm.accounts.workflow import AccountStatus
from crm.db.session import Database
from crm.kernel.clock import now
from crm.kernel.roles import Role
from tests import factories
from tests.client import LIFETIME
from tests.houses import database

SECRET = "a session's secret"


@pytest.fixture
def member(tried: Flask) -> Iterator[FlaskClient]:
    """Somebody signed in without a role that sees everything."""
    yield from signed_in(tried, Role.AUDITOR)


@pytest.fixture
def administrator(tried: Flask) -> Iterator[FlaskClient]:
    yield from signed_in(tried, Role.ADMINISTRATOR)


def signed_in(app: Flask, role: Role) -> Iterator[FlaskClient]:
    opened: Database = database(app)
    with opened.transaction() as writing:
        holder = factories.account()
        factories.grant(holder, role)
        row = LoginSession(account_id=holder.id, token_hash=hash_of_token(SECRET), device="A test")
        row.began_at, row.expires_at = now(), now() + LIFETIME
        writing.add(row)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = SECRET
    yield client


def test_whoever_may_gets_the_thing_itself(administrator: FlaskClient) -> None:
    assert administrator.get("/tried/things/black-cat/touch").text == "black-cat"


def test_whoever_may_see_but_not_touch_is_refused(member: FlaskClient) -> None:
    assert member.get("/tried/things/white-cat").status_code == 200
    assert member.get("/tried/things/white-cat/touch").status_code == 403


def test_whoever_may_not_see_a_thing_does_not_learn_that_it_is_there(member: FlaskClient) -> None:
    unseen = member.get("/tried/things/black-cat/touch")
    absent = member.get("/tried/things/red-cat/touch")

    assert unseen.status_code == absent.status_code == 404
    assert unseen.text == absent.text
    assert member.get("/tried/things/black-cat").status_code == 404


@pytest.mark.parametrize("thing", ["white-cat", "black-cat", "red-cat"])
def test_a_visitor_is_sent_to_sign_in_whether_or_not_the_thing_is_there(
    visitor: FlaskClient, thing: str
) -> None:
    answer = visitor.get(f"/tried/things/{thing}?a=1&b=2")

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/sign-in?next=%2Ftried%2Fthings%2F{thing}%3Fa%3D1%26b%3D2"


def test_a_visitor_who_posts_is_told_that_nothing_is_saved(tried: Flask) -> None:
    client = tried.test_client()
    assert client.post("/sign-out").headers["Location"] == "/sign-in?next=%2Fdesk"
    with client.session_transaction() as cookie:
        assert "nothing is saved yet" in str(cookie["_flashes"])


@pytest.mark.parametrize("ending", ["ended", "run out", "deactivated", "forged"])
def test_a_session_that_is_over_is_nobodys(tried: Flask, administrator: FlaskClient, ending: str) -> None:
    assert administrator.get("/tried/things/black-cat").status_code == 200
    opened: Database = database(tried)
    with opened.transaction() as writing:
        row = writing.query(LoginSession).one()
        if ending == "ended":
            row.ended_at = now()
        if ending == "run out":
            row.expires_at = now()
        if ending == "deactivated":
            factories.stand(row.account_id, AccountStatus.DEACTIVATED)
    if ending == "forged":
        with administrator.session_transaction() as cookie:
            cookie["_user_id"] = hash_of_token(SECRET)

    assert administrator.get("/tried/things/black-cat").status_code == 303


def test_a_cookie_that_we_did_not_sign_is_no_cookie(tried: Flask) -> None:
    client = tried.test_client()
    client.set_cookie(tried.config["SESSION_COOKIE_NAME"], "eyJfdXNlcl9pZCI6ICJhIn0.aaaa.bbbb")

    assert client.get("/tried/things/white-cat").status_code == 303
