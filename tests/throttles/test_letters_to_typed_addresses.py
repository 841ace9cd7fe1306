"""Every route by which a stranger has a letter sent to an address they type: how often, and with whose words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from crm.db.session import session
from crm.notices.models import Letter
from crm.notices.rules import TO_UNPROVEN, word
from crm.signposting.models import EnquiryDraft
from crm.throttles.rules import LETTERS_BY_NETWORK, LETTERS_BY_RECEIVER, SIGN_IN_LETTERS, network_of
from tests import factories, gatherings
from tests.angels.investors.test_joining import SENT
from tests.cast import Cast
from tests.client import ConformingClient
from tests.signposting.test_enquiring import STEPS

WORDS = "YOUR GRANT IS APPROVED https://evil.example/pay"
Post = Callable[[ConformingClient, str, str], TestResponse]


def _draft(client: ConformingClient, **answers: Any) -> EnquiryDraft:
    made = factories.draft(answers=answers)
    with client.session_transaction() as cookie:
        cookie["keys"] = [f"enquiry_draft:{made.id}"]
    return made


def _keep_for_later(client: ConformingClient, receiver: str, source: str) -> TestResponse:
    where = f"/enquire/{_draft(client).id}/later"
    return client.post(where, data={"email": receiver}, environ_base={"REMOTE_ADDR": source})


def _enquire(client: ConformingClient, receiver: str, source: str) -> TestResponse:
    told = STEPS | {"you": STEPS["you"] | {"name": WORDS, "email": receiver}}
    told |= {"where": {"place": "B9 4AA"}, "business": STEPS["business"] | {"name": WORDS}}
    where = f"/enquire/{_draft(client, **told).id}/check"
    return client.post(where, environ_base={"REMOTE_ADDR": source})


def _sign_up(client: ConformingClient, receiver: str, source: str) -> TestResponse:
    told = {"person_name": WORDS, "email": receiver, "business_name": WORDS}
    where = f"/workshops/{gatherings.workshop().id}/sign-up"
    return client.post(where, data=told, environ_base={"REMOTE_ADDR": source})


def _join(client: ConformingClient, receiver: str, source: str) -> TestResponse:
    told = SENT | {"email": receiver, "name": WORDS}
    return client.post("/angels/join", data=told, environ_base={"REMOTE_ADDR": source})


def _complain(client: ConformingClient, receiver: str, source: str) -> TestResponse:
    told = {"name": WORDS, "email": receiver, "said": WORDS, "wanted": WORDS}
    return client.post("/privacy/complain", data=told, environ_base={"REMOTE_ADDR": source})


ROUTES: dict[str, tuple[Post, frozenset[str]]] = {
    "enquiring.keep_for_later": (_keep_for_later, frozenset({"enquiry_draft"})),
    "enquiring.ask": (_enquire, frozenset({"enquiry_received"})),
    "workshop_places.sign_up": (_sign_up, frozenset({"workshop_place", "workshop_waiting"})),
    "complaints.complain": (_complain, frozenset({"complaint_received"})),
    "network.join": (_join, frozenset({"angel_applied", "angel_again"})),
}
"""Each route with the letters it can cause."""
LATER = {"angel_accepted", "angel_declined"} | {
    f"workshop_{each}" for each in ("changed", "moved", "given_up", "taken_off", "cancelled")
}
"""Letters to such an address that follow the first one."""
SIGNED_IN = {"colleague_invited"}
"""Letters that someone signed in causes: counted by account too (`tests.businesses.test_colleagues`)."""


def sent_to(pattern: str) -> int:
    query = select(func.count()).select_from(Letter).where(Letter.to_address.like(pattern))
    return session().scalar(query) or 0


def test_every_letter_to_an_unproven_address_has_its_route() -> None:
    caused = {kind for _, kinds in ROUTES.values() for kind in kinds}
    assert caused | LATER | SIGNED_IN == TO_UNPROVEN


@pytest.mark.parametrize("route", ROUTES)
def test_one_reader_gets_so_many_letters_an_hour_from_whatever_networks(
    route: str, client: ConformingClient, cast: Cast, db: Session, clock: Any
) -> None:
    post, _ = ROUTES[route]
    for number in range(LETTERS_BY_RECEIVER.tries + 4):
        post(client, "flooded@made.example", f"198.51.100.{number}")
    assert sent_to("flooded@made.example") == LETTERS_BY_RECEIVER.tries
    clock.shift(3600)
    post(client, "flooded@made.example", "198.51.100.1")
    assert sent_to("flooded@made.example") == LETTERS_BY_RECEIVER.tries + 1


@pytest.mark.parametrize("route", ROUTES)
def test_one_network_sends_so_many_letters_an_hour_to_whatever_readers(
    route: str, client: ConformingClient, cast: Cast, db: Session
) -> None:
    post, _ = ROUTES[route]
    for number in range(LETTERS_BY_NETWORK.tries + 4):
        post(client, f"reader{number}@flood.example", f"2001:db8:1:1::{number:x}")
    assert 0 < sent_to("%@flood.example") <= LETTERS_BY_NETWORK.tries
    before = sent_to("%@flood.example")
    post(client, "other@flood.example", "2001:db8:1:2::1")
    assert sent_to("%@flood.example") == before + 1


def test_who_is_refused_a_letter_is_told_how_long_to_wait_and_keeps_what_they_typed(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    answers = [_keep_for_later(client, "flooded@made.example", f"198.51.100.{number}") for number in range(6)]
    assert [each.status_code for each in answers] == [303] * 5 + [429]
    assert "Wait 60 minutes and try again" in answers[-1].text
    assert "flooded@made.example" in answers[-1].text
    assert answers[-1].headers["Retry-After"] == "3600"


def test_an_enquiry_is_taken_though_its_letter_is_one_too_many(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    for number in range(LETTERS_BY_RECEIVER.tries):
        _keep_for_later(client, "flooded@made.example", f"198.51.100.{number}")
    assert _enquire(client, "flooded@made.example", "198.51.100.9").status_code == 303
    assert sent_to("flooded@made.example") == LETTERS_BY_RECEIVER.tries


def test_a_sign_in_link_is_sent_so_often_to_one_account(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    where = "/sign-in/link"
    answers = [
        client.post(
            where, data={"email": cast.founder.email}, environ_base={"REMOTE_ADDR": f"198.51.100.{n}"}
        )
        for n in range(SIGN_IN_LETTERS.tries + 1)
    ]
    assert answers[-1].status_code == 429
    assert sent_to(cast.founder.email) == SIGN_IN_LETTERS.tries


@pytest.mark.parametrize("route", ROUTES)
def test_a_letter_to_an_unproven_address_holds_nothing_that_its_sender_wrote(
    route: str, client: ConformingClient, cast: Cast, db: Session
) -> None:
    ROUTES[route][0](client, "victim@made.example", "198.51.100.1")
    letter = db.scalars(select(Letter).where(Letter.to_address == "victim@made.example")).one()
    ours = {"to_name": letter.to_name, "base_url": "https://growth.example", "service_name": "Growth"}
    said = word(letter.kind, {**letter.context, **ours, "link": "https://growth.example/links/x"})
    assert "GRANT" not in said.subject + said.text
    assert "evil" not in said.subject + said.text
    assert letter.kind in ROUTES[route][1]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2:ffff:0:0:9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_a_network_is_an_ipv4_address_or_a_64_of_ipv6(address: str, network: str) -> None:
    assert network_of(address) == network
