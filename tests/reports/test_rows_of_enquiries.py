"""Enquiries in the reports: each counts at the hub that has it, opens its page, and names who answered."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from crm.accounts.models import Hub
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.casework import queries as casework
from crm.casework.service import counting
from crm.kernel.roles import Role, Scope
from crm.signposting.models import Enquiry
from crm.signposting.queries.enquiring import enquiry
from crm.signposting.service import queueing
from tests import factories
from tests.casework.test_counting import complete
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient

ROWS = "/reports/measures/enquiries/rows"


@pytest.fixture
def own(cast: Cast) -> Business:
    found = business(BUSINESS)
    assert found is not None
    return found


@pytest.fixture
def elsewhere() -> Hub:
    return factories.hub(name="Made Hub Elsewhere")


def waiting_at(hub_id: UUID | None, **fields: object) -> Enquiry:
    found = enquiry(factories.enquiry(hub_id=hub_id, **fields).id)
    assert found is not None
    return found


def page_of(client: ConformingClient, address: str) -> str:
    return re.sub(r"\s+", " ", client.get(address).text)


def test_k14_enquiries_without_a_business_open_for_the_hub_that_has_them(
    client: ConformingClient, cast: Cast, own: Business
) -> None:
    waiting = waiting_at(own.hub_id)
    client.sign_in(cast.hub_manager)

    assert f'href="/enquiries/{waiting.id}"' in page_of(client, ROWS)
    assert f'href="/enquiries/{waiting.id}"' in page_of(client, f"{ROWS}?hub={own.hub_id}")
    assert "No records" in page_of(client, f"{ROWS}?hub=none")
    measure = page_of(client, "/reports/measures/enquiries")
    assert f"hub={own.hub_id}" in measure
    assert waiting.business_name in client.get(f"{ROWS.replace('rows', 'rows.csv')}").text


def test_k10_an_enquiry_of_another_hub_is_counted_and_said_to_be_there(
    client: ConformingClient, cast: Cast, own: Business, elsewhere: Hub
) -> None:
    far = waiting_at(elsewhere.id)
    attached = waiting_at(elsewhere.id, business_id=own.id)
    page = page_of(client.sign_in(cast.hub_manager), ROWS)

    assert "Enquiries received: 2" in page
    assert "1 more record is counted that you cannot open: it is with another hub." in page
    assert far.business_name not in page
    assert "With another hub" in page
    assert f'href="/enquiries/{attached.id}"' not in page


def test_k6_a_handover_does_not_rewrite_who_answered(
    client: ConformingClient, cast: Cast, own: Business
) -> None:
    colleague = factories.account(name="A Later Colleague")
    factories.grant(colleague, Role.ADVISER, scope=Scope.HUB, scope_id=str(own.hub_id))
    asked = waiting_at(own.hub_id)
    queueing.claim(asked, by=cast.adviser.actor)
    queueing.answer(asked, said="Rang them", by=cast.adviser.actor)
    assert queueing.hand(asked.id, cast.adviser.id, to=colleague.id, by=cast.hub_manager.actor)
    page = page_of(client.sign_in(cast.hub_manager), ROWS.replace("enquiries", "enquiries_answered"))

    assert cast.adviser.account.name in page
    assert colleague.name not in page


def test_k6_a_handover_does_not_rewrite_who_recorded_hours(
    client: ConformingClient, cast: Cast, own: Business
) -> None:
    colleague = factories.account(name="A Later Colleague")
    talk = complete(own, 4, recorded_by_id=cast.adviser.id)
    hours = counting.state(casework.conversation(talk.id), by=cast.adviser.actor)  # type: ignore[arg-type]
    assert counting.hand(hours.id, cast.adviser.id, to=colleague.id, by=cast.hub_manager.actor)
    page = page_of(client.sign_in(cast.hub_manager), ROWS.replace("enquiries", "hours"))

    assert cast.adviser.account.name in page
    assert colleague.name not in page
