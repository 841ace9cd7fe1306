"""A request that waits too long: the to-do opens just these, and the manager reminds, sees whom to ring, or ends it."""

from __future__ import annotations

import re
from datetime import timedelta

from crm.angels.introductions.workflow import IntroductionStatus as S
from crm.angels.pitches.models import Promotion
from crm.angels.pitches.workflow import Channel, PitchStatus
from crm.kernel.clock import today
from tests import factories, network
from tests.angels.introductions.test_introducing import investor, shown
from tests.angels.people import letters, rows
from tests.cast import Cast
from tests.client import ConformingClient

DAY = timedelta(days=1)


def late(found: network.Pitch, owner: network.Account) -> network.Introduction:
    made = network.introduction(found, owner)
    made.nudge_on, made.task_on, made.lapse_on = today() - 2 * DAY, today(), today() + DAY
    network.session().flush()
    return made


def test_the_to_do_opens_just_the_requests_that_wait_too_long(cast: Cast, client: ConformingClient) -> None:
    waits = late(shown(), investor())
    other = network.introduction(network.pitch(factories.business()))
    client.sign_in(cast.network_manager)
    desk = client.get("/desk").text
    assert "introduction request waiting too long" in desk
    assert "/introductions?status=late" in desk
    listed = client.get("/introductions?status=late").text
    assert (waits.reference in listed, other.reference in listed) == (True, False)


def test_the_manager_reminds_once_a_day_and_sees_who_can_answer(cast: Cast, client: ConformingClient) -> None:
    made = late(shown(), investor())
    client.sign_in(cast.network_manager)
    assert cast.founder.email in client.get(f"/introductions/{made.id}").text
    assert client.post(f"/introductions/{made.id}/remind").status_code == 303
    assert len(letters("introduction_nudged")) == 1
    again = client.post(f"/introductions/{made.id}/remind")
    assert (again.status_code, "already reminded the business today" in again.text) == (409, True)
    assert len(letters("introduction_nudged")) == 1


def test_the_manager_ends_a_request_with_a_reason_that_names_nobody(
    cast: Cast, client: ConformingClient
) -> None:
    owner = investor()
    made = late(shown(), owner)
    client.sign_in(cast.network_manager)
    assert client.get(f"/introductions/{made.id}/end").status_code == 200
    assert client.post(f"/introductions/{made.id}/end", data={"reason": " "}).status_code == 422
    named = client.post(f"/introductions/{made.id}/end", data={"reason": "Philippa Unmistakable rang us"})
    assert (named.status_code, "Leave out who the investor is" in named.text) == (422, True)
    sent = {"reason": "The founder is ill."}
    assert client.post(f"/introductions/{made.id}/end", data=sent).status_code == 303
    assert network.whole_introduction(made).status is S.CANCELLED
    assert client.get(f"/introductions/{made.id}/end").status_code == 409
    for kind, address in (("introduction_ended", owner.email), ("introduction_closed", cast.founder.email)):
        (letter,) = letters(kind)
        assert letter.to_address == address
    for reader in (owner, cast.founder):
        page = client.sign_in(reader).get(f"/introductions/{made.id}").text
        assert "The founder is ill." in page
    assert "Unmistakable" not in page


def test_nobody_but_the_network_reminds_or_ends(cast: Cast, client: ConformingClient) -> None:
    owner = investor()
    made = late(shown(), owner)
    for reader in (owner, cast.founder, cast.auditor):
        client.sign_in(reader)
        assert client.post(f"/introductions/{made.id}/remind").status_code == 403
        assert client.post(f"/introductions/{made.id}/end", data={"reason": "x"}).status_code == 403


def test_an_investor_reads_which_pitch_they_asked_about_while_it_may_be_shown_to_them(
    cast: Cast, client: ConformingClient
) -> None:
    found = shown()
    made = network.introduction(found, cast.angel.account, message="I know looms and who sells them.")
    client.sign_in(cast.angel)
    for where in ("/introductions", f"/introductions/{made.id}"):
        assert found.headline in client.get(where).text
    noted = [(each.pitch_id, each.channel) for each in rows(Promotion)]
    assert noted == [(found.id, Channel.LIST)] * 2
    found._status = PitchStatus.PAUSED
    network.session().flush()
    for where in ("/introductions", f"/introductions/{made.id}"):
        assert found.headline not in client.get(where).text
        assert re.search(made.reference, client.get(where).text)
    assert "I know looms and who sells them." in client.get("/introductions").text, (
        "K32: their own words tell which"
    )
    assert len(rows(Promotion)) == 2
