"""The people of ticked businesses are invited to a workshop: with the way to book, once, and not whoever has a place."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.businesses.models import Business
from crm.casework.workflow import Channel
from crm.kernel.clock import now
from crm.kernel.errors import Conflict, Invalid
from crm.lists.service import changing
from crm.lists.service.deeds import Wish
from crm.lists.service.inviting import reason_not_to_invite
from crm.lists.workflow import Deed
from crm.meetings.models import Workshop
from crm.meetings.workflow import PlaceStatus, WorkshopStatus
from tests import factories
from tests.cast import Cast
from tests.client import ConformingClient
from tests.gatherings import place, workshop
from tests.lists.mailed import agreed, letters
from tests.lists.test_mailing import ROBIN, SASHA, reasons

KIND = "workshop_invited"


@pytest.fixture
def some(owner: Business) -> list[Business]:
    """Two businesses that agreed to news and events, one that has nobody to write to, and one that did not agree."""
    lone = factories.business(name="Made Dill", hub_id=owner.hub_id)
    factories.person(lone)
    hub = owner.hub_id
    return [
        agreed("Made Ash", hub, ROBIN),
        agreed("Made Birch", hub, SASHA),
        agreed("Made Cedar", hub, {"email": None}),
        lone,
    ]


def invite(some: list[Business], found: Workshop) -> Wish:
    return Wish(Deed.INVITE, tuple(each.id for each in some), found.id)


def test_an_invitation_goes_to_those_who_can_come_and_says_where_to_book(
    cast: Cast, some: list[Business]
) -> None:
    found = workshop(title="Who owns what you make", place="The Made Hall")
    place(found, email=SASHA["email"], _status=PlaceStatus.TAKEN)
    weighed = changing.weigh(invite(some, found), by=cast.adviser.actor)
    assert [each.business.name for each in weighed.to] == ["Made Ash"]
    assert reasons(weighed) == {
        "Made Birch": "Has a place already",
        "Made Cedar": "Nobody there has an email address",
        "Made Dill": "It has not agreed to “News and events”",
    }

    changing.change(invite(some, found), seen=weighed.mark, by=cast.adviser.actor)

    (letter,) = letters(KIND)
    assert (letter.to_address, letter.reply_to) == ("robin@made.example", cast.adviser.email)
    assert weighed.letter is not None
    assert f"/workshops/{found.id}" in weighed.letter.text
    assert "Invitation: Who owns what you make" in weighed.letter.subject
    with pytest.raises(Conflict):
        changing.change(invite(some, found), seen=weighed.mark, by=cast.hub_manager.actor)
    assert len(letters(KIND)) == 1


def test_where_an_online_workshop_is_stays_with_those_who_book(cast: Cast, some: list[Business]) -> None:
    for channel, is_told in ((Channel.VIDEO, False), (Channel.IN_PERSON, True)):
        found = workshop(place="The Made Hall", channel=channel)
        weighed = changing.weigh(invite(some, found), by=cast.adviser.actor)
        assert weighed.letter is not None
        assert ("The Made Hall" in weighed.letter.text) is is_told


def test_nobody_is_invited_to_a_workshop_that_is_full_over_cancelled_or_a_draft(
    cast: Cast, some: list[Business]
) -> None:
    full, over = workshop(seats=1), workshop(starts_at=now() - timedelta(hours=1))
    place(full, _status=PlaceStatus.TAKEN)
    called_off = workshop(WorkshopStatus.CANCELLED, reason="Made")
    for found, why in (
        (full, "All places in this workshop are taken"),
        (over, "It is too late to sign up for this workshop."),
        (called_off, "It is too late to sign up for this workshop."),
    ):
        weighed = changing.weigh(invite(some, found), by=cast.adviser.actor)
        assert weighed.to == ()
        assert set(reasons(weighed).values()) == {why}
    with pytest.raises(Invalid) as refusal:
        changing.weigh(invite(some, workshop(WorkshopStatus.DRAFT)), by=cast.adviser.actor)
    assert refusal.value.field == "workshop_id"


def test_an_invitation_that_waits_does_not_leave_for_a_workshop_that_was_cancelled(
    cast: Cast, some: list[Business]
) -> None:
    found = workshop()
    changing.change(invite(some[:1], found), seen=None, by=cast.adviser.actor)
    (letter,) = letters(KIND)
    assert reason_not_to_invite(letter) is None
    found._status, found.reason = WorkshopStatus.CANCELLED, "Made"
    assert reason_not_to_invite(letter) == "It is too late to sign up for this workshop."


def test_an_adviser_invites_those_they_ticked_page_by_page(
    client: ConformingClient, cast: Cast, some: list[Business]
) -> None:
    found = workshop(title="Who owns what you make")
    who = {"who": [str(each.id) for each in some], "deed": "invite"}
    client.sign_in(cast.adviser)
    asking = client.post("/caseload/preview", data=who)
    assert "Invite 4 businesses to a workshop" in asking.text
    assert "Who owns what you make" in asking.text
    refused = client.post("/caseload/preview", data=who | {"to_whom": "main", "workshop_id": ""})
    assert (refused.status_code, "Choose a workshop" in refused.text) == (422, True)
    chosen = who | {"to_whom": "main", "workshop_id": str(found.id)}
    preview = client.post("/caseload/preview", data=chosen).text
    assert "2 people at 2 businesses are invited to Who owns what you make" in preview
    seen = changing.weigh(invite(some, found), by=cast.adviser.actor).mark
    done = client.post("/caseload/change", data=chosen | {"seen": seen})
    page = client.get(done.headers["Location"]).text
    for words in ("Invitation to people at 2 businesses", "0 of 2 emails sent", "2 were left out"):
        assert words in page
    story = client.get(f"/businesses/{some[0].id}/activity").text
    assert "Invitation: Who owns what you make" in story
