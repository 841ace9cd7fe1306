"""The papers of the subsidy of a place in a delegation: sent with its acceptance, or on the desk of who sends them."""

from __future__ import annotations

import pytest

from crm.exporting.delegations.service import answering
from crm.exporting.delegations.workflow import PlaceStatus
from crm.kernel.errors import Invalid
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from tests.cast import Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.exporting.test_delegations import letters


def test_papers_of_a_business_without_an_account_wait_on_the_desk_of_the_funding_team(
    cast: Cast, client: ConformingClient
) -> None:
    _, (place,) = trade.chosen(3)
    answering.accept(place, by=SYSTEM)
    (letter,) = letters("delegation_accepted")
    assert not letter.context["is_notified"]
    client.sign_in(cast.hub_manager)
    assert "Our funding team sends them" in client.get(f"/delegation-places/{place.id}").text
    client.sign_in(cast.programme_manager)
    assert place.business.name in client.get("/desk").text
    paper = trade.again(place).subsidy_id
    assert client.post(f"/subsidies/{paper}/notify").status_code == 303
    client.sign_in(cast.hub_manager)
    assert "The business was notified on" in client.get(f"/delegation-places/{place.id}").text


def test_a_place_with_more_subsidy_than_fits_is_not_accepted(cast: Cast) -> None:
    _found, (place,) = trade.chosen(3)
    trade.gave(place.business, Money.pounds(315_000))
    with pytest.raises(Invalid, match="more than fits under the limit"):
        answering.accept(place, by=SYSTEM)
    assert trade.again(place).status is PlaceStatus.OFFERED
