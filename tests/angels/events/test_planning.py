"""Nights are planned, pitches chosen and asked, and invitations go only to those whose gate is open that day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.angels.events.jobs import reason_not_to_invite
from crm.angels.events.models import NightGuest, NightPlace, NightSlot, PitchNight
from crm.angels.events.queries.nights import slots_of
from crm.angels.events.rules import running
from crm.angels.events.workflow import NightStatus, PlaceStatus, SlotStatus
from crm.angels.investors.models import BlockedPromotion
from crm.angels.investors.queries.angels import angel_of
from crm.angels.investors.workflow import AngelStatus, Ground
from crm.angels.pitches.service import pitching
from crm.angels.pitches.workflow import PitchStatus
from crm.billing.workflow import Dispute
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.kernel.clock import now, today
from crm.kernel.roles import Role, Scope
from crm.notices.service import as_sent
from tests import factories, network, nights
from tests.angels.people import letters, own_business, rows
from tests.billing.made import card_payment
from tests.cast import OTHER_BUSINESS, Cast
from tests.client import ConformingClient

DAY = today() + timedelta(days=20)
FORM = {
    "title": "Canal evening",
    "about": "Soup from six.",
    "day-day": DAY.day,
    "day-month": DAY.month,
    "day-year": DAY.year,
    "hour": "6.30pm",
    "minutes": "120",
    "place": "The Made Hall",
    "video_url": "",
    "seats": "2",
}


def shown() -> network.Pitch:
    return network.pitch(network.legal(own_business()))


def other_shown() -> network.Pitch:
    found = business(OTHER_BUSINESS)
    assert found is not None
    return network.pitch(network.legal(found))


def test_a_night_is_planned_and_its_running_order_put_together(cast: Cast, client: ConformingClient) -> None:
    first, second = shown(), other_shown()
    client.sign_in(cast.network_manager)
    assert client.post("/events/new", data=FORM).status_code == 303
    (made,) = rows(PitchNight)
    page = f"/events/{made.id}"
    for found, minutes in ((first, 15), (second, 20)):
        answer = client.post(f"{page}/pitches/add", data={"pitch": str(found.id), "minutes": minutes})
        assert answer.status_code == 303
    one, two = slots_of(made.id)
    assert client.post(f"/events/turns/{two.id}/up").status_code == 303
    assert [each.pitch_id for each in slots_of(made.id)] == [second.id, first.id]
    assert client.post(f"/events/turns/{two.id}/down").status_code == 303
    data = {"minutes": "25", "version": str(one.version)}
    assert client.post(f"/events/turns/{one.id}/minutes", data=data).status_code == 303
    assert client.post(f"/events/turns/{two.id}/remove", data={"reason": "One too many"}).status_code == 303
    assert client.post(f"{page}/guests/add", data={"name": "Sam", "role": "Speaker"}).status_code == 303
    text = client.get(page).text
    assert "25 minutes" in text
    assert "Sam" in text
    history = " ".join(text.split("History</h2>")[1].split())
    for owner, did in (
        (first.business.name, "asked {} to pitch"),
        (first.business.name, "changed the turn of {}"),
        (second.business.name, "removed {} from the running order"),
    ):
        assert did.format(owner) in history, "K6: what became of each turn can be read"
    assert "One too many" in text.split("Not pitching</h3>")[1].split("Guests</h2>")[0]
    (guest,) = rows(NightGuest)
    assert client.post(f"/events/guests/{guest.id}/remove").status_code == 303
    assert {each.kind for each in letters("night_turn_asked") + letters("night_turn_removed")} == {
        "night_turn_asked",
        "night_turn_removed",
    }


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("title", "An evening with {name}", "must not name a business"),
        ("minutes", "400", "must end on the day it starts"),
        ("place", "", "Enter where the night is"),
        ("video_url", "http://video.example", "begins with https://"),
        ("seats", "0", "must be"),
        ("hour", "25:00", "Enter a time"),
    ],
    ids=["title", "minutes", "place", "video_url", "seats", "hour"],
)
def test_n55_what_cannot_be_planned_is_said_at_its_field(
    cast: Cast, client: ConformingClient, field: str, typed: str, said: str
) -> None:
    found = shown()
    client.sign_in(cast.network_manager)
    answer = client.post("/events/new", data=FORM | {field: typed.format(name=found.business.name)})
    assert answer.status_code == 422
    assert said in answer.text
    assert rows(PitchNight) == []


def test_pitches_that_do_not_fit_into_the_night_or_are_not_published_are_refused(
    cast: Cast, client: ConformingClient
) -> None:
    found, made = shown(), nights.night(NightStatus.PLANNED)
    client.sign_in(cast.network_manager)
    page = f"/events/{made.id}/pitches/add"
    too_long = client.post(page, data={"pitch": str(found.id), "minutes": "120"})
    assert too_long.status_code == 303
    other = other_shown()
    refused = client.post(page, data={"pitch": str(other.id), "minutes": "1"})
    assert refused.status_code == 422
    assert "121 minutes together, and the night lasts 120" in refused.text
    draft = network.pitch(factories.business(), PitchStatus.DRAFT)
    assert client.post(page, data={"pitch": str(draft.id), "minutes": "1"}).status_code == 422


def test_the_running_order_its_times_and_its_hints_are_worked_out_by_rule() -> None:
    start = now()
    assert running.begin_times(start, [10, 20]) == [start, start + timedelta(minutes=10)]
    assert running.moved([1, 2, 3], 3, up=True) == [1, 3, 2]
    assert running.moved([1, 2, 3], 1, up=True) == [1, 2, 3]
    assert running.named_in("Meet Étoile films!", ["Etoile Films Ltd"]) == "Etoile Films Ltd"
    assert running.named_in("Winter night", ["Etoile Films Ltd"]) == ""
    christmas = today().replace(month=12, day=25, year=2026)
    assert "is a bank holiday" in running.holiday_hint(christmas, {christmas})
    assert running.average_of([5, 4]) == ""
    assert running.average_of([5, 4, 3]) == "4.0"


def test_the_founder_answers_and_sees_the_night_on_the_page_of_the_raise(
    cast: Cast, client: ConformingClient
) -> None:
    found = shown()
    slot = nights.turn(nights.night(NightStatus.PLANNED), found, SlotStatus.ASKED)
    client.sign_in(cast.founder)
    assert "Say whether you pitch" in client.get("/desk").text
    assert slot.night.title in client.get(f"/raises/{found.id}").text
    page = f"/events/turns/{slot.id}"
    assert "Say whether you will" in client.get(page).text
    assert client.post(f"{page}/agree").status_code == 303
    assert "You are pitching" in client.get(page).text
    calendar = client.get(f"{page}/calendar").text
    assert found.business.name not in calendar
    assert client.post(f"{page}/turn-down", data={"reason": "Abroad"}).status_code == 303
    (lost,) = letters("night_turn_lost")
    assert "Abroad" in str(lost.context)
    (entry,) = letters("night_turn_declined")
    assert entry.calendar is not None
    assert "METHOD:CANCEL" in entry.calendar
    assert rows(NightSlot)[0].status is SlotStatus.DECLINED


def test_another_founder_and_a_visitor_see_nothing_of_a_turn(cast: Cast, client: ConformingClient) -> None:
    slot = nights.turn(nights.night(), shown(), SlotStatus.ASKED)
    client.sign_in(cast.other_founder)
    assert client.get(f"/events/turns/{slot.id}").status_code == 404
    assert client.post(f"/events/turns/{slot.id}/agree").status_code == 404


def test_n19_invitations_go_to_open_gates_alone_and_the_preview_says_who_is_left_out(
    cast: Cast, client: ConformingClient
) -> None:
    made = nights.night(NightStatus.PLANNED)
    nights.turn(made, shown())
    ready = network.admitted(network.investor(name="Ready Made"))
    unpaid = network.investor(name="Unpaid Made")
    network.angel(unpaid)
    network.certification(unpaid)
    limited = network.investor(name="Limited Made")
    network.angel(limited)
    network.membership(limited)
    network.certification(limited, Ground.CERTIFIED, kinds=("loan_note",), confirmed_at=now())
    network.angel(network.investor(name="Suspended Made"), AngelStatus.SUSPENDED)
    client.sign_in(cast.network_manager)
    page = f"/events/{made.id}/invite"
    text = client.get(page).text
    assert "their membership is not paid for" in text
    card_payment(unpaid, dispute=Dispute.OPEN)
    assert "their payment is disputed at the bank, which has not decided yet" in client.get(page).text
    assert "their certificate does not cover this kind of investment" in text
    assert "Suspended Made" in text
    assert "their membership of the network is suspended" in text
    data = {"chosen": [str(ready.id)], "version": str(made.version)}
    assert client.post(page, data=data).status_code == 303
    assert [each.to_address for each in letters("night_invited")] == [ready.email]
    assert rows(PitchNight)[0].status is NightStatus.INVITED
    refused = client.post(page, data={"chosen": [str(unpaid.id)], "version": "2"})
    assert refused.status_code == 422
    assert len(rows(NightPlace)) == 1


def test_n06_an_invitation_is_not_sent_once_the_gate_has_closed(cast: Cast, client: ConformingClient) -> None:
    made = nights.night(NightStatus.PLANNED)
    nights.turn(made, shown())
    ready = network.admitted()
    client.sign_in(cast.network_manager)
    client.post(f"/events/{made.id}/invite", data={"chosen": [str(ready.id)], "version": str(made.version)})
    (letter,) = letters("night_invited")
    session().expire_all()
    assert reason_not_to_invite(letter) is None
    member = angel_of(ready.id)
    assert member is not None
    member._status, member.reason = AngelStatus.SUSPENDED, "Made"
    session().flush()
    assert reason_not_to_invite(letter) == "blocked: suspended"
    assert [each.kind for each in rows(BlockedPromotion)] == ["night_invited"]


def test_a_change_of_time_is_told_to_everyone_and_the_calendar_entry_rises(
    cast: Cast, client: ConformingClient
) -> None:
    made = nights.night()
    slot = nights.turn(made, shown())
    coming = nights.place(made)
    nights.place(made, status=PlaceStatus.MAYBE)
    nights.place(made, status=PlaceStatus.DECLINED)
    client.sign_in(cast.network_manager)
    founder = factories.account()
    factories.grant(founder, Role.FOUNDER, scope=Scope.BUSINESS, scope_id=str(slot.pitch.business_id))
    data = FORM | {"title": made.title, "seats": "10", "version": str(made.version)}
    assert client.post(f"/events/{made.id}/change", data=data).status_code == 303
    changed = letters("night_changed")
    assert len(changed) == 2
    assert "We have sent 4 emails" in client.get(f"/events/{made.id}").text
    assert (
        "has changed. What is new: when it is."
        in as_sent("night_changed", changed[0].context | {"to_name": "Made"}).text
    )
    (entry,) = [each.calendar for each in changed if each.calendar]
    assert f"UID:night-place-{coming.id}@letters.crm" in entry
    assert "SEQUENCE:1" in entry
    told, _ = letters("night_turn_changed")
    assert f"UID:night-turn-{slot.id}@letters.crm" in str(told.calendar)
    stale = client.post(f"/events/{made.id}/change", data=data | {"seats": "9"})
    assert stale.status_code == 409


def test_n55_a_cancelled_night_cancels_the_same_entry_and_names_no_business(
    cast: Cast, client: ConformingClient
) -> None:
    found, made = shown(), nights.night()
    nights.turn(made, found)
    coming = nights.place(made, sequence=3)
    client.sign_in(cast.network_manager)
    assert client.post(f"/events/{made.id}/cancel", data={"reason": ""}).status_code == 422
    assert client.post(f"/events/{made.id}/cancel", data={"reason": "The hall is shut"}).status_code == 303
    (letter,) = letters("night_cancelled")
    assert letter.calendar is not None
    assert "METHOD:CANCEL" in letter.calendar
    assert "SEQUENCE:4" in letter.calendar
    assert f"UID:night-place-{coming.id}@letters.crm" in letter.calendar
    assert found.business.name not in letter.calendar + str(letter.context)
    assert len(letters("night_turn_cancelled")) == 1
    assert client.get(f"/events/{made.id}/invite").status_code == 409


def test_a_pitch_that_ends_leaves_the_nights_that_have_not_begun_and_its_business_is_told(cast: Cast) -> None:
    found, tonight, begun = shown(), nights.night(days=0), nights.night(days=0, hour=nights.MORNING)
    nights.place(tonight, status=PlaceStatus.ATTENDED)
    slot, asked = nights.turn(tonight, found), nights.turn(nights.night(), found, SlotStatus.ASKED)
    declined = nights.turn(nights.night(), found, SlotStatus.DECLINED)
    under_way = nights.turn(begun, found)
    past = nights.turn(nights.night(NightStatus.HELD, days=-3), found)
    pitching.withdraw(network.whole(found), reason="Made", by=cast.founder.actor)
    states = {each.id: each.status for each in rows(NightSlot)}
    assert (states[slot.id], states[asked.id]) == (SlotStatus.REMOVED, SlotStatus.REMOVED)
    assert (states[under_way.id], states[past.id]) == (SlotStatus.AGREED, SlotStatus.AGREED)
    assert states[declined.id] is SlotStatus.DECLINED
    assert len(letters("night_turn_lost")) == 2
    told = letters("night_turn_removed")
    assert {each.to_address for each in told} == {cast.founder.email}
    (entry,) = [each.calendar for each in told if each.calendar]
    assert "METHOD:CANCEL" in entry
    assert f"UID:night-turn-{slot.id}@letters.crm" in entry
    assert "stays published" not in as_sent("night_turn_removed", told[0].context | {"to_name": "Made"}).text


def test_a_pitch_that_is_not_shown_any_more_is_removed_by_hand_from_a_night_under_way(
    cast: Cast, client: ConformingClient
) -> None:
    found, begun = shown(), nights.night(days=0, hour=nights.MORNING)
    slot = nights.turn(begun, found)
    nights.place(begun, status=PlaceStatus.ATTENDED)
    client.sign_in(cast.network_manager)
    remove = f"/events/turns/{slot.id}/remove"
    assert remove not in client.get(f"/events/{begun.id}").text
    pitching.withdraw(network.whole(found), reason="Made", by=cast.founder.actor)
    assert remove in client.get(f"/events/{begun.id}").text
    assert client.post(remove, data={"reason": "Its pitch has ended"}).status_code == 303
    assert [each.status for each in rows(NightSlot)] == [SlotStatus.REMOVED]
