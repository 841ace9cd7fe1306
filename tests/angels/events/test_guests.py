"""Guests of a night: invited, told of a change and of the end with their calendar entry, shown no raise, and forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.angels.events.models import NightGuest
from crm.angels.events.service import hosting, planning
from crm.angels.events.service.hosting import forget_addresses
from crm.angels.events.workflow import NightStatus
from crm.kernel.errors import Conflict, Invalid
from tests import network, nights
from tests.angels.introductions.test_introducing import shown
from tests.angels.people import letters, rows
from tests.cast import Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")
SAM = {"name": "Sam Speaker", "role": "Speaks about reliefs", "email": "Sam@Guest.example"}


def test_n55_a_guest_is_told_of_the_night_its_change_and_its_end_by_one_calendar_entry(
    cast: Cast, client: ConformingClient
) -> None:
    found, made = shown(), nights.night()
    page = f"/events/{made.id}"
    client.sign_in(cast.network_manager)
    answered = client.post(f"{page}/guests/add", data=SAM)
    assert answered.status_code == 303
    assert "sam@guest.example" in client.get(page).text
    night = nights.whole(made)
    hour = timedelta(hours=1)
    later = planning.NightDetails(
        night.title, night.starts_at + hour, night.ends_at + hour, night.seats, night.place
    )
    assert planning.change(night, later, by=cast.network_manager.actor) == 1
    planning.cancel(nights.whole(made), reason="The room is flooded", by=cast.network_manager.actor)
    told = [letters(f"night_guest_{kind}")[0] for kind in ("invited", "changed", "cancelled")]
    assert {each.to_address for each in told} == {"sam@guest.example"}
    entries = [str(each.calendar).replace("\r\n ", "") for each in told]
    assert len({each.split("UID:")[1].split()[0] for each in entries}) == 1
    assert [each.split("SEQUENCE:")[1].split()[0] for each in entries] == ["1", "2", "3"]
    assert ["METHOD:CANCEL" in each for each in entries] == [False, False, True]
    for each in told:
        for secret in (found.headline, found.business.name, str(made.id)):
            assert secret not in f"{each.context | {'night_id': ''}} {each.calendar}", (
                "a letter to a guest shows nobody a raise"
            )


def test_one_who_is_taken_off_the_list_is_told_and_one_without_an_address_is_not(
    cast: Cast, client: ConformingClient
) -> None:
    made = nights.night()
    by = cast.network_manager.actor
    hosting.add_guest(nights.whole(made), name="Quiet", role="Host", by=by)
    hosting.add_guest(nights.whole(made), **SAM, by=by)
    client.sign_in(cast.network_manager)
    for each in rows(NightGuest):
        assert client.post(f"/events/guests/{each.id}/remove").status_code == 303
    (told,) = letters("night_guest_cancelled")
    assert told.to_address == "sam@guest.example"
    assert not rows(NightGuest)


def test_no_investor_is_a_guest_and_no_guest_is_listed_twice_or_told_of_a_raise(cast: Cast) -> None:
    found, made = shown(), nights.night()
    by = cast.network_manager.actor
    network.angel(owner := network.investor())
    with pytest.raises(Invalid, match="Invite them as an investor"):
        hosting.add_guest(nights.whole(made), **{**SAM, "email": owner.email}, by=by)
    role = f"Founder of {found.business.name}"
    with pytest.raises(Invalid, match="raising money"):
        hosting.add_guest(nights.whole(made), **{**SAM, "role": role}, by=by)
    hosting.add_guest(nights.whole(made), **SAM, by=by)
    with pytest.raises(Conflict, match="listed already"):
        hosting.add_guest(nights.whole(made), **SAM, by=by)
    assert len(letters("night_guest_invited")) == 1


def test_the_address_of_a_guest_is_deleted_90_days_after_the_night(cast: Cast) -> None:
    made = nights.night(NightStatus.HELD, days=-91)
    nights.guest(made, email="sam@guest.example")
    forget_addresses()
    assert [(each.name, each.email) for each in rows(NightGuest)] == [("Made Guest", "")]
