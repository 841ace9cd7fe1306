"""An investor who leaves reads first what that ends; both sides are told, and every page says it afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.angels.introductions import queries
from crm.angels.introductions.workflow import IntroductionStatus as S
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.notices.rules import word
from tests import network
from tests.angels.introductions.test_introducing import shown
from tests.angels.introductions.test_on_hold import agree
from tests.angels.people import letters
from tests.cast import Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")


def test_leaving_says_first_what_it_ends_tells_both_sides_and_every_page_is_true_afterwards(
    cast: Cast, client: ConformingClient
) -> None:
    owner = network.admitted(name="Philippa Unmistakable")
    met, waits = network.introduction(shown(), owner), network.introduction(shown(), owner)
    agree(client, cast, met)
    client.sign_in(owner)
    asked = " ".join(client.get("/angels/mine/leave").text.split())
    assert "1 introduction request is withdrawn" in asked
    assert "You were introduced to Cast Pictures. It keeps your contact details." in asked
    assert "Your membership is paid until" in asked
    assert "Leave the network" in client.get("/angels/mine").text, "looking ends nothing"

    answer = client.post("/angels/mine/leave")
    said = client.get(answer.headers["Location"]).text
    assert "You have left the network." in said
    assert "You left the network on 24 November 2026" in said
    assert "Search with your own filters" not in said
    for page in ("/angels/mine", "/membership"):
        assert "left the angel network on 24 November 2026" in client.get(page).text
    assert "To keep it without a break, pay" not in client.get("/membership").text
    assert network.whole_introduction(waits).status is S.TAKEN_BACK
    (told,) = letters("introduction_left")
    assert told.to_address == cast.founder.email
    (own,) = letters("angel_left")
    context = {"to_name": "P", "base_url": "https://growth.example", "service_name": "Growth"}
    assert "Your membership is paid until" in word(own.kind, own.context | context).text
    client.sign_in(cast.network_manager)
    assert "left the angel network" in client.get(f"/memberships/{owner.id}").text


def test_a_leaver_whose_paid_time_is_over_is_on_no_desk(cast: Cast, client: ConformingClient) -> None:
    paid = {"starts_on": today() - timedelta(days=370), "ends_on": today() - timedelta(days=5)}
    for name in ("Stays Here", "Goes Away"):
        owner = network.investor(name=name)
        network.angel(owner)
        network.membership(owner, **paid)
    client.sign_in(owner).post("/angels/mine/leave")
    desk = client.sign_in(cast.network_manager).get("/desk").text
    assert "Stays Here" in desk
    assert "Goes Away" not in desk


def test_an_introduction_on_hold_is_on_the_desk_of_those_who_can_act_with_its_last_day(
    cast: Cast, client: ConformingClient
) -> None:
    owner = network.investor(name="Philippa Unmistakable")
    network.angel(owner)
    network.certification(owner)
    made = network.introduction(shown(), owner)
    agree(client, cast, made)
    last = day_in_words(queries.held_until(network.whole_introduction(made)))
    for reader, words in (
        (owner, f"Your introduction {made.reference} is on hold"),
        (cast.network_manager, f"Introduction {made.reference} is on hold: their membership is not paid for"),
    ):
        desk = client.sign_in(reader).get("/desk").text
        assert words in desk
        assert last in desk
        assert f'href="/introductions/{made.id}"' in desk
    assert "is on hold" not in client.sign_in(cast.founder).get("/desk").text
