"""Invitations are answered on a page or by a lasting link; a full night has a waiting list in time order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from crm.accounts.workflow import AccountStatus
from crm.angels.events.jobs import end_calendars_daily, remind_daily
from crm.angels.events.models import NightPlace, PitchNight
from crm.angels.events.service import calendars, seating
from crm.angels.events.workflow import NightStatus, PlaceStatus
from crm.angels.investors.service import joining
from crm.angels.pitches.models import Promotion
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict, DeadLink
from crm.links.queries import has_live_link
from crm.links.rules import Purpose
from crm.links.service import mint
from tests import network, nights
from tests.angels.people import acting, letters, own_business, rows
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import Clock
from tests.statements import Statements

S = PlaceStatus
Count = Callable[[], AbstractContextManager[Statements]]


def shown() -> network.Pitch:
    return network.pitch(network.legal(own_business()))


def open_night(**fields: object) -> network.Any:
    made = nights.night(**fields)  # type: ignore[arg-type]
    nights.turn(made, shown())
    return made


def states() -> dict[object, PlaceStatus]:
    return {each.account_id: each.status for each in rows(NightPlace)}


def test_an_investor_reads_the_line_up_and_answers(cast: Cast, client: ConformingClient) -> None:
    made = open_night()
    place = nights.place(made, cast.angel.account, S.INVITED)
    client.sign_in(cast.angel)
    assert "Answer the invitation" in client.get("/desk").text
    page = f"/events/invitations/{place.id}"
    text = client.get(page).text
    assert own_business().name in text
    assert "app-promotion-warning" in text
    assert [each.channel for each in rows(Promotion)] == ["list"]
    assert client.post(f"{page}/answer", data={"reply": "yes"}).status_code == 303
    (letter,) = letters("night_place")
    assert "METHOD:REQUEST" in str(letter.calendar)
    assert "QR code of your place" in client.get(page).text
    svg = client.get(f"{page}/code")
    assert svg.mimetype == "image/svg+xml"
    calendar = client.get(f"{page}/calendar").text
    assert page in calendar.replace("\r\n ", "")
    assert own_business().name not in calendar
    assert made.title in calendar
    for reply, status in (("maybe", S.MAYBE), ("yes", S.COMING), ("no", S.DECLINED), ("yes", S.COMING)):
        assert client.post(f"{page}/answer", data={"reply": reply}).status_code == 303
        assert states()[cast.angel.id] is status
    sequences = [
        int(str(each.calendar).split("SEQUENCE:")[1].split()[0])
        for each in sorted(letters("night_place") + letters("night_given_up"), key=lambda e: str(e.calendar))
    ]
    assert sorted(sequences) == [1, 2, 3, 4, 5]
    assert client.post(f"{page}/answer", data={"reply": "perhaps"}).status_code == 422


def test_n28_the_link_in_the_letter_acts_by_post_alone_and_names_no_business(
    cast: Cast, client: ConformingClient
) -> None:
    made = open_night()
    nights.place(made, cast.angel.account, S.INVITED)
    (place,) = rows(NightPlace)
    link = f"/links/night/{mint(Purpose.NIGHT, str(place.id))}"
    for _ in range(2):
        text = client.get(link).text
        assert own_business().name not in text
    assert states()[cast.angel.id] is S.INVITED
    assert client.post(link, data={"reply": "yes"}).status_code == 303
    assert states()[cast.angel.id] is S.COMING
    page = client.get(link).text
    assert "the link in that email changes it" in page, "the letter that is on its way ends this link"
    assert "No, I cannot come" not in page
    assert client.post(link, data={"reply": "no"}).status_code == 303
    assert states()[cast.angel.id] is S.DECLINED
    assert client.get("/links/night/made-up").status_code in {404, 410}


def test_n28_the_link_answers_before_the_first_sign_in_and_says_why_where_it_cannot(
    cast: Cast, client: ConformingClient
) -> None:
    made = open_night()
    new = network.admitted(network.investor(status=AccountStatus.INVITED))
    gone = network.admitted(network.investor(status=AccountStatus.DEACTIVATED))
    there = network.admitted()
    places = {
        each.id: nights.place(made, each, status)
        for each, status in ((new, S.INVITED), (gone, S.INVITED), (there, S.ATTENDED))
    }
    links = {each: f"/links/night/{mint(Purpose.NIGHT, str(found.id))}" for each, found in places.items()}
    assert "Yes, I will come" in client.get(links[new.id]).text
    assert client.post(links[new.id], data={"reply": "yes"}).status_code == 303
    for each, said in ((gone, "Your account is closed"), (there, "You are checked in at this night")):
        text = client.get(links[each.id]).text
        assert said in text
        assert "Yes, I will come" not in text
        refused = client.post(links[each.id], data={"reply": "no"})
        assert refused.status_code == 409
        assert said in refused.text
    assert states() == {new.id: S.COMING, gone.id: S.INVITED, there.id: S.ATTENDED}


def test_n19_whose_gate_has_closed_gets_no_place_and_is_told_what_to_do(
    cast: Cast, client: ConformingClient
) -> None:
    owner = network.investor()
    network.angel(owner)
    network.membership(owner)
    network.certification(owner, signed_on=today() - timedelta(days=370))
    place = nights.place(open_night(), owner, S.INVITED)
    client.sign_in(owner)
    page = f"/events/invitations/{place.id}"
    text = client.get(page).text
    assert own_business().name not in text
    assert "Certify yourself" in text
    assert rows(Promotion) == []
    refused = client.post(f"{page}/answer", data={"reply": "yes"})
    assert refused.status_code == 409
    assert "Your certification has expired" in refused.text
    assert client.post(f"{page}/answer", data={"reply": "no"}).status_code == 303


def test_a_full_night_has_a_waiting_list_in_time_order_and_freed_places_go_down_it(cast: Cast) -> None:
    made = open_night(seats=1)
    first, second, third = (nights.place(made, status=S.INVITED) for _ in range(3))
    theirs = acting(first.account)
    seating.come(nights.whole_place(first), by=theirs)
    for number, each in enumerate((third, second)):
        by = acting(nights.whole_place(each).account)
        found = nights.whole_place(each)
        seating.come(found, by=by)
        found.waiting_since = now() + timedelta(seconds=number)
    assert states() == {
        first.account_id: S.COMING,
        third.account_id: S.WAITING,
        second.account_id: S.WAITING,
    }
    seating.perhaps(nights.whole_place(first), by=theirs)
    assert states()[third.account_id] is S.COMING
    assert states()[second.account_id] is S.WAITING
    seating.come(nights.whole_place(first), by=theirs)
    assert states()[first.account_id] is S.WAITING


def test_more_places_seat_those_who_wait_and_fewer_than_are_taken_are_refused(
    cast: Cast, client: ConformingClient
) -> None:
    made = open_night(seats=2)
    for status in (S.COMING, S.COMING, S.WAITING):
        nights.place(made, status=status)
    client.sign_in(cast.network_manager)
    local = today() + timedelta(days=7)
    data = {"title": made.title, "day-day": local.day, "day-month": local.month, "day-year": local.year}
    data |= {"hour": "18:30", "minutes": "120", "place": made.place, "about": "", "video_url": ""}
    few = client.post(f"/events/{made.id}/change", data=data | {"seats": "1", "version": str(made.version)})
    assert few.status_code == 422
    more = client.post(f"/events/{made.id}/change", data=data | {"seats": "3", "version": str(made.version)})
    assert more.status_code == 303
    assert list(states().values()) == [S.COMING] * 3
    assert letters("night_changed") == []


def test_a_night_that_has_begun_takes_no_answer(cast: Cast, clock: Clock) -> None:
    place = nights.place(open_night(), cast.angel.account, S.INVITED)
    clock.shift(8 * 24 * 3600)
    with pytest.raises(Conflict, match="has begun"):
        seating.decline(place, by=cast.angel.actor)


def test_another_investor_sees_nothing_of_an_invitation(cast: Cast, client: ConformingClient) -> None:
    place = nights.place(open_night())
    client.sign_in(cast.angel)
    assert client.get(f"/events/invitations/{place.id}").status_code == 404
    assert client.post(f"/events/invitations/{place.id}/answer", data={"reply": "no"}).status_code == 404
    assert place.night.title not in client.get("/events").text


def test_those_who_come_are_reminded_the_day_before_once_and_told_to_renew(cast: Cast, clock: Clock) -> None:
    made = open_night(days=2)
    ending = network.investor()
    network.angel(ending)
    network.membership(ending)
    network.certification(ending, signed_on=today() - timedelta(days=363))
    nights.place(made, ending)
    nights.place(made, status=S.MAYBE)
    nights.place(made, status=S.DECLINED)
    remind_daily()
    assert letters("night_reminder") == []
    clock.shift(24 * 3600)
    remind_daily()
    remind_daily()
    told = letters("night_reminder")
    assert len(told) == 2
    assert [bool(each.context["until"]) for each in told if not each.context["is_maybe"]] == [True]
    assert len(letters("night_turn_reminder")) == 1


def test_n55_the_calendar_address_ends_when_the_gate_closes(cast: Cast, client: ConformingClient) -> None:
    owner = cast.angel.account
    nights.place(open_night(), owner)
    nights.place(open_night(status=NightStatus.CANCELLED), owner)
    client.sign_in(cast.angel)
    assert client.post("/events/calendar/ask").status_code == 303
    assert len(letters("night_calendar")) == 1
    subject = calendars.subject_of(owner.id)
    address = f"/links/night-calendar/{mint(Purpose.NIGHT_CALENDAR, subject)}"
    text = client.get(address).text
    assert text.count("BEGIN:VEVENT") == 2
    assert "STATUS:CANCELLED" in text
    assert own_business().name not in text
    assert client.post("/events/calendar/end").status_code == 303
    assert client.get(address).status_code in {404, 410}


def test_n55_a_lapsed_investors_calendar_is_revoked_by_the_daily_work(cast: Cast, clock: Clock) -> None:
    owner = network.admitted()
    token = mint(Purpose.NIGHT_CALENDAR, calendars.subject_of(owner.id))
    end_calendars_daily()
    assert calendars.nights_at(token) == []
    clock.shift(366 * 24 * 3600)
    with pytest.raises(DeadLink):
        calendars.nights_at(token)
    end_calendars_daily()
    assert not has_live_link(Purpose.NIGHT_CALENDAR, calendars.subject_of(owner.id))


def test_an_investor_who_leaves_gives_up_their_places(cast: Cast) -> None:
    owner = network.investor()
    member = network.angel(owner)
    network.certification(owner)
    network.membership(owner)
    made = open_night(seats=1)
    nights.place(made, owner)
    waiting = nights.place(made, status=S.WAITING)
    joining.leave(member, by=acting(owner))
    assert states() == {owner.id: S.DECLINED, waiting.account_id: S.COMING}


def test_ones_own_invitation_asks_as_often_for_many_pitches_as_for_few(
    cast: Cast, client: ConformingClient, db: Session, count_queries: Count
) -> None:
    made = nights.night(days=0)
    night_id, place_id = made.id, nights.place(made, cast.angel.account, S.ATTENDED).id
    client.sign_in(cast.angel)
    asked = []
    for _ in range(2):
        for _ in range(3):
            found = db.get_one(PitchNight, night_id)
            nights.interest(db.get_one(NightPlace, place_id), nights.turn(found))
        db.flush()
        db.expunge_all()
        with count_queries() as heard:
            assert client.get(f"/events/invitations/{place_id}").status_code == 200
        assert heard.while_rendering == []
        asked.append(len(heard))

    assert asked[0] == asked[1]
    assert asked[1] <= 20


def test_who_has_to_renew_before_the_night_is_told_so_in_the_letters_and_by_the_link(
    cast: Cast, client: ConformingClient
) -> None:
    made = open_night(days=40)
    owner = network.investor(name="Sefa Soon")
    network.angel(owner)
    network.membership(owner)
    network.certification(owner, signed_on=today() - timedelta(days=345))
    network.admitted()
    client.sign_in(cast.network_manager)
    sent = {"chosen": [str(owner.id)], "version": str(made.version)}
    assert client.post(f"/events/{made.id}/invite", data=sent).status_code == 303
    (letter,) = letters("night_invited")
    assert letter.context["renew_by"]
    (place,) = (each for each in rows(NightPlace) if each.account_id == owner.id)
    page = client.get(f"/links/night/{mint(Purpose.NIGHT, str(place.id))}").text
    assert f"Pitches are open to you until {letter.context['renew_by']}" in page
    assert (
        client.sign_in(owner)
        .post(f"/events/invitations/{place.id}/answer", data={"reply": "yes"})
        .status_code
        == 303
    )
    (seated,) = letters("night_place")
    assert seated.context["renew_by"] == letter.context["renew_by"]


def test_who_may_not_come_today_is_not_offered_a_place_and_reads_why(
    cast: Cast, client: ConformingClient
) -> None:
    made = open_night()
    owner = network.investor()
    network.angel(owner)
    network.certification(owner)
    place = nights.place(made, owner, S.INVITED)
    link = f"/links/night/{mint(Purpose.NIGHT, str(place.id))}"
    for page in (client.get(link).text, client.sign_in(owner).get(f"/events/invitations/{place.id}").text):
        assert "Your membership is not paid for" in page
        assert "Yes, I will come" not in page
        assert "No, I cannot come" in page


def test_the_link_of_a_cancelled_night_says_that_it_was_cancelled(
    cast: Cast, client: ConformingClient
) -> None:
    made = open_night()
    place = nights.place(made, cast.angel.account, S.INVITED)
    link = f"/links/night/{mint(Purpose.NIGHT, str(place.id))}"
    client.sign_in(cast.network_manager)
    assert client.post(f"/events/{made.id}/cancel", data={"reason": "The hall is closed"}).status_code == 303
    assert letters("night_cancelled")[0].link_purpose is None
    assert "The night was cancelled" in client.get(link).text


def test_a_full_night_says_before_the_answer_that_a_yes_waits(cast: Cast, client: ConformingClient) -> None:
    made = open_night(seats=1)
    seated, asked = nights.place(made), nights.place(made, cast.angel.account, status=S.INVITED)
    link, page = f"/links/night/{mint(Purpose.NIGHT, str(asked.id))}", f"/events/invitations/{asked.id}"
    words = "If you say yes, you go on the waiting list"
    assert words in client.get(link).text
    client.sign_in(cast.angel)
    assert words in client.get(page).text
    freed = client.post(f"/links/night/{mint(Purpose.NIGHT, str(seated.id))}", data={"reply": "maybe"})
    assert freed.status_code == 303
    assert [words in client.get(each).text for each in (link, page)] == [False, False]
    assert client.post(f"{page}/answer", data={"reply": "yes"}).status_code == 303
    assert words not in client.get(page).text
