"""At the door: by name or by code, the certificate is tested again, and what is shown is in the ledger."""

from __future__ import annotations

from datetime import time, timedelta

import time_machine

from crm.angels.events.models import NightGuest, NightPlace, NightSlot
from crm.angels.events.papers import qr_svg
from crm.angels.events.workflow import PlaceStatus, Way
from crm.angels.investors.models import BlockedPromotion
from crm.angels.investors.workflow import AngelStatus
from crm.angels.pitches.models import Promotion
from crm.angels.pitches.workflow import Channel
from crm.kernel.clock import now, today
from tests import factories, network, nights
from tests.angels.people import own_business, rows
from tests.cast import Cast
from tests.client import ConformingClient

S = PlaceStatus


def tonight(**fields: object) -> network.Any:
    made = nights.night(days=0, **fields)  # type: ignore[arg-type]
    nights.turn(made, network.pitch(network.legal(own_business())))
    return made


def place_now() -> NightPlace:
    (found,) = rows(NightPlace)
    return found


def test_an_investor_is_found_by_name_and_checked_in(cast: Cast, client: ConformingClient) -> None:
    made, owner = tonight(), network.admitted(network.investor(name="Zoë Łukasz"))
    nights.place(made, owner)
    client.sign_in(cast.network_manager)
    assert "Check investors in" in client.get("/desk").text
    door = f"/events/{made.id}/door"
    text = client.get(f"{door}?q=zoe luk").text
    assert f"{door}/{owner.id}" in text
    assert "Pitches are open to them today" in client.get(f"{door}/{owner.id}").text
    assert client.post(f"{door}/{owner.id}", data={"way": "name"}).status_code == 303
    assert place_now().status is S.ATTENDED
    assert "1 checked in" in client.get(door).text
    (shown,) = rows(Promotion)
    assert (shown.channel, shown.account_id, shown.item) == (Channel.NIGHT, owner.id, made.title)
    again = client.post(f"{door}/{owner.id}", data={"way": "name"})
    assert again.status_code == 409
    assert len(rows(Promotion)) == 1


def test_the_code_opens_for_the_door_keeper_alone_and_looking_does_nothing(
    cast: Cast, client: ConformingClient
) -> None:
    place = nights.place(tonight(), cast.angel.account)
    link = f"/events/door/{place.code}"
    assert client.get(link).status_code in {302, 303}
    client.sign_in(cast.angel)
    assert client.get(link).status_code in {403, 404}
    client.sign_in(cast.network_manager)
    where = client.get(link).headers["Location"]
    assert place_now().status is S.COMING
    page = client.get(where).text
    assert 'value="code"' in page
    assert client.post(where, data={"way": "code"}).status_code == 303
    assert place_now().way is Way.CODE
    assert client.get("/events/door/made-up").status_code == 404


def test_n19_an_expired_certificate_is_refused_at_the_door_with_renewal_on_the_spot(
    cast: Cast, client: ConformingClient
) -> None:
    owner = network.investor()
    network.angel(owner)
    network.membership(owner)
    network.certification(owner, signed_on=today() - timedelta(days=366))
    made = tonight()
    nights.place(made, owner)
    client.sign_in(cast.network_manager)
    page = f"/events/{made.id}/door/{owner.id}"
    text = client.get(page).text
    assert "their certification has expired" in text
    assert "Only the investor can sign it" in text
    assert client.get("/events/renew").mimetype == "image/svg+xml"
    refused = client.post(page, data={"way": "name"})
    assert refused.status_code == 409
    assert place_now().status is S.COMING
    assert rows(Promotion) == []
    assert [each.reason for each in rows(BlockedPromotion)] == ["expired"]
    network.certification(owner)
    assert client.post(page, data={"way": "name"}).status_code == 303
    assert place_now().status is S.ATTENDED


