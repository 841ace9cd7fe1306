"""What every answer carries, word for word."""

from __future__ import annotations

import logging
import re

import pytest

from crm.app import create_app
from crm.config import Settings
from tests.cast import Cast
from tests.client import ConformingClient
from tests.starting import SOUND

PRODUCTION = SOUND | {"DATABASE_URL": "sqlite://", "CRM_MEANT": "sqlite"}


def test_the_content_security_policy_has_no_exceptions(client: ConformingClient) -> None:
    assert client.get("/healthz").headers["Content-Security-Policy"] == (
        "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'"
    )


@pytest.mark.parametrize("path", ["/", "/healthz", "/nowhere", "/theme.css", "/static/theme.css", "/desk"])
def test_every_answer_is_framed_sniffed_and_referred_by_nobody(client: ConformingClient, path: str) -> None:
    headers = client.get(path).headers

    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Permissions-Policy"] == "camera=(), geolocation=(), microphone=(), payment=()"
    assert "Strict-Transport-Security" not in headers


def test_over_https_browsers_are_told_to_stay_there() -> None:
    app = create_app(Settings.from_environment(PRODUCTION))
    answer = app.test_client().get("/healthz", base_url="https://support.example.org")

    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"


def test_over_https_the_cookie_is_kept_to_this_host_and_to_https() -> None:
    app = create_app(Settings.from_environment(PRODUCTION))
    answer = app.test_client().get("/sign-in", base_url="https://support.example.org")
    cookie = answer.headers["Set-Cookie"]

    assert cookie.startswith("__Host-crm=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_a_request_is_known_by_the_id_it_came_with(client: ConformingClient) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": "from-the-proxy-1"})

    assert answer.headers["X-Request-ID"] == "from-the-proxy-1"


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "a b c d e f g h", "<script>alert(1)</script>"])
def test_an_id_that_could_be_anything_is_replaced(client: ConformingClient, given: str) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": given})

    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-ID"])


def test_pages_of_ones_own_are_kept_by_nobody(client: ConformingClient, cast: Cast) -> None:
    client.sign_in(cast.administrator)

    assert client.get("/desk").headers["Cache-Control"] == "no-store"
    assert client.get("/people").headers["Cache-Control"] == "no-store"
    assert client.get("/directory").headers["Cache-Control"] == "no-cache, private"


def test_the_log_names_the_rule_and_never_the_secret(
    client: ConformingClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "crm.requests"):
        client.get("/links/sign-in/a-secret-of-somebody?email=ann@made.example")
        client.get("/nobody-at-home/ann@made.example")

    assert "GET /links/sign-in/<string:token> 404" in caplog.text
    assert "a-secret" not in caplog.text
    assert "ann@" not in caplog.text
