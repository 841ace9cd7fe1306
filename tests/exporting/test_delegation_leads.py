"""Who leads a delegation: changed by those who manage it, and covered by the managers of the lead's hub."""

from __future__ import annotations

import pytest

from crm.accounts.models import Account
from crm.db.session import session
from crm.exporting.delegations.models import Delegation
from crm.exporting.delegations.service import choosing, leading
from crm.exporting.delegations.workflow import PlaceStatus
from crm.exporting.plans.service import markets
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role, Scope
from crm.notices.service import as_sent
from tests import factories
from tests.cast import Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.exporting.test_delegations import letters

pytestmark = pytest.mark.engine("sqlite")


def of_hub(cast: Cast, role: Role = Role.EXPORT_ADVISER) -> Account:
    """Somebody at the hub of the cast's manager."""
    (held,) = cast.hub_manager.known.grants
    made = factories.account()
    factories.grant(made, role, scope=Scope.HUB, scope_id=held.scope_id)
    return made


def led_by(lead: Account) -> Delegation:
    found = trade.opened()
    found.lead_id = lead.id
    session().flush()
    session().expire_all()
    return trade.whole(found.id)


def test_a_manager_of_the_leads_hub_sees_and_covers_a_delegation_and_managers_of_other_hubs_do_not(
    cast: Cast, client: ConformingClient
) -> None:
    lead, elsewhere = of_hub(cast), factories.account()
    factories.grant(elsewhere, Role.HUB_MANAGER, scope=Scope.HUB, scope_id=str(factories.hub().id))
    found = led_by(lead)
    where = f"/delegations/{found.id}"
    client.sign_in(cast.hub_manager)
    for page in ("places", "change", "lead"):
        assert client.get(f"{where}/{page}").status_code == 200, page
    markets.cancel_edition(found.edition, reason="Too few stands", by=SYSTEM)
    desk = client.get("/desk").text
    assert "Decide what happens" in desk
    assert f"{found.title}, led by {lead.name}" in desk
    assert "Decide what happens" not in client.sign_in(cast.adviser).get("/desk").text
    client.sign_in(elsewhere)
    for page in ("places", "change", "lead"):
        assert client.get(f"{where}/{page}").status_code in (403, 404), page
    assert "Decide what happens" not in client.get("/desk").text
    client.sign_in(cast.hub_manager)
    assert client.post(f"{where}/confirm-dates").status_code == 303
    assert client.post(f"{where}/close", data={}).status_code == 303


def test_the_lead_of_a_delegation_is_changed_and_both_are_told(cast: Cast, client: ConformingClient) -> None:
    lead, new = of_hub(cast), of_hub(cast)
    found = led_by(lead)
    where = f"/delegations/{found.id}/lead"
    client.sign_in(cast.hub_manager)
    assert where in client.get(f"/delegations/{found.id}").text
    page = client.get(where).text
    assert f"{lead.name} leads it now" in page
    assert f'value="{lead.id}"' not in page, "it is theirs already"
    assert "Choose who leads it" in client.post(where, data={"version": str(found.version)}).text
    stranger = client.post(where, data={"lead": str(cast.adviser.id), "version": str(found.version)})
    assert stranger.status_code == 422, "an adviser leads none"
    told = {"lead": str(new.id), "version": str(found.version)}
    answer = client.post(where, data=told)
    assert answer.status_code == 303
    said = client.get(answer.headers["Location"]).text
    assert "The lead has changed. We have emailed them." in said
    assert "changed who leads it" in said
    assert new.name in said
    assert {each.to_address: each.context["is_you"] for each in letters("delegation_lead")} == {
        new.email: True,
        lead.email: False,
    }
    assert client.post(where, data=told).status_code in (303, 409, 422), "not twice"
    assert len(letters("delegation_lead")) == 2
    client.sign_in(new)
    assert client.get(f"/delegations/{found.id}/places").status_code == 200
    assert client.sign_in(lead).get(f"/delegations/{found.id}/places").status_code in (403, 404)


