"""Asking a business to meet a second time: for its next raise, and after it declined."""

from __future__ import annotations

from crm.angels.introductions.models import Introduction
from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.pitches.workflow import PitchStatus
from crm.businesses.models import Connection
from crm.businesses.workflow import ConnectionKind
from tests import factories, network
from tests.angels.introductions.test_introducing import investor, shown
from tests.angels.people import letters, own_business, rows
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import Clock

S = IntroductionStatus


def test_k12_k33_an_investor_of_an_earlier_raise_asks_about_the_next_one_by_name_and_reports_in_it(
    cast: Cast, client: ConformingClient
) -> None:
    owner = investor()
    first = network.pitch(network.legal(own_business()), PitchStatus.CLOSED)
    network.introduction(first, owner, S.AGREED)
    factories.connection(own_business(), kind=ConnectionKind.INVESTOR, account_id=owner.id)
    found = shown()
    page = " ".join(client.sign_in(owner).get(f"/pitches/{found.id}").text.split())
    assert "about an earlier raise. Ask again about this one" in page
    assert client.post(f"/pitches/{found.id}/request", data={"message": "Again"}).status_code == 303
    (made,) = [each for each in rows(Introduction) if each.status is S.REQUESTED]
    assert "It knows you from your introduction" in client.get(f"/introductions/{made.id}").text
    client.sign_in(cast.founder)
    assert "Philippa Unmistakable" in client.get(f"/introductions/{made.id}").text
    client.post(f"/introductions/{made.id}/agree", data={"contacts": str(cast.founder.id)})
    assert len([each for each in rows(Connection) if each.kind is ConnectionKind.INVESTOR]) == 1
    client.sign_in(owner)
    assert client.get(f"/introductions/{made.id}/invested").status_code == 200


def test_an_investor_who_also_directs_the_business_asks_nothing_and_sees_why_instead_of_the_form(
    cast: Cast, client: ConformingClient
) -> None:
    found, owner = shown(), investor()
    for kind in (ConnectionKind.INVESTOR, ConnectionKind.DIRECTOR):
        factories.connection(own_business(), kind=kind, account_id=owner.id)
    page = client.sign_in(owner).get(f"/pitches/{found.id}").text
    assert "You are director of the business, so you cannot ask to be introduced to it." in page
    assert "/request" not in page
    assert client.post(f"/pitches/{found.id}/request", data={"message": "x"}).status_code == 409


def test_k27_a_declined_investor_neither_asks_again_nor_pledges_to_the_same_raise_for_thirty_days(
    cast: Cast, client: ConformingClient, clock: Clock
) -> None:
    found, owner = shown(), investor()
    made = network.introduction(found, owner)
    client.sign_in(cast.founder)
    client.post(f"/introductions/{made.id}/turn-down", data={"why": "fit", "note": ""})
    client.sign_in(owner)
    assert "The business did not take up your request" in client.get(f"/pitches/{found.id}").text
    assert client.post(f"/pitches/{found.id}/request", data={"message": "x"}).status_code == 409
    assert client.post(f"/pitches/{found.id}/pledge", data={"amount": "90,000"}).status_code == 409
    assert [*letters("introduction_requested"), *letters("pledge_recorded")] == []
    clock.shift(31 * 24 * 3600)
    client.sign_in(owner)
    assert client.post(f"/pitches/{found.id}/request", data={"message": "x"}).status_code == 303


def test_another_reason_for_declining_is_said_to_the_networks_staff(
    cast: Cast, client: ConformingClient
) -> None:
    made = network.introduction(shown(), investor())
    client.sign_in(cast.founder)
    refused = client.post(f"/introductions/{made.id}/turn-down", data={"why": "other", "note": " "})
    assert refused.status_code == 422
    assert "Say what the reason is." in refused.text
    sent = {"why": "other", "note": "We know each other privately"}
    assert client.post(f"/introductions/{made.id}/turn-down", data=sent).status_code == 303
