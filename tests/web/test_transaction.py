"""One request, one transaction: what went well is kept, all else is undone, and a trace stays whatever happened."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from crm.accounts.models import Account, LoginSession
from crm.audit.models import AuditEntry
from crm.db.session import Database
from crm.throttles.models import ThrottleCount
from crm.throttles.rules import SIGN_IN_FROM_NETWORK
from tests.cast import PASSWORD, Cast
from tests.client import ConformingClient
from tests.houses import database
from tests.web.doors import kept


@pytest.mark.parametrize("name", ["done", "created"])
def test_a_post_that_went_well_is_kept(tried: Flask, visitor: FlaskClient, name: str) -> None:
    assert visitor.post(f"/tried/{name}").status_code < 400
    assert kept(tried) == {"written"}


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("invalid", 422),
        ("refused", 422),
        ("not-allowed", 403),
        ("not-found", 404),
        ("conflict", 409),
        ("too-many", 429),
        ("broken", 500),
        ("clash", 409),
        ("integrity", 409),
    ],
)
def test_a_post_that_did_not_go_well_leaves_nothing(
    tried: Flask, visitor: FlaskClient, name: str, status: int
) -> None:
    assert visitor.post(f"/tried/{name}").status_code == status
    assert kept(tried) == set()


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_look_cannot_write_through_the_models(tried: Flask, visitor: FlaskClient, method: str) -> None:
    assert getattr(visitor, method)("/tried/done").status_code == 500
    assert kept(tried) == set()


def test_a_look_cannot_write_in_plain_sql(tried: Flask, visitor: FlaskClient) -> None:
    assert visitor.get("/tried/writing-in-sql").status_code == 500
    assert visitor.post("/tried/writing-in-sql").status_code == 200


@pytest.mark.parametrize(
    ("name", "method", "left"),
    [
        ("noted-done", "post", {"written", "noted"}),
        ("noted-refused", "post", {"noted"}),
        ("noted-broken", "post", {"noted"}),
        ("noted-look", "get", {"noted"}),
        ("noted-look", "head", set()),
    ],
)
def test_a_trace_stays_whatever_becomes_of_the_act(
    tried: Flask, visitor: FlaskClient, name: str, method: str, left: set[str]
) -> None:
    getattr(visitor, method)(f"/tried/{name}")

    assert kept(tried) == left


@pytest.mark.parametrize("method", ["get", "post"])
def test_where_the_trace_is_lost_nothing_is_shown(tried: Flask, visitor: FlaskClient, method: str) -> None:
    answer = getattr(visitor, method)("/tried/noted-in-vain")

    assert answer.status_code == 500
    assert "confidential" not in answer.text


def test_one_request_leaves_nothing_open_for_the_next(tried: Flask, visitor: FlaskClient) -> None:
    for name in ("broken", "not-found", "noted-refused", "done"):
        visitor.post(f"/tried/{name}")

    opened: Database = database(tried)
    assert opened.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_a_sign_in_that_failed_is_counted_and_noted(client: ConformingClient, cast: Cast) -> None:
    given = {"email": cast.adviser.email, "password": "not the password"}
    assert client.post("/sign-in", data=given).status_code == 422

    opened: Database = database(client.application)
    with opened.reading() as reading:
        assert sorted(reading.scalars(select(ThrottleCount.tries))) == [1, 1, 1, 1]
        assert reading.scalar(select(AuditEntry.thing_id).where(AuditEntry.act == "sign_in_failed")) == str(
            cast.adviser.id
        )


def test_too_many_sign_ins_that_failed_are_refused_even_with_the_password(
    client: ConformingClient, cast: Cast
) -> None:
    given = {"email": cast.adviser.email, "password": "not the password"}
    statuses = [
        client.post("/sign-in", data=given).status_code for _ in range(SIGN_IN_FROM_NETWORK.tries + 1)
    ]

    assert statuses == [422] * SIGN_IN_FROM_NETWORK.tries + [429]


def test_signing_in_begins_one_session(client: ConformingClient, cast: Cast) -> None:
    from_cast = {"email": cast.adviser.email, "password": PASSWORD}
    assert client.post("/sign-in", data=from_cast).headers["Location"] == "/desk"

    opened: Database = database(client.application)
    with opened.reading() as reading:
        found = reading.scalars(select(LoginSession).join(Account).where(Account.email == cast.adviser.email))
        assert [each.ended_at for each in found] == [None]
