"""The lead adviser of a business: one person, taken, assigned, handed over and ended, with a history."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm.accounts.workflow import AccountStatus
from crm.businesses.models import Business, BusinessShare
from crm.businesses.workflow import BusinessStatus
from crm.caseload.models import Lead
from crm.caseload.queries import leads as queries
from crm.caseload.service import leading
from crm.casework.queries import in_charge_of
from crm.db.session import session
from crm.kernel.clock import now, today
from crm.kernel.errors import Changed, Conflict, Invalid, NotAllowed
from crm.kernel.roles import Role, Scope
from crm.notices.models import Letter
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient

PATH = f"/businesses/{BUSINESS}"


def colleague(owner: Business, **fields: Any) -> Any:
    """One more adviser of the hub that looks after a business."""
    made = factories.account(**fields)
    factories.grant(made, Role.ADVISER, scope=Scope.HUB, scope_id=str(owner.hub_id))
    return made


def led(business_id: Any = BUSINESS) -> Any:
    found = queries.led(business_id)
    assert found is not None
    return found


def sent(client: ConformingClient, path: str, **given: Any) -> Any:
    """The page that a form which is posted leads to."""
    answer = client.post(path, **given)
    assert answer.status_code == 303, answer.text
    return client.get(answer.headers["Location"])


def letters(kind: str) -> list[Letter]:
    return list(session().scalars(select(Letter).where(Letter.kind == kind)))


def test_an_adviser_becomes_the_lead_adviser_and_the_head_of_the_page_says_so(
    client: ConformingClient, cast: Cast
) -> None:
    client.sign_in(cast.adviser)
    assert "Not chosen yet" in client.get(PATH).text

    answer = sent(client, f"{PATH}/lead-adviser/take")

    assert "You are now the lead adviser." in answer.text
    for tab in ("", "/activity", "/support", "/money", "/ip", "/exporting", "/details"):
        assert "<strong>You</strong>" in client.get(PATH + tab).text
    assert f"Lead adviser: {cast.adviser.actor.name}" in client.get(f"{PATH}/activity").text
    assert "became the lead adviser" in client.get(f"{PATH}/history").text.lower()


def test_a_business_that_somebody_leads_is_not_taken_from_them(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    leading.take(led(), by=cast.adviser.actor)
    other = colleague(owner)
    client.sign_in(other)

    assert "Become the lead adviser" not in client.get(PATH).text
    answer = client.post(f"{PATH}/lead-adviser/take")
    assert answer.status_code == 409
    assert f"{cast.adviser.actor.name} is the lead adviser" in answer.text


def test_a_manager_assigns_a_lead_adviser_and_both_are_told_by_email(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    leading.take(led(), by=cast.adviser.actor)
    to = colleague(owner)
    client.sign_in(cast.hub_manager)
    page = client.get(f"{PATH}/lead-adviser")
    assert to.name in page.text

    seen = leading.lead_shown(led())
    answer = sent(client, f"{PATH}/lead-adviser", data={"account_id": str(to.id), "seen": seen})

    assert "Lead adviser changed." in answer.text
    assert to.name in client.get(PATH).text
    assert [each.to_address for each in letters("lead_given")] == [to.email]
    assert [each.to_address for each in letters("lead_moved")] == [cast.adviser.email]
    assert [each.account_id for each in queries.leads_since(BUSINESS)] == [to.id, cast.adviser.id]


def test_the_lead_adviser_hands_it_over_and_another_adviser_cannot(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    to = colleague(owner)
    with pytest.raises(NotAllowed):
        leading.assign(led(), to.id, by=cast.adviser.actor)
    leading.take(led(), by=cast.adviser.actor)

    leading.assign(led(), to.id, by=cast.adviser.actor)

    assert led().lead.account_id == to.id
    with pytest.raises(NotAllowed):
        leading.assign(led(), cast.adviser.id, by=cast.adviser.actor)


def test_a_lead_adviser_is_removed_and_told(client: ConformingClient, cast: Cast) -> None:
    leading.take(led(), by=cast.adviser.actor)
    client.sign_in(cast.hub_manager)

    answer = sent(client, f"{PATH}/lead-adviser/remove")

    assert "Lead adviser removed." in answer.text
    assert led().lead is None
    assert [each.to_address for each in letters("lead_moved")] == [cast.adviser.email]
    assert client.post(f"{PATH}/lead-adviser/remove").status_code == 409


def test_only_active_people_of_a_hub_that_may_see_it_can_lead_it(cast: Cast, owner: Business) -> None:
    gone, elsewhere = colleague(owner, status=AccountStatus.DEACTIVATED), factories.account()
    factories.grant(elsewhere, Role.ADVISER, scope=Scope.HUB, scope_id=str(factories.hub().id))
    assert {gone.id, elsewhere.id}.isdisjoint(each.id for each in queries.people_for(owner))

    for found in (gone, elsewhere, cast.founder, cast.network_manager):
        with pytest.raises(Invalid):
            leading.assign(led(), found.id, by=cast.hub_manager.actor)
    with pytest.raises(Invalid):
        leading.assign(led(), BUSINESS, by=cast.hub_manager.actor)


def test_a_person_of_a_hub_that_it_is_shared_with_can_lead_it(cast: Cast, owner: Business) -> None:
    made = factories.business(hub_id=owner.hub_id)
    with pytest.raises(Invalid):
        leading.assign(led(made.id), cast.other_adviser.id, by=cast.hub_manager.actor)
    hub_id = next(iter(cast.other_adviser.actor.scoped_to(Scope.HUB, Role.ADVISER)))
    factories.kept(BusinessShare(business_id=made.id, hub_id=UUID(hub_id), valid_from=today(), reason="Made"))
    session().refresh(made, ["shared"])

    leading.assign(led(made.id), cast.other_adviser.id, by=cast.hub_manager.actor)

    assert led(made.id).is_led


def test_who_was_shown_another_lead_adviser_changes_nothing(cast: Cast, owner: Business) -> None:
    seen, to = leading.lead_shown(led()), colleague(owner)
    leading.take(led(), by=cast.adviser.actor)

    with pytest.raises(Changed):
        leading.assign(led(), to.id, seen=seen, by=cast.hub_manager.actor)


def test_nothing_is_changed_about_an_archived_business(cast: Cast) -> None:
    made = factories.business(_status=BusinessStatus.ARCHIVED, archived_reason="Made")
    with pytest.raises(Conflict):
        leading.take(led(made.id), by=cast.adviser.actor)


def test_a_business_has_one_lead_adviser_at_most(db: Session, cast: Cast) -> None:
    for _ in range(2):
        db.add(Lead(business_id=BUSINESS, account_id=cast.adviser.id, began_at=now()))
    with pytest.raises(IntegrityError):
        db.flush()


def test_what_a_business_asks_for_goes_to_its_lead_adviser(cast: Cast, owner: Business) -> None:
    factories.conversation(owner, cast.hub_manager.account, happened_on=today())
    leading.take(led(), by=cast.adviser.actor)

    assert in_charge_of(owner) == [cast.adviser.id]


def test_the_caseload_of_a_leaver_has_the_businesses_that_they_led(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    gone, to = colleague(owner), colleague(owner)
    leading.assign(led(), gone.id, by=cast.hub_manager.actor)
    client.sign_in(cast.hub_manager)
    page = f"/people/{gone.id}/caseload"
    assert "Businesses they lead" in client.get(page).text

    answer = sent(client, page, data={f"to-{BUSINESS}": str(to.id)})

    assert to.name in answer.text
    assert led().lead.account_id == to.id
    client.post(f"{answer.request.path}/undo")
    assert led().lead.account_id == gone.id
