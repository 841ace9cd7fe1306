"""How a delegation ends: what is still open ends with it, and each business is told."""

from __future__ import annotations

import pytest

from crm.exporting.delegations.service import answering, leading
from crm.exporting.delegations.workflow import PlaceStatus
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
