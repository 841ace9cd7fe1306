"""What goes wrong is said on a page for people, with the status for machines and nothing of ours in it."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from crm.app import LARGEST_REQUEST
from crm.db.session import Database
from tests import assessments
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.conforming import faults_of_page
from tests.houses import database


@pytest.mark.parametrize(
    ("name", "status", "heading"),
    [
        ("not-allowed", 403, "You cannot open this page"),
        ("not-found", 404, "Page not found"),
        ("conflict", 409, None),
        ("refused", 422, None),
        ("too-many", 429, None),
        ("broken", 500, None),
        ("stop-400", 422, None),
        ("stop-418", 500, None),
    ],
)
def test_each_error_has_a_page_written_for_people(
    visitor: FlaskClient, name: str, status: int, heading: str | None
) -> None:
    answer = visitor.post(f"/tried/{name}", headers={"X-Request-ID": "abcdef-abcdef"})

    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert faults_of_page(answer.text) == []
    assert heading is None or f">{heading}</h1>" in answer.text
    assert str(status) not in answer.text.split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("conflict", "Somebody was first."),
        ("refused", "It is refused."),
        ("not-allowed", "Not for you."),
        ("not-found", "It is gone."),
        ("too-many", "Wait a while."),
        ("integrity", "This was changed after you opened the page"),
    ],
)
def test_a_refusal_says_its_own_words(visitor: FlaskClient, name: str, words: str) -> None:
    assert words in visitor.post(f"/tried/{name}").text


def test_too_many_says_when_to_come_back(visitor: FlaskClient) -> None:
    assert visitor.post("/tried/too-many").headers["Retry-After"] == "90"


def test_what_broke_is_logged_with_the_request_and_not_shown(
    visitor: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "crm.errors"):
        answer = visitor.post("/tried/broken", headers={"X-Request-ID": "0123456789abcdef"})

    assert "a secret of ours" not in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert "request 0123456789abcdef failed" in caplog.text
    assert "with this reference: <strong>0123456789abcdef</strong>." in answer.text


def test_a_database_that_does_not_answer_is_a_page_too(
    tried: Flask, visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: Any, **_named: Any) -> Any:
        raise OperationalError("SELECT 1", {}, Exception("the server is down"))

    with visitor.session_transaction() as cookie:
        cookie["_user_id"] = "somebody"
    opened: Database = database(tried)
    monkeypatch.setattr(type(opened.open()), "execute", fail)
    monkeypatch.setattr(type(opened.open()), "scalars", fail)

    answer = visitor.get("/desk")
    assert answer.status_code == 500
    assert faults_of_page(answer.text) == []
    assert "the server is down" not in answer.text


@pytest.mark.parametrize(
    "path", ["/nowhere", "/people/not-an-id", "/directory/", "//evil.example", "/%00", "/..%2f", "/é"]
)
def test_an_address_that_leads_nowhere_is_not_found(client: ConformingClient, path: str) -> None:
    assert client.get(path).status_code in {404, 308}


@pytest.mark.parametrize("path", ["/", "/directory", "/sign-in", "/find-support", "/healthz"])
def test_head_is_answered_as_get_without_a_body(client: ConformingClient, path: str) -> None:
    asked, headed = client.get(path), client.head(path)

    assert (headed.status_code, headed.mimetype, headed.data) == (asked.status_code, asked.mimetype, b"")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_a_method_that_no_page_knows_is_refused(client: ConformingClient, method: str) -> None:
    answer = client.open("/contact", method=method)

    assert answer.status_code in {404, 405, 422}


def test_what_is_only_posted_cannot_be_looked_at(client: ConformingClient, cast: Cast) -> None:
    assert client.sign_in(cast.administrator).get("/sign-out").status_code == 404


def test_an_address_that_a_refused_form_left_leads_to_the_page_above(
    client: ConformingClient, cast: Cast
) -> None:
    above = f"/businesses/{BUSINESS}/rights"
    answer = client.sign_in(cast.founder).get(f"{above}/calendar/ask")
    assert (answer.status_code, answer.headers["Location"]) == (303, above)
    assert client.get(above).status_code == 200
    check = assessments.taken(assessments.own())
    answer = client.get(f"/readiness/{check.id}/finish")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/readiness/{check.id}")
    assert client.get(f"/readiness/{check.id}/no-such-part").status_code == 404


@pytest.mark.parametrize("size", [LARGEST_REQUEST + 1, LARGEST_REQUEST * 3])
def test_a_request_too_large_is_refused(client: ConformingClient, size: int) -> None:
    data = b"text=" + b"a" * size
    answer = client.post("/contact", data=data, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 422


def test_a_form_of_countless_fields_is_refused(client: ConformingClient) -> None:
    parts = "".join(f'--x\r\nContent-Disposition: form-data; name="f{n}"\r\n\r\n1\r\n' for n in range(2000))
    answer = client.post("/contact", data=f"{parts}--x--", content_type="multipart/form-data; boundary=x")

    assert answer.status_code == 422


@pytest.mark.parametrize("token", ["", "x", "a" * 5000, "é", "eyJhIjoxfQ.aaaa.bbbb"])
def test_a_token_that_is_not_ours_is_refused_and_nothing_is_done(
    client: ConformingClient, token: str
) -> None:
    given = {"name": "Ann", "email": "ann@made.example", "text": "Hello", "csrf_token": token}
    answer = client.post("/contact", data=given)

    assert answer.status_code == 422
    assert "nothing was saved" in answer.text


def test_a_token_of_another_browser_is_refused(client: ConformingClient, cast: Cast) -> None:
    stolen = client.token()
    client.sign_in(cast.administrator)
    with client.session_transaction() as cookie:
        cookie["csrf_token"] = "1" * 40

    assert client.post("/sign-out", data={"csrf_token": stolen}).status_code == 422
