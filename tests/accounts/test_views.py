"""Signing in at the page: what a failed try leaves, where one goes on to, and how long a cookie is worth anything."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from justhtml import JustHTML
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.models import LoginSession
from crm.accounts.service.signing_in import WRONG
from crm.accounts.workflow import AccountStatus
from crm.audit.queries import entries_about
from crm.links import service as links
from crm.links.rules import Purpose
from crm.throttles.models import ThrottleCount
from crm.throttles.rules import SIGN_IN_FROM_NETWORK
from tests.accounts.people import again, person
from tests.cast import PASSWORD, Cast
from tests.client import ConformingClient

NEW = "marmalade cello thunder ninety"


def enter(client: ConformingClient, email: str, password: str = PASSWORD, *, to: str | None = None) -> Any:
    query = f"?{urlencode({'next': to})}" if to is not None else ""
    return client.post(f"/sign-in{query}", data={"email": email, "password": password})


def is_in(client: ConformingClient) -> bool:
    return client.get("/account").status_code == 200


def cookie_of(client: ConformingClient) -> str:
    found = client.get_cookie("crm")
    return found.value if found else ""


# ---------------------------------------------------------------- the page and what it leaves


def test_the_right_password_leads_to_the_desk(client: ConformingClient, cast: Cast) -> None:
    answer = enter(client, f" {cast.adviser.email.upper()} ")
    assert (answer.status_code, answer.location) == (303, "/desk")
    assert is_in(client)


def test_whatever_is_wrong_the_page_says_the_same(client: ConformingClient, cast: Cast) -> None:
    person(email="out@people.example", password=PASSWORD, status=AccountStatus.DEACTIVATED)
    pages = []
    for email, password in (
        (cast.adviser.email, "wrong"),
        ("nobody@people.example", PASSWORD),
        ("out@people.example", PASSWORD),
        (cast.founder.email, PASSWORD),
    ):
        answer = enter(client, email, password)
        assert answer.status_code == 422
        assert WRONG in answer.text
        assert password not in answer.text
        pages.append(answer.text.replace(email, ""))
    assert len({len(page) for page in pages}) == 1
    assert not is_in(client)


def test_a_try_that_is_refused_is_counted_all_the_same(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    enter(client, cast.adviser.email, "wrong")
    enter(client, cast.adviser.email, "wrong")
    db.expire_all()
    assert db.scalars(select(ThrottleCount.tries)).all() == [2, 2, 2, 2]
    assert [entry.act for entry in entries_about(cast.adviser.account)] == ["sign_in_failed"] * 2


def test_one_try_too_many_is_told_to_wait_and_for_how_long(client: ConformingClient, cast: Cast) -> None:
    for _ in range(SIGN_IN_FROM_NETWORK.tries):
        assert enter(client, cast.adviser.email, "wrong").status_code == 422
    answer = enter(client, cast.adviser.email)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= SIGN_IN_FROM_NETWORK.seconds
    assert not is_in(client)


def test_43_a_browser_that_signed_in_before_gets_in_whatever_others_tried_from_the_same_network(
    client: ConformingClient, cast: Cast, app: Flask
) -> None:
    enter(client, cast.adviser.email)
    client.post("/sign-out")
    stranger = app.test_client()
    for _ in range(SIGN_IN_FROM_NETWORK.tries):
        assert enter(stranger, cast.adviser.email, "wrong").status_code == 422
    assert enter(stranger, cast.adviser.email).status_code == 429
    assert enter(client, cast.adviser.email).status_code == 303


def test_43_the_cookie_of_a_known_browser_is_signed_names_nobody_and_no_script_reads_it(
    client: ConformingClient, cast: Cast
) -> None:
    enter(client, cast.adviser.email)
    kept = client.get_cookie("crm-device")
    assert kept is not None
    assert (kept.http_only, kept.same_site, kept.path) == (True, "Lax", "/")
    assert cast.adviser.email not in kept.value
    client.post("/sign-out")
    client.set_cookie("crm-device", kept.value[:-1] + "x")
    for _ in range(SIGN_IN_FROM_NETWORK.tries):
        enter(client, cast.adviser.email, "wrong")
    assert enter(client, cast.adviser.email).status_code == 429


def test_what_was_typed_is_kept_but_for_the_password(client: ConformingClient, cast: Cast) -> None:
    answer = enter(client, "not an address", "secret words")
    assert answer.status_code == 422
    assert 'value="not an address"' in answer.text
    assert "secret words" not in answer.text


def test_a_form_without_its_token_signs_nobody_in(client: ConformingClient, cast: Cast) -> None:
    data = {"email": cast.adviser.email, "password": PASSWORD}
    assert client.post("/sign-in", data=data, token=False).status_code == 422
    assert not is_in(client)


def test_an_answer_whose_trace_cannot_be_left_is_not_given(
    client: ConformingClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr("crm.throttles.service.count_try", broken)
    client.may_break = True
    answer = enter(client, cast.adviser.email, "wrong")
    assert answer.status_code == 500
    assert WRONG not in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "/directory?q=%00",
        "/directory?%00=q",
        "/sign-in?next=%00",
        "/find-support/results?postcode=%01",
        "/people?q=%7f",
    ],
)
def test_what_nobody_can_see_or_type_is_refused(client: ConformingClient, cast: Cast, address: str) -> None:
    client.sign_in(cast.administrator)
    assert client.get(address).status_code == 422


@pytest.mark.parametrize("address", ["/directory/services/%00", "/links/sign-in/%00", "/figures/%00", "/%00"])
def test_there_is_nothing_at_such_an_address(client: ConformingClient, cast: Cast, address: str) -> None:
    client.sign_in(cast.administrator)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("part", ["email", "password"])
def test_letters_that_cannot_be_seen_break_nothing(client: ConformingClient, cast: Cast, part: str) -> None:
    data = {"email": cast.adviser.email, "password": PASSWORD} | {part: "a\x00b" + "x" * 20_000}
    assert client.post("/sign-in", data=data).status_code == 422


# ---------------------------------------------------------------- where one goes on to


@pytest.mark.parametrize("to", ["/directory", "/directory?q=a&lep=GBSLEP", "/people", "/"])
def test_one_goes_on_to_where_one_was_going(client: ConformingClient, cast: Cast, to: str) -> None:
    assert enter(client, cast.adviser.email, to=to).location == to


@pytest.mark.parametrize(
    "to",
    [
        "",
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "https://evil.example",
        "https:evil.example",
        "https:/evil.example",
        "HTTPS://evil.example",
        "http:///evil.example",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "\\\\evil.example",
        "/\\evil.example",
        "/\\/evil.example",
        "\\/evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "%2F%2Fevil.example",
        "/%5Cevil.example",
        "/%2Fevil.example",
        "evil.example",
        "@evil.example",
        "/.//evil.example",
        "/..//evil.example",
        "?next=//evil.example",
        "/\r\nSet-Cookie: a=b",
        "//[evil",
        "/" + "a" * 3_000,
    ],
)
def test_nobody_is_led_off_our_pages(client: ConformingClient, cast: Cast, to: str) -> None:
    answer = enter(client, cast.adviser.email, to=to)
    assert answer.status_code == 303
    target = answer.location
    assert target.startswith("/")
    assert not target.startswith(("//", "/\\"))
    assert not {"\\", "\r", "\n", "\t", "\x00"} & set(target)
    parts = urlsplit(target)
    assert (parts.scheme, parts.netloc) == ("", "")
    assert "Set-Cookie: a=b" not in str(answer.headers)


def test_the_page_itself_carries_the_way_on_and_no_other(client: ConformingClient, cast: Cast) -> None:
    answer = client.get("/account")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=%2Faccount")
    for to in ("//evil.example", 'x"><script>alert(1)</script>'):
        page = client.get(f"/sign-in?{urlencode({'next': to})}").text
        assert "<script>alert" not in page
        assert 'href="//evil' not in page


# ---------------------------------------------------------------- cookies and sessions


def test_signing_in_begins_a_fresh_cookie(client: ConformingClient, cast: Cast) -> None:
    client.get("/sign-in")
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
    before = cookie_of(client)
    enter(client, cast.adviser.email)
    assert cookie_of(client) != before
    with client.session_transaction() as cookie:
        assert "planted" not in cookie


def test_every_sign_in_has_another_secret(client: ConformingClient, cast: Cast, db: Session) -> None:
    for _ in range(2):
        enter(client, cast.adviser.email)
        client.sign_out()
    assert len(set(db.scalars(select(LoginSession.token_hash)))) == 2


def test_an_old_cookie_is_worth_nothing_after_signing_out(client: ConformingClient, cast: Cast) -> None:
    enter(client, cast.adviser.email)
    stolen = cookie_of(client)
    assert client.post("/sign-out").status_code == 303
    assert not is_in(client)
    client.set_cookie("crm", stolen)
    assert not is_in(client)


def test_a_cookie_that_was_tampered_with_is_worth_nothing(client: ConformingClient, cast: Cast) -> None:
    enter(client, cast.adviser.email)
    client.set_cookie("crm", cookie_of(client)[:-2] + "xx")
    assert not is_in(client)


def test_scripts_and_other_sites_do_not_get_the_cookie(client: ConformingClient, cast: Cast) -> None:
    said = enter(client, cast.adviser.email).headers["Set-Cookie"]
    assert "HttpOnly" in said
    assert "SameSite=Lax" in said


def test_whoever_is_deactivated_is_out_at_the_next_click(client: ConformingClient, cast: Cast) -> None:
    enter(client, cast.adviser.email)
    theirs = cookie_of(client)
    client.sign_in(cast.administrator)
    assert client.post(f"/people/{cast.adviser.id}/deactivate").status_code == 303
    client.set_cookie("crm", theirs)
    assert not is_in(client)


def test_changing_the_password_ends_the_others_and_stays_in(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    enter(client, cast.adviser.email)
    other = cookie_of(client)
    client.sign_in(cast.adviser)
    data = {"password": PASSWORD, "new_password": NEW}
    assert client.post("/account/password", data=data).status_code == 303
    assert is_in(client)
    client.set_cookie("crm", other)
    assert not is_in(client)
    db.expire_all()
    assert enter(client, cast.adviser.email, NEW).status_code == 303


def test_nobody_ends_a_strangers_session(client: ConformingClient, cast: Cast, db: Session) -> None:
    enter(client, cast.adviser.email)
    theirs = db.scalars(select(LoginSession.id)).one()
    client.sign_in(cast.other_adviser)
    assert client.post(f"/account/sessions/{theirs}/end").status_code in (403, 404)
    client.sign_in(cast.adviser)
    assert client.post(f"/account/sessions/{theirs}/end").status_code == 303


# ---------------------------------------------------------------- links


def test_looking_at_a_link_does_nothing_and_pressing_the_button_signs_in(
    client: ConformingClient, cast: Cast
) -> None:
    invited = person(email="new@people.example", status=AccountStatus.INVITED)
    address = f"/links/sign-in/{links.mint(Purpose.SIGN_IN, str(invited.id))}"
    for _ in range(3):
        assert client.get(address).status_code == 200
        assert client.head(address).status_code == 200
    assert again(invited).status is AccountStatus.INVITED
    assert client.post(address).status_code == 303
    assert again(invited).status is AccountStatus.ACTIVE
    assert is_in(client)
    assert client.post(address).status_code == 404


def test_a_link_to_set_a_password_lives_until_a_good_one_is_set(client: ConformingClient, cast: Cast) -> None:
    invited = person(email="new@people.example", status=AccountStatus.INVITED)
    address = f"/links/set-password/{links.mint(Purpose.SET_PASSWORD, str(invited.id))}"
    for bad in ("short", "password1234", "new@people.example", "x" * 129):
        assert client.post(address, data={"new_password": bad}).status_code == 422
    assert client.post(address, data={"new_password": NEW}).status_code == 303
    assert is_in(client)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("kind", ["sign-in", "set-password"])
def test_a_dead_link_is_a_page_that_helps(client: ConformingClient, cast: Cast, kind: str) -> None:
    for token in ("nonsense", "a" * 43, "é"):
        answer = client.get(f"/links/{kind}/{token}")
        assert answer.status_code == 404
        assert "This link has been used" in answer.text


def test_asking_for_a_link_says_the_same_whether_or_not_there_is_an_account(
    client: ConformingClient, cast: Cast
) -> None:
    places = [
        client.post("/sign-in/link", data={"email": email}).location
        for email in (cast.founder.email, "nobody@people.example")
    ]
    assert places[0] == places[1]
    assert client.get(places[0]).status_code == 200


def test_k18_signed_out_in_a_form_the_link_by_email_leads_back_to_what_was_typed(
    client: ConformingClient, cast: Cast
) -> None:
    page = "/figures/enquiry.reply_days/new"
    client.sign_in(cast.administrator)
    root: Any = JustHTML(client.get(page).text, sanitize=False).root
    once = root.query_one('main input[name="once"]').attrs["value"]
    client.sign_out()
    sent = client.post(page, data={"source": "Typed for an hour", "once": once})
    door = _links(client.get(sent.headers["Location"]).text, "/sign-in/link")
    asking = _form(client.get(door).text)
    asked = client.post(asking, data={"email": cast.administrator.email})
    assert "/sign-in/link?next=" in client.get(asked.headers["Location"]).text

    entered = client.post(f"/links/sign-in/{links.mint(Purpose.SIGN_IN, str(cast.administrator.id))}")

    assert entered.headers["Location"].startswith(f"{page}?kept=")
    assert "Typed for an hour" in client.get(entered.headers["Location"]).text
    with client.session_transaction() as cookie:
        assert "next" not in cookie


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "http://["]
)
def test_k18_the_link_by_email_leads_to_our_own_pages_alone(
    client: ConformingClient, cast: Cast, elsewhere: str
) -> None:
    client.post(f"/sign-in/link?{urlencode({'next': elsewhere})}", data={"email": cast.adviser.email})

    entered = client.post(f"/links/sign-in/{links.mint(Purpose.SIGN_IN, str(cast.adviser.id))}")

    assert entered.headers["Location"] == "/desk"


def _links(text: str, start: str) -> str:
    root: Any = JustHTML(text, sanitize=False).root
    return str(root.query_one(f'main a[href^="{start}"]').attrs["href"])


def _form(text: str) -> str:
    root: Any = JustHTML(text, sanitize=False).root
    return str(root.query_one("main form").attrs["action"])
