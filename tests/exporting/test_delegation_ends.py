"""How a delegation ends: what is still open ends with it, and each business is told."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest

from crm.exporting.delegations.service import answering, choosing, leading
from crm.exporting.delegations.service.answering import ApplicationDetails
from crm.exporting.delegations.workflow import PlaceStatus, Sells
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM
from tests.cast import Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.exporting.test_delegations import letters

pytestmark = pytest.mark.engine("sqlite")


def test_open_offers_and_the_waiting_list_end_with_the_delegation_k11_k15(
    cast: Cast, client: ConformingClient
) -> None:
    found, places = trade.chosen(3, 2, 1)
    assert [trade.again(each).status.value for each in places] == ["offered", "offered", "waiting"]
    answering.accept(trade.again(places[0]), by=SYSTEM)
    trade.back(found)
    client.sign_in(cast.administrator)
    leading.hold(trade.whole(found.id), {places[0].id}, by=SYSTEM)
    assert trade.again(places[1]).status is PlaceStatus.LAPSED
    assert trade.again(places[2]).status is PlaceStatus.UNSELECTED
    assert {each.context["was_offered"] for each in letters("delegation_over")} == {True, False}
    page = client.get(f"/delegation-places/{places[1].id}").text
    assert "Did not answer in time" in page
    assert "Accept" not in page.split("History")[0]


def test_a_business_on_two_delegations_of_the_same_days_is_warned_at_every_step(
    cast: Cast, client: ConformingClient
) -> None:
    first, (booked,) = trade.chosen(2, title="Market Maple")
    answering.accept(trade.again(booked), by=SYSTEM)
    business, person = booked.business, booked.person
    second, later = trade.opened(title="Market Larch"), days_later()
    details = ApplicationDetails(person.id, "To meet buyers", Sells.SERVICES)
    client.sign_in(cast.administrator)
    said = f"{business.name} also has a place in Market Maple, "
    assert said in html.unescape(client.get(f"/delegations/{second.id}/apply/{business.id}").text)
    place = answering.apply(second, details, business=business, by=SYSTEM)
    assert said in html.unescape(client.get(f"/delegation-places/{place.id}/assess").text)
    leading.close(trade.whole(second.id), by=SYSTEM)
    trade.assessed(trade.again(place))
    offering = html.unescape(client.get(f"/delegations/{second.id}/select").text)
    assert f"{said}{later}, and {person.name} would go in both" in offering
    choosing.select(trade.whole(second.id), by=SYSTEM)
    assert any(said in each.context["also"] for each in letters("delegation_offered"))
    for page in (f"/delegation-places/{place.id}", f"/delegation-places/{place.id}/accept"):
        assert said in html.unescape(client.get(page).text)
    answering.decline(trade.again(place), by=SYSTEM)
    assert "Same days as another" not in client.get(f"/delegation-places/{place.id}").text
    assert first.departs_on == second.departs_on


def days_later() -> str:
    """The days of the delegations of these tests."""
    first, last = today() + timedelta(days=89), today() + timedelta(days=94)
    return f"{day_in_words(first)} to {day_in_words(last)}"
