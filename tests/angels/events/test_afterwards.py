"""On the night and after it: interest in one tap, feedback to founders the next day, what came of it after 90 days."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.angels.events.jobs import ask_daily, release_hourly
from crm.angels.events.models import NightFeedback, NightInterest, NightPlace, NightSlot, PitchNight
from crm.angels.events.queries.wishes import outcomes_of
from crm.angels.events.service import planning
from crm.angels.events.workflow import NightStatus, PlaceStatus, Wish
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.service import introducing
from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.pitches.workflow import PitchStatus
from crm.kernel.clock import now
from crm.kernel.errors import Conflict
from crm.kernel.permissions import SYSTEM
from tests import network, nights
from tests.angels.people import letters, own_business, rows
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import Clock

S = PlaceStatus


def at_night(cast: Cast, status: PlaceStatus = S.ATTENDED) -> tuple[NightPlace, NightSlot]:
    made = nights.night(days=0, hour=nights.MORNING)
    slot = nights.turn(made, network.pitch(network.legal(own_business())))
    return nights.place(made, cast.angel.account, status), slot


def wish_now() -> Wish:
    (found,) = rows(NightInterest)
    return found.wish


def test_interest_is_shown_changed_and_withdrawn_in_one_tap_each(
    cast: Cast, client: ConformingClient
) -> None:
    place, slot = at_night(cast)
    client.sign_in(cast.angel)
    page = f"/events/invitations/{place.id}/turns/{slot.id}"
    assert "Ask to be introduced" in client.get(f"/events/invitations/{place.id}").text
    assert client.post(f"{page}/show-interest", data={"wish": "interested"}).status_code == 303
    assert wish_now() is Wish.INTERESTED
    assert client.post(f"{page}/show-interest", data={"wish": "introduction"}).status_code == 303
    assert wish_now() is Wish.INTRODUCTION
    (asked,) = rows(Introduction)
    assert (asked.status, asked.account_id) == (IntroductionStatus.REQUESTED, cast.angel.id)
    assert "Withdraw the request, stay interested" in client.get(f"/events/invitations/{place.id}").text
    changed = client.post(f"{page}/show-interest", data={"wish": "interested"})
    assert changed.headers["Location"].endswith(f"#turn-{slot.id}")
    said = client.get(f"/events/invitations/{place.id}").text
    assert "Your request to be introduced is withdrawn, and we have told the business" in said
    assert rows(Introduction)[0].status is IntroductionStatus.TAKEN_BACK
    assert client.post(f"{page}/withdraw").status_code == 303
    assert wish_now() is Wish.WITHDRAWN
    assert client.post(f"{page}/withdraw").status_code == 409
    assert client.post(f"{page}/show-interest", data={"wish": "interested"}).status_code == 303
    assert client.post(f"{page}/show-interest", data={"wish": "withdrawn"}).status_code == 422


def test_a_request_that_the_business_agreed_to_is_not_withdrawn(cast: Cast, client: ConformingClient) -> None:
    place, slot = at_night(cast)
    client.sign_in(cast.angel)
    page = f"/events/invitations/{place.id}/turns/{slot.id}"
    client.post(f"{page}/show-interest", data={"wish": "introduction"})
    (asked,) = rows(Introduction)
    introducing.agree(network.whole_introduction(asked), [cast.founder.account.id], by=cast.founder.actor)
    refused = client.post(f"{page}/withdraw")
    assert refused.status_code == 409
    assert "agreed to meet you" in refused.text
    text = client.get(f"/events/invitations/{place.id}").text
    assert "You have been introduced" in text
    assert "show-interest" not in text
    assert "/withdraw" not in text
    assert wish_now() is Wish.INTRODUCTION


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (IntroductionStatus.REQUESTED, "You asked to be introduced to this business on"),
        (IntroductionStatus.AGREED, "You have been introduced to this business already"),
    ],
    ids=["asked", "introduced"],
)
def test_a_request_made_on_the_page_of_the_pitch_is_left_alone_at_the_night(
    cast: Cast, client: ConformingClient, status: IntroductionStatus, said: str
) -> None:
    place, slot = at_night(cast)
    network.introduction(slot.pitch, cast.angel.account, status)
    client.sign_in(cast.angel)
    here = f"/events/invitations/{place.id}"
    page = f"{here}/turns/{slot.id}"
    assert "Ask to be introduced" not in client.get(here).text
    refused = client.post(f"{page}/show-interest", data={"wish": "introduction"})
    assert refused.status_code == 409
    assert said in refused.text
    assert client.post(f"{page}/show-interest", data={"wish": "interested"}).status_code == 303
    assert client.post(f"{page}/withdraw").status_code == 303
    assert wish_now() is Wish.WITHDRAWN
    assert [each.status for each in rows(Introduction)] == [status]


def test_nothing_is_said_of_a_pitch_and_no_video_joined_hours_before_the_night_begins(
    cast: Cast, client: ConformingClient, clock: Clock
) -> None:
    made = nights.night(days=0, video_url="https://video.made.example/night")
    slot = nights.turn(made, network.pitch(network.legal(own_business())))
    place = nights.place(made, cast.angel.account)
    client.sign_in(cast.angel)
    here = f"/events/invitations/{place.id}"
    assert "The link opens on this page on 24 November 2026 at 5:30pm" in client.get(here).text
    assert client.post(f"{here}/join").status_code == 409
    clock.shift(8 * 3600)
    client.sign_in(cast.angel)
    assert "Press “Join by video” for the link" in client.get(here).text
    assert client.post(f"{here}/join").status_code == 303
    page = f"{here}/turns/{slot.id}"
    text = client.get(here).text
    assert "show-interest" not in text
    assert "/feedback" not in text
    early = client.post(f"{page}/show-interest", data={"wish": "interested"})
    assert early.status_code == 409
    assert "The pitches begin on 24 November 2026 at 6:30pm" in early.text
    assert client.post(f"{page}/feedback", data={"score": "4", "words": ""}).status_code == 409
    clock.shift(1800)
    client.sign_in(cast.angel)
    text = client.get(here).text
    assert 0 < text.index("show-interest") < text.index("About the night" if made.about else "The Made Hall")


def test_interest_and_feedback_are_for_those_who_came_and_interest_for_that_day(
    cast: Cast, client: ConformingClient, clock: Clock
) -> None:
    place, slot = at_night(cast, S.COMING)
    client.sign_in(cast.angel)
    page = f"/events/invitations/{place.id}/turns/{slot.id}"
    early = client.post(f"{page}/show-interest", data={"wish": "interested"})
    assert early.status_code == 409
    assert "checked in" in early.text
    assert client.get(f"{page}/feedback").status_code == 409
    found = nights.whole_place(place)
    found._status, found.checked_in_at, found.way = S.ATTENDED, now(), "name"
    clock.shift(18 * 3600)
    client.sign_in(cast.angel)
    late = client.post(f"{page}/show-interest", data={"wish": "interested"})
    assert late.status_code == 409
    assert "Ask to be introduced on the page of the pitch" in late.text
    assert rows(NightInterest) == []


def test_who_heard_a_pitch_that_has_ended_since_reads_that_nothing_can_be_said_of_it_now(
    cast: Cast, client: ConformingClient
) -> None:
    place, slot = at_night(cast)
    other = network.pitch(network.legal(network.factories.business(name="Ended Made")), PitchStatus.CLOSED)
    nights.turn(nights.whole(rows(PitchNight)[0]), other)
    page = " ".join(client.sign_in(cast.angel).get(f"/events/invitations/{place.id}").text.split())
    assert "1 pitch of this night is no longer shown" in page
    assert slot.pitch.business.name in page
    assert "Ended Made" not in page


def test_n21_feedback_reaches_the_founder_the_next_day_without_a_name(
    cast: Cast, client: ConformingClient, clock: Clock
) -> None:
    place, slot = at_night(cast)
    client.sign_in(cast.angel)
    page = f"/events/invitations/{place.id}/turns/{slot.id}/feedback"
    named = client.post(page, data={"score": "4", "words": f"Ring {cast.angel.account.name}"})
    assert named.status_code == 422
    assert "must not learn who you are" in named.text
    assert client.post(page, data={"score": "", "words": ""}).status_code == 422
    assert client.post(page, data={"score": "4", "words": "The story is clear"}).status_code == 303
    assert client.post(page, data={"score": "5", "words": "The story is very clear"}).status_code == 303
    (kept,) = rows(NightFeedback)
    assert (kept.score, kept.words) == (5, "The story is very clear")
    release_hourly()
    turn = f"/events/turns/{slot.id}"
    assert "very clear" not in client.sign_in(cast.founder).get(turn).text
    clock.shift(26 * 3600)
    release_hourly()
    release_hourly()
    (letter,) = letters("night_feedback")
    assert (letter.to_address, letter.context["path"]) == (cast.founder.email, turn)
    text = client.sign_in(cast.founder).get(turn).text
    assert "The story is very clear" in text
    assert "Too few scores to show an average" in text
    for secret in (cast.angel.account.name, cast.angel.email, str(cast.angel.id), str(place.id)):
        assert secret not in text + str(letter.context)
    client.sign_in(cast.angel)
    over = client.post(page, data={"score": "1", "words": "Changed"})
    assert over.status_code == 409


def test_an_average_is_shown_from_three_scores_on(cast: Cast, client: ConformingClient) -> None:
    _, slot = at_night(cast)
    (night,) = rows(PitchNight)
    for score in (3, 4, 4):
        nights.feedback(nights.place(night, status=S.ATTENDED), slot, score=score)
    night.released_at = now()
    client.sign_in(cast.founder)
    assert "3.7 of 5" in client.get(f"/events/turns/{slot.id}").text


def test_those_with_a_place_who_did_not_come_are_no_shows_once_the_night_is_held(
    cast: Cast, client: ConformingClient
) -> None:
    made = nights.night(days=-1)
    nights.place(made)
    nights.place(made, status=S.MAYBE)
    nights.place(made, status=S.ATTENDED)
    client.sign_in(cast.network_manager)
    assert client.post(f"/events/{made.id}/close").status_code == 303
    assert sorted(each.status for each in rows(NightPlace)) == ["absent", "attended", "maybe"]
    assert "1 had a place and did not come" in client.get(f"/events/{made.id}").text
    absent = client.get(f"/events/{made.id}/people?status=absent").text
    assert "1 investor" in absent


def test_a_night_that_nobody_closed_is_closed_by_the_clock(cast: Cast, clock: Clock) -> None:
    at_night(cast, S.COMING)
    clock.shift(26 * 3600)
    release_hourly()
    assert [each.status for each in rows(PitchNight)] == [NightStatus.HELD]
    assert [each.status for each in rows(NightPlace)] == [S.ABSENT]


def test_a_night_is_not_held_before_it_has_begun_nor_twice(cast: Cast) -> None:
    with pytest.raises(Conflict, match="is not over yet"):
        planning.close(nights.night(), by=SYSTEM)
    made = nights.night(NightStatus.HELD, days=-3)
    with pytest.raises(Conflict):
        planning.close(made, by=SYSTEM)


def test_while_a_night_goes_on_it_cannot_be_recorded_as_held_and_afterwards_the_door_says_why_it_is_closed(
    cast: Cast, client: ConformingClient
) -> None:
    made = nights.night(
        days=0, starts_at=now() - timedelta(minutes=50), ends_at=now() + timedelta(minutes=70)
    )
    nights.place(made)
    client.sign_in(cast.network_manager)
    assert "Record as held" not in client.get(f"/events/{made.id}").text
    refused = client.post(f"/events/{made.id}/close")
    assert refused.status_code == 409
    assert "This night is not over yet." in refused.text
    assert [each.status for each in rows(NightPlace)] == [S.COMING]
    over = nights.night(days=0, starts_at=now() - timedelta(hours=3), ends_at=now() - timedelta(minutes=1))
    assert "Record as held" in client.get(f"/events/{over.id}").text
    assert client.post(f"/events/{over.id}/close").status_code == 303
    assert (
        "has been recorded as held, so nobody can be checked in" in client.get(f"/events/{over.id}/door").text
    )


def test_what_came_of_a_night_is_not_recorded_before_90_days_have_passed(
    cast: Cast, client: ConformingClient
) -> None:
    made = nights.night(NightStatus.HELD, days=-89)
    client.sign_in(cast.network_manager)
    assert "Record what came of it" not in client.get(f"/events/{made.id}").text
    early = client.post(f"/events/{made.id}/review", data={"words": "Two offers"})
    assert early.status_code == 409
    assert "is counted until" in early.text
    due = nights.night(NightStatus.HELD, days=-90)
    assert client.post(f"/events/{due.id}/review", data={"words": "Two offers"}).status_code == 303


def test_what_came_of_a_night_is_counted_for_90_days_and_asked_for_then(
    cast: Cast, client: ConformingClient, clock: Clock
) -> None:
    place, slot = at_night(cast)
    (night,) = rows(PitchNight)
    nights.interest(place, slot)
    network.introduction(
        slot.pitch, cast.angel.account, IntroductionStatus.AGREED, requested_at=now() + timedelta(days=80)
    )
    network.introduction(slot.pitch, network.admitted(), requested_at=now() + timedelta(days=10))
    clock.shift(26 * 3600)
    release_hourly()
    (found,) = outcomes_of(nights.whole(night))
    assert (found.interested, found.asked, found.introduced) == (1, 1, 1)
    ask_daily()
    assert letters("night_came_of") == []
    clock.shift(90 * 24 * 3600)
    ask_daily()
    ask_daily()
    assert len(letters("night_came_of")) == 1
    client.sign_in(cast.network_manager)
    assert "Record what came of the night" in client.get("/desk").text
    assert client.post(f"/events/{night.id}/review", data={"words": ""}).status_code == 422
    assert client.post(f"/events/{night.id}/review", data={"words": "Two offers"}).status_code == 303
    assert "Two offers" in client.get(f"/events/{night.id}").text
    assert "Record what came of the night" not in client.get("/desk").text