def test_a_cancelled_delegation_changes_no_lead_and_one_that_was_held_does(
    cast: Cast, client: ConformingClient
) -> None:
    place = trade.went()
    found = place.delegation
    found.lead_id = of_hub(cast).id
    session().flush()
    client.sign_in(cast.hub_manager)
    assert client.get(f"/delegations/{found.id}/lead").status_code == 200
    off = trade.opened(title="A cancelled one")
    client.sign_in(cast.administrator)
    cancelled = client.post(f"/delegations/{off.id}/cancel", data={"reason": "Too few applied"})
    assert cancelled.status_code == 303
    assert client.get(f"/delegations/{off.id}/lead").status_code == 409
    assert f"/delegations/{off.id}/lead" not in client.get(f"/delegations/{off.id}").text


def test_the_sums_of_a_delegation_say_for_whom_their_rows_open(cast: Cast, client: ConformingClient) -> None:
    lead, elsewhere = of_hub(cast), factories.account()
    factories.grant(elsewhere, Role.EXPORT_ADVISER, scope=Scope.HUB, scope_id=str(factories.hub().id))
    found = trade.went().delegation
    found.lead_id = lead.id
    session().flush()
    session().expire_all()
    rows = f"/delegations/{found.id}/places?show=went"
    for who, opens in ((lead, True), (cast.hub_manager, True), (elsewhere, False)):
        client.sign_in(who)
        page = client.get("/delegations").text
        assert (rows in page) is opens
        assert (f"open to its lead, {lead.name}" in page) is not opens
        assert (client.get(rows).status_code == 200) is opens


def test_k10_k13_the_lead_records_what_a_business_of_another_hub_answered_by_email(
    cast: Cast, client: ConformingClient
) -> None:
    lead, elsewhere = of_hub(cast), factories.account()
    factories.grant(elsewhere, Role.EXPORT_ADVISER, scope=Scope.HUB, scope_id=str(factories.hub().id))
    far = [factories.business(hub_id=factories.hub().id) for _ in range(4)]
    found = trade.opened(seats=2)
    first, second, third, fourth = (
        trade.assessed(trade.applied(found, trade.owner(each.id)), points)
        for each, points in zip(far, (3, 2, 2, 2), strict=True)
    )
    leading.close(found, by=SYSTEM)
    choosing.select(found, by=SYSTEM)
    found.lead_id = lead.id
    session().flush()
    said = {"told": "Femi, by email on 29 November"}
    client.sign_in(elsewhere)
    assert client.post(f"/delegation-places/{first.id}/accept", data=said).status_code in (403, 404)
    client.sign_in(lead)
    assert "Record that it accepts" in client.get(f"/delegation-places/{first.id}").text
    for place, act, status in (
        (first, "accept", PlaceStatus.ACCEPTED),
        (second, "decline", PlaceStatus.DECLINED),
        (first, "give-up", PlaceStatus.GIVEN_UP),
        (fourth, "decline", PlaceStatus.DECLINED),
    ):
        answer = client.post(f"/delegation-places/{place.id}/{act}", data=said)
        assert answer.status_code == 303, (act, answer.text)
        assert trade.again(place).status is status
    assert trade.again(third).status is PlaceStatus.OFFERED
    assert "Femi, by email" in client.get(f"/delegation-places/{second.id}").text


def test_k13_k16_a_lead_who_hands_over_hears_that_replies_to_earlier_emails_are_to_be_passed_on(
    cast: Cast, client: ConformingClient
) -> None:
    lead, new = of_hub(cast), of_hub(cast)
    found = led_by(lead)
    client.sign_in(cast.hub_manager)
    where = f"/delegations/{found.id}/lead"
    page = " ".join(client.get(where).text.split())
    assert f"Replies to emails that were sent already still go to {lead.name}, who passes them on" in page
    assert "We email both, but not whoever saves this" in page
    told = {"lead": str(new.id), "version": str(found.version)}
    assert client.post(where, data=told).status_code == 303
    words = {
        each.to_address: as_sent(each.kind, each.context | {"to_name": "Made"}).text
        for each in letters("delegation_lead")
    }
    assert f"pass them on to {new.name} ({new.email})" in " ".join(words[lead.email].split())
    assert f"sent earlier still go to {lead.name}" in " ".join(words[new.email].split())
