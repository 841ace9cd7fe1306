"""How a delegation ends: what is still open ends with it, and each business is told."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest

from crm.db.session import session
from crm.exporting.delegations.service import answering, choosing, leading
from crm.exporting.delegations.service.answering import ApplicationDetails
from crm.exporting.delegations.workflow import PlaceStatus, Sells
from crm.exporting.plans.service import markets
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.errors import Conflict
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
    assert f"{said}{later}, and {person.name} would go on both" in offering
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


def test_from_the_day_of_departure_no_place_is_offered_or_accepted_and_it_can_be_closed_k7_k9_k11(
    cast: Cast, client: ConformingClient
) -> None:
    found, (offered,) = trade.chosen(2, title="Market Juniper")
    left = trade.opened(title="Market Hazel")
    place = trade.applied(left)
    leading.close(left, by=SYSTEM)
    for each in (found, left):
        each.closes_on, each.departs_on = today() - timedelta(days=5), today()
        each.lead_id = cast.hub_manager.id
    session().flush()
    client.sign_in(cast.hub_manager)
    for path in (f"/delegation-places/{offered.id}/accept", f"/delegation-places/{place.id}/assess"):
        assert f"This delegation left on {day_in_words(today())}." in client.get(path).text
    assert "This delegation left on" in client.get(f"/delegations/{left.id}/select").text
    with pytest.raises(Conflict, match="left on"):
        answering.accept(trade.again(offered), by=SYSTEM)
    desk = client.get("/desk").text
    assert "Assess the applications" not in desk
    assert "Close the delegation and tell those who applied" in desk
    assert "Close and tell those who applied" in client.get(f"/delegations/{left.id}").text
    assert client.post(f"/delegations/{left.id}/hold", data={"shown": ""}).status_code == 303
    assert trade.again(place).status is PlaceStatus.UNSELECTED
    assert [each.context["was_offered"] for each in letters("delegation_over")] == [False]


def test_a_draft_whose_days_passed_and_a_cancelled_market_that_is_over_ask_for_what_can_be_done_k13(
    cast: Cast, client: ConformingClient
) -> None:
    draft, over = trade.delegation(title="Market Hazel"), trade.opened(title="Market Oak")
    leading.close(over, by=SYSTEM)
    markets.cancel_edition(over.edition, reason="The hall is closed", by=SYSTEM)
    trade.back(over)
    draft.closes_on = today() - timedelta(days=1)
    draft.lead_id = over.lead_id = cast.hub_manager.id
    session().flush()
    client.sign_in(cast.hub_manager)
    desk = html.unescape(client.get("/desk").text)
    assert "Change the draft, or cancel it. Its last day to apply was" in desk
    assert "Close the delegation and tell those who applied" in desk
    for words in ("Open the delegation", "Decide what happens", "Assess the applications", "Record who went"):
        assert words not in desk
    page = client.get(f"/delegations/{draft.id}").text
    assert "This draft cannot be opened. Its last day to apply was" in page
    assert "Open for applications" not in page