def test_n19_a_walk_in_guest_cannot_be_checked_in_and_is_told_how_to_join(
    cast: Cast, client: ConformingClient
) -> None:
    made = tonight()
    stranger = factories.account(name="Walk In")
    nights.guest(made, name="Walk In Guest")
    client.sign_in(cast.network_manager)
    page = f"/events/{made.id}/door"
    assert "cannot be checked in" in client.get(f"{page}?q=walk").text
    assert client.get(f"{page}/{stranger.id}").status_code == 404
    assert client.post(f"{page}/{stranger.id}", data={"way": "name"}).status_code == 404
    assert rows(NightPlace) == []


def test_an_investor_who_was_not_invited_is_checked_in_where_there_is_room(
    cast: Cast, client: ConformingClient
) -> None:
    made, owner, late = tonight(seats=1), network.admitted(), network.admitted()
    client.sign_in(cast.network_manager)
    assert client.post(f"/events/{made.id}/door/{owner.id}", data={"way": "name"}).status_code == 303
    full = client.post(f"/events/{made.id}/door/{late.id}", data={"way": "name"})
    assert full.status_code == 409
    assert "The only place is taken. Add places to the night first" in full.text
    before = client.get(f"/events/{made.id}/door/{late.id}").text
    assert "The only place is taken" in before
    assert f"/events/{made.id}/change" in before
    assert ">Check in<" not in " ".join(before.split())
    assert place_now().status is S.ATTENDED


def test_the_check_in_of_the_wrong_person_is_undone_and_leaves_them_what_they_had(
    cast: Cast, client: ConformingClient
) -> None:
    made = tonight(hour=nights.MORNING)
    had, walked_in, spoke = nights.place(made), network.admitted(), nights.place(made)
    (slot,) = rows(NightSlot)
    client.sign_in(cast.network_manager)
    door = f"/events/{made.id}/door"
    for account_id in (had.account_id, walked_in.id, spoke.account_id):
        assert client.post(f"{door}/{account_id}", data={"way": "name"}).status_code == 303
    nights.interest(spoke, slot)
    of = {each.account_id: each for each in rows(NightPlace)}
    for account_id in (had.account_id, walked_in.id):
        undo = f"/events/invitations/{of[account_id].id}/undo-check-in"
        assert undo in client.get(f"{door}/{account_id}").text
        assert undo in client.get(f"/events/{made.id}/people").text
        assert client.post(undo).status_code == 303
        assert "is no longer checked in" in client.get(door).text
        assert client.post(undo).status_code == 409
    undo = f"/events/invitations/{spoke.id}/undo-check-in"
    assert (
        undo
        not in client.get(f"{door}/{spoke.account_id}").text + client.get(f"/events/{made.id}/people").text
    )
    refused = client.post(undo)
    assert refused.status_code == 409
    assert "so they were there" in refused.text
    states = {each.account_id: (each.status, each.checked_in_at is None) for each in rows(NightPlace)}
    assert states == {
        had.account_id: (S.COMING, True),
        walked_in.id: (S.INVITED, True),
        spoke.account_id: (S.ATTENDED, False),
    }


def test_a_suspended_member_is_found_at_the_door_and_the_page_says_why_not(
    cast: Cast, client: ConformingClient
) -> None:
    made, owner = tonight(), network.investor(name="Mara Made")
    network.angel(owner, AngelStatus.SUSPENDED)
    client.sign_in(cast.network_manager)
    page = f"/events/{made.id}/door/{owner.id}"
    assert page in client.get(f"/events/{made.id}/door?q=mara").text
    assert "their membership of the network is suspended" in client.get(page).text


def test_check_in_is_open_on_the_day_alone(cast: Cast, client: ConformingClient) -> None:
    made = nights.night()
    place = nights.place(made)
    client.sign_in(cast.network_manager)
    assert client.get(f"/events/{made.id}/door").status_code == 409
    refused = client.post(f"/events/{made.id}/door/{place.account_id}", data={"way": "name"})
    assert refused.status_code == 409
    assert place_now().status is S.COMING


