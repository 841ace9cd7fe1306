"""The papers of a place that our funding team cancelled, and money that was given for a place which was given up."""

from __future__ import annotations

from html import unescape

import pytest

from crm.db.session import session
from crm.exporting.delegations.models import DelegationPlace
from crm.exporting.delegations.service import answering, papering
from crm.funding.subsidy.queries import subsidy
from crm.funding.subsidy.service import giving
from crm.funding.subsidy.workflow import SubsidyStatus
from crm.kernel.clock import today
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import SYSTEM
from tests.cast import Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.exporting.test_delegation_leads import of_hub
from tests.exporting.test_delegation_letters import offered
from tests.exporting.test_delegations import letters

pytestmark = pytest.mark.engine("sqlite")
VOID = "Prepare the papers of"
LEFT = "Say what happens with the money given"


def shown(client: ConformingClient, address: str) -> str:
    return " ".join(unescape(client.get(address).text).split())


def accepted(cast: Cast) -> tuple[DelegationPlace, object]:
    """A place that was accepted, in a delegation that somebody leads, with its papers notified."""
    lead = of_hub(cast)
    found, place = offered()
    found.lead_id = lead.id
    session().flush()
    answering.accept(place, by=SYSTEM)
    session().expire_all()
    return trade.again(place), lead


def cancel(place: DelegationPlace, cast: Cast) -> None:
    found = subsidy(place.subsidy_id) if place.subsidy_id else None
    assert found is not None
    giving.cancel(found, reason="Entered by mistake", by=cast.finance_officer.actor)


def test_k8_k16_the_lead_hears_of_cancelled_papers_and_prepares_them_again(
    cast: Cast, client: ConformingClient
) -> None:
    place, lead = accepted(cast)
    where, before = f"/delegation-places/{place.id}", place.subsidy_id
    client.sign_in(lead)  # type: ignore[arg-type]
    assert VOID not in shown(client, "/desk")
    assert client.post(f"{where}/papers/prepare").status_code == 409
    cancel(place, cast)
    (letter,) = letters("delegation_papers_cancelled")
    assert letter.context["reason"] == "Entered by mistake"
    assert VOID in shown(client, "/desk")
    page = shown(client, where)
    assert "once there are papers again" in page
    file = f"/delegations/{place.delegation_id}/places.csv"
    assert "Nothing is given: the papers were cancelled" in client.get(file).text
    assert "800" not in client.get(file).text
    assert "They were cancelled: nothing is given until there are papers again." in page
    assert client.post(f"{where}/papers/prepare").status_code == 303
    assert "Nothing is given" not in client.get(file).text
    assert "800" in client.get(file).text
    again = trade.again(place)
    assert again.subsidy_id not in (None, before)
    assert VOID not in shown(client, "/desk")
    assert "once there are papers again" not in shown(client, where)
    with pytest.raises(Conflict):
        papering.prepare_again(again, by=SYSTEM)


def test_k8_papers_of_a_place_that_was_given_up_are_cancelled_without_a_letter_to_its_lead(
    cast: Cast,
) -> None:
    place, _ = accepted(cast)
    answering.give_up(place, told="Ben, by phone", by=cast.administrator.actor)
    found = subsidy(place.subsidy_id) if place.subsidy_id else None
    assert found is not None
    assert found.status is SubsidyStatus.CANCELLED
    assert letters("delegation_papers_cancelled") == []


def test_k11_k15_a_person_decides_what_happens_with_money_given_for_a_place_that_was_given_up(
    cast: Cast, client: ConformingClient
) -> None:
    place, lead = accepted(cast)
    found = subsidy(place.subsidy_id) if place.subsidy_id else None
    assert found is not None
    giving.confirm(found, confirmed_by="Ben Bell", by=SYSTEM)
    giving.give(found, on=today(), by=SYSTEM)
    where = f"/delegation-places/{place.id}"
    client.sign_in(lead)  # type: ignore[arg-type]
    assert client.get(f"{where}/settle").status_code == 409
    assert client.post(f"{where}/give-up", data={"told": "Ben, by phone"}).status_code == 303
    assert LEFT in shown(client, "/desk")
    page = shown(client, where)
    assert "decides with our funding team what happens with it" in page
    assert "sends the confirmation next" not in page
    assert client.post(f"{where}/settle", data={"reason": " "}).status_code == 422
    words = "The organiser pays us back by 14 January"
    assert client.post(f"{where}/settle", data={"reason": words}).status_code == 303
    assert LEFT not in shown(client, "/desk")
    assert f"What was decided: {words}" in shown(client, where)
    assert {each.context["words"] for each in letters("delegation_money_settled")} == {words}
    with pytest.raises(Invalid, match="Say what was decided"):
        papering.settle(trade.again(place), words="-", by=SYSTEM)


def test_k11_where_the_delegation_is_cancelled_the_lead_is_not_told_to_prepare_papers_again(
    cast: Cast, client: ConformingClient
) -> None:
    place, lead = accepted(cast)
    client.sign_in(lead)  # type: ignore[arg-type]
    there = f"/delegations/{place.delegation_id}/cancel"
    assert client.post(there, data={"reason": "The market is off"}).status_code == 303
    assert letters("delegation_papers_cancelled") == []
    for who in (lead, cast.founder):
        client.sign_in(who)  # type: ignore[arg-type]
        page = shown(client, f"/delegation-places/{place.id}")
        assert ("there are papers again" in page, "nothing is given." in page) == (False, True)
