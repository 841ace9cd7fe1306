"""What the pages of a night say of turns and places: while it is ahead, on the evening, and once it was cancelled."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from crm.angels.events.rules.labels import said_of_turn
from crm.angels.events.workflow import NightStatus, PlaceStatus
from crm.angels.investors.queries.angels import angel_of
from crm.angels.investors.service import joining
from crm.notices.service import as_sent
from tests import network, nights
from tests.angels.people import acting, letters, own_business
from tests.billing.test_renewals import read
from tests.cast import Cast
from tests.client import ConformingClient


def suspend(owner: network.Account, cast: Cast) -> None:
    found = angel_of(owner.id)
    assert found is not None
    joining.suspend(found, reason="Made", by=acting(cast.network_manager.account))


def test_k11_a_night_that_was_cancelled_has_no_places_taken_and_nobody_pitching(
    cast: Cast, client: ConformingClient
) -> None:
    night = nights.night(NightStatus.CANCELLED, seats=2)
    turn = nights.turn(night, network.pitch(network.legal(own_business())))
    nights.place(night)
    nights.place(night, status=PlaceStatus.WAITING)
    client.sign_in(cast.network_manager)
    page = read(client, f"/events/{night.id}")
    assert "2 invited in all</a>. When it was cancelled" in page
    assert "1 had a place" in page
    for untrue in ("places taken", ">Pitching<", " Pitching </strong>"):
        assert untrue not in page
    assert "1 investor had a place" in read(client, "/events?show=cancelled")
    for address in (f"/events/turns/{turn.id}", f"/raises/{turn.pitch_id}"):
        assert "Cancelled" in client.get(address).text


def test_k11_a_business_has_pitched_once_its_night_is_over_on_every_page(
    cast: Cast, client: ConformingClient
) -> None:
    night = nights.night(days=0)
    turn = nights.turn(night, network.pitch(network.legal(own_business())))
    for moment, said in ((timedelta(minutes=20), "Pitching"), (timedelta(hours=3), "Pitched")):
        with time_machine.travel(night.starts_at + moment, tick=False):
            client.sign_in(cast.network_manager)
            for address in (f"/events/{night.id}", f"/events/turns/{turn.id}", f"/raises/{turn.pitch_id}"):
                assert f"{said}" in client.get(address).text, address


@pytest.mark.parametrize(
    ("status", "night", "is_over", "said"),
    [
        ("agreed", "invited", False, "Pitching"),
        ("agreed", "invited", True, "Pitched"),
        ("agreed", "held", True, "Pitched"),
        ("agreed", "cancelled", True, "Cancelled"),
        ("declined", "cancelled", False, "Not pitching"),
    ],
)
def test_a_turn_is_said_alike_everywhere(status: str, night: str, is_over: bool, said: str) -> None:
    assert said_of_turn(status, night, is_over=is_over)[0] == said


def test_k14_everybody_in_the_network_can_be_invited_or_is_left_out_with_a_reason(
    cast: Cast, client: ConformingClient
) -> None:
    night, away = nights.night(), network.admitted(network.investor(name="Mara Away"))
    nights.turn(night)
    suspend(away, cast)
    page = read(client.sign_in(cast.network_manager), f"/events/{night.id}/invite")
    assert (
        'Mara Away</a> <span class="app-quiet">Not invited, because their membership of the network is suspended'
        in page
    )


def test_n53_who_holds_a_place_and_cannot_be_let_in_is_marked_before_the_door(
    cast: Cast, client: ConformingClient
) -> None:
    night, away = nights.night(days=0, seats=3), network.admitted(network.investor(name="Tara Away"))
    nights.turn(night)
    nights.place(night, away)
    nights.place(night)
    suspend(away, cast)
    page = read(client.sign_in(cast.network_manager), f"/events/{night.id}")
    assert "1 of those coming cannot be checked in as things are</a>, and still holds a place." in page
    door = read(client, f"/events/{night.id}/door")
    assert door.count("Cannot be checked in as things are") == 1


def test_k17_a_change_says_to_a_business_that_agreed_that_it_is_pitching_and_has_a_file(
    cast: Cast, client: ConformingClient
) -> None:
    night = nights.night()
    slot = nights.turn(night, network.pitch(network.legal(own_business())))
    client.sign_in(cast.network_manager)
    sent = {"minutes": "25", "version": str(slot.version)}
    assert client.post(f"/events/turns/{slot.id}/minutes", data=sent).status_code == 303
    (told,) = letters("night_turn_changed")
    text = as_sent("night_turn_changed", {**told.context, "to_name": "Fay"}).text
    assert "is pitching, has changed" in text
    assert "Open the attached file" in text
    assert "is asked to pitch" not in text