def test_businesses_and_guests_are_listed_apart_and_noted_as_arrived(
    cast: Cast, client: ConformingClient
) -> None:
    made = tonight()
    guest = nights.guest(made)
    (slot,) = rows(NightSlot)
    client.sign_in(cast.network_manager)
    assert client.post(f"/events/turns/{slot.id}/arrived").status_code == 303
    assert client.post(f"/events/guests/{guest.id}/arrived").status_code == 303
    assert rows(NightSlot)[0].arrived_at is not None
    assert rows(NightGuest)[0].arrived_at is not None
    assert client.get(f"/events/{made.id}/door").text.count("Arrived 2") == 2
    assert rows(Promotion) == []
    for undo in (f"/events/turns/{slot.id}/undo-arrival", f"/events/guests/{guest.id}/undo-arrival"):
        assert undo in client.get(f"/events/{made.id}/door").text
        assert client.post(undo).status_code == 303
        assert client.post(undo).status_code == 409, "it is undone already"
    assert rows(NightSlot)[0].arrived_at is None
    assert rows(NightGuest)[0].arrived_at is None
    assert "Undo" not in client.get(f"/events/{made.id}/door").text


def test_who_joins_by_video_is_tested_as_at_the_door_and_sees_the_link_then(
    cast: Cast, client: ConformingClient
) -> None:
    made = tonight(hour=nights.MORNING, video_url="https://video.made.example/night")
    place = nights.place(made, cast.angel.account)
    client.sign_in(cast.angel)
    page = f"/events/invitations/{place.id}"
    assert "video.made.example" not in client.get(page).text
    assert client.post(f"{page}/join").status_code == 303
    assert "https://video.made.example/night" in client.get(page).text
    assert place_now().way is Way.VIDEO
    assert Channel.NIGHT in {each.channel for each in rows(Promotion)}


def test_k10_a_business_keeps_the_video_link_until_the_night_is_over(
    cast: Cast, client: ConformingClient
) -> None:
    tonight(hour=time(9), video_url="https://video.made.example/night")
    (slot,) = rows(NightSlot)
    client.sign_in(cast.founder)
    page = f"/events/turns/{slot.id}"
    assert "https://video.made.example/night" in client.get(page).text, "the night has begun"
    with time_machine.travel(now() + timedelta(hours=2), tick=False):
        assert "video.made.example" not in client.get(page).text


def test_k10_whom_the_gate_closes_to_at_the_night_loses_the_video_link(
    cast: Cast, client: ConformingClient
) -> None:
    made, owner = tonight(hour=time(9), video_url="https://video.made.example/night"), network.investor()
    found = network.angel(owner)
    network.membership(owner)
    network.certification(owner)
    place = nights.place(made, owner, S.ATTENDED)
    page = f"/events/invitations/{place.id}"
    assert "https://video.made.example/night" in client.sign_in(owner).get(page).text
    client.sign_in(cast.network_manager).post(
        f"/angels/{found.id}/suspend", data={"reason": "It is looked into"}
    )
    text = client.sign_in(owner).get(page).text
    assert "video.made.example" not in text
    assert "Pitches are closed to you now" in text
    assert "cannot be checked in" not in text, "they are"


def test_the_running_order_stays_once_an_investor_was_checked_in(
    cast: Cast, client: ConformingClient
) -> None:
    made = tonight()
    nights.place(made, status=S.ATTENDED)
    (slot,) = rows(NightSlot)
    client.sign_in(cast.network_manager)
    refused = client.post(f"/events/turns/{slot.id}/remove", data={"reason": "Late"})
    assert refused.status_code == 409
    assert "Investors have been checked in" in refused.text


def test_a_code_is_drawn_as_a_picture_of_lines_with_quiet_squares() -> None:
    drawn = qr_svg("https://growth.example/events/door/made")
    assert drawn.startswith(b"<svg")
    assert b"<script" not in drawn
    assert qr_svg("another") != drawn
