"""Applying for a delegation, withdrawing and applying again; and what a changed market or unsure rights hold up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm.db.session import session
from crm.exporting.delegations.queries import fitting
from crm.exporting.delegations.service import answering, choosing, leading
from crm.exporting.delegations.workflow import PlaceStatus
from crm.exporting.plans.service import markets
from crm.kernel.errors import Conflict
from crm.kernel.permissions import SYSTEM
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.exporting.test_delegations import letters


def test_nobody_applies_or_accepts_while_the_lead_has_not_decided_what_a_cancelled_market_means(
    cast: Cast, client: ConformingClient
) -> None:
    found = trade.opened()
    factories.person(trade.owner(BUSINESS))
    markets.cancel_edition(found.edition, reason="Too few stands", by=SYSTEM)
    where = f"/delegations/{found.id}"
    public = client.get(where).text
    assert "was cancelled: Too few stands" in public
    assert "Market cancelled" in client.get("/delegations").text
    client.sign_in(cast.founder)
    assert client.get(f"{where}/apply/{BUSINESS}").status_code == 409
    assert f"{where}/apply/{BUSINESS}" not in client.get(where).text
    client.sign_in(cast.hub_manager)
    assert client.post(f"{where}/confirm-dates").status_code == 303
    client.sign_in(cast.founder)
    assert "The delegation goes ahead." in client.get(where).text
    assert client.get(f"{where}/apply/{BUSINESS}").status_code == 200
    offered, (place, *_) = trade.chosen(3)
    offered.review = "Its market now begins on another day"
    session().flush()
    with pytest.raises(Conflict, match="decides first"):
        answering.accept(place, by=SYSTEM)


def test_a_founder_withdraws_after_a_question_and_applies_again_until_the_last_day(
    cast: Cast, client: ConformingClient
) -> None:
    found = trade.opened()
    place = trade.assessed(trade.applied(found, trade.owner(BUSINESS)))
    client.sign_in(cast.founder)
    where = f"/delegation-places/{place.id}"
    assert f'action="{where}/withdraw"' not in client.get(where).text, "it asks on a page of its own"
    assert "The business can apply again until" in client.get(f"{where}/withdraw").text
    assert client.post(f"{where}/withdraw").status_code == 303
    late = client.post(f"{where}/decline")
    assert (late.status_code, f'<a href="{where}">See what it says now' in late.text) == (409, True)
    assert 'class="govuk-button"' not in late.text, "what cannot be done any more is not offered again"
    assert "it is offered the place at once" not in late.text, "nor said of it what it would do"
    page = client.get(where).text
    assert "Application withdrawn" in page
    assert len(letters("delegation_withdrawn")) == 2, "who would have gone, and who has the account"
    assert "Apply again" in page
    sent = {"person": str(place.person_id), "why": "After all", "sells": "services"}
    again = client.post(f"/delegations/{found.id}/apply/{BUSINESS}", data=sent)
    assert again.headers["Location"] == where
    kept = trade.again(place)
    assert (kept.status, kept.why, kept.is_suitable) == (PlaceStatus.APPLIED, "After all", None)


def test_an_adviser_applies_for_a_business_from_the_delegation_and_no_place_goes_where_rights_are_unsure(
    cast: Cast, client: ConformingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, who = trade.opened(), trade.owner(BUSINESS)
    found.lead_id = cast.administrator.id
    factories.index(who, ())
    person = factories.person(who)
    client.sign_in(cast.adviser)
    assert "Apply for a business" in client.get(f"/delegations/{found.id}").text
    apply = f"/delegations/{found.id}/apply/{BUSINESS}"
    assert apply in client.get(f"/delegations/{found.id}/apply?q={who.name.split()[0]}").text
    sent = {"person": str(person.id), "why": "To meet buyers", "sells": "services"}
    where = client.post(apply, data=sent).headers["Location"]
    assert where in client.get(f"/delegations/{found.id}").text, (
        "their own business, on the delegation's page"
    )
    assert apply not in client.get(f"/delegations/{found.id}/apply?q={who.name.split()[0]}").text
    gate = "Check that you hold the rights before you join a market or mission."
    fit = fitting.fit_of(found, who)
    monkeypatch.setattr(fitting, "fit_of", lambda *_: replace(fit, gate=gate))
    client.sign_in(cast.administrator)
    marks = {"mark_0": "3", "mark_1": "3", "suitable": "yes", "reason": "Ready", "version": "1"}
    refused = client.post(f"{where}/assess", data=marks)
    assert refused.status_code == 422
    assert f"This business is not ready for a market yet. {gate}" in refused.text
    assert client.post(f"{where}/assess", data=marks | {"suitable": "no"}).status_code == 303


def test_a_delegation_closed_by_mistake_is_reopened_and_a_business_is_invited_to_a_place_that_is_free(
    cast: Cast, client: ConformingClient
) -> None:
    found = trade.opened(seats=2)
    one = trade.applied(found)
    where = f"/delegations/{found.id}"
    client.sign_in(cast.administrator)
    assert client.post(f"{where}/reopen").status_code == 409, "it is open"
    assert client.post(f"{where}/close").status_code == 303
    assert "Reopen applications" in client.get(where).text
    assert client.post(f"{where}/reopen").status_code == 303
    assert "Close applications" in client.get(where).text
    assert client.get(f"{where}/invite").status_code == 409, "others can apply"
    trade.assessed(one, 3)
    client.post(f"{where}/close")
    choosing.select(trade.whole(found.id), by=SYSTEM)
    assert client.post(f"{where}/reopen").status_code == 409, "places were offered"
    assert "Reopen applications" not in client.get(where).text
    owner = trade.owner(BUSINESS)
    person = factories.person(owner)
    assert f"{where}/invite" in client.get(where).text
    assert "Invite a business" in client.get(f"{where}/invite").text
    assert "Why is this business invited?" in client.get(f"{where}/invite/{owner.id}").text
    told = {"person": str(person.id), "why": "To meet buyers", "sells": "services"}
    refused = client.post(f"{where}/invite/{owner.id}", data=told)
    assert refused.status_code == 422
    assert "Say why it is invited" in refused.text
    answer = client.post(f"{where}/invite/{owner.id}", data=told | {"reason": "It rang in time"})
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).text
    assert "Place offered" in page
    assert "invited the business to a free place" in page
    assert person.email in [each.to_address for each in letters("delegation_offered")]
    assert client.get(f"{where}/places").status_code == 200
    assert client.get(f"{where}/places.csv").status_code == 200
    assert client.get(f"{where}/invite").status_code == 409, "every place is offered"
    assert client.post(f"{where}/invite/{owner.id}", data=told | {"reason": "Again"}).status_code == 409


def test_a_person_without_an_account_answers_by_reply_and_who_has_one_is_told_of_the_offer_too(
    cast: Cast,
) -> None:
    found = trade.opened()
    place = trade.assessed(trade.applied(found, trade.owner(BUSINESS)), 3)
    leading.close(found, by=SYSTEM)
    choosing.select(found, by=SYSTEM)
    offers = {each.to_address: each.context["is_known"] for each in letters("delegation_offered")}
    assert offers == {cast.founder.email: True, str(place.person.email): False}
