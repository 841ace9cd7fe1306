"""A business's page in tabs: each its own address, each with just its panels, and nothing lost between them."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.app import FEATURES
from crm.businesses.models import Claim
from crm.businesses.views.business import TABS
from crm.web.feature import Tab
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.programme.pages import sent
from tests.rules.test_budgets import more_of_a_business

ADDRESSES = {
    Tab.OVERVIEW: f"/businesses/{BUSINESS}",
    Tab.ACTIVITY: f"/businesses/{BUSINESS}/activity",
    Tab.SUPPORT: f"/businesses/{BUSINESS}/support",
    Tab.MONEY: f"/businesses/{BUSINESS}/money",
    Tab.IP: f"/businesses/{BUSINESS}/ip",
    Tab.EXPORT: f"/businesses/{BUSINESS}/exporting",
    Tab.DETAILS: f"/businesses/{BUSINESS}/details",
}
# Shown only where the business has one: each is tried on the business's page by its own room.
ONCE_THERE_IS_ONE = {
    "Next steps of the adviser in the action plan",
    "Actions from the IP assessment",
    "Actions from the export assessment",
    "Test-bed projects",
    "Awards",
    "Delegations",
    "Outcomes and growth",
    "Payments",
}
PANELS = {panel.title: panel.tab for room in FEATURES for panel in room.panels}


def headings(page: str) -> set[str]:
    return set(re.findall(r'<h2 class="govuk-heading-m" id="[^"]+">([^<]+)</h2>', page))


def test_every_tab_has_its_address() -> None:
    assert set(TABS) == set(Tab) == set(ADDRESSES)


@pytest.mark.parametrize("part", ["adviser", "founder"])
def test_each_panel_is_on_its_tab_alone_and_each_tab_marks_itself(
    client: ConformingClient, cast: Cast, part: str
) -> None:
    more_of_a_business(cast)
    client.sign_in(cast[part])
    seen: dict[str, list[Tab]] = {}
    for tab, where in ADDRESSES.items():
        page = client.get(where).text
        assert re.search(rf'href="{where}" aria-current="page">{tab}<', page)
        for title in headings(page) & set(PANELS):
            seen.setdefault(title, []).append(tab)

    assert seen == {title: [PANELS[title]] for title in seen}
    assert {"Action plans", "Finance sought", "Rights"} <= set(seen)


def test_an_adviser_finds_every_panel_on_some_tab(client: ConformingClient, cast: Cast) -> None:
    more_of_a_business(cast)
    client.sign_in(cast.adviser)
    found = set.union(*(headings(client.get(where).text) for where in ADDRESSES.values()))

    assert found >= set(PANELS) - ONCE_THERE_IS_ONE
    assert {
        "Who they are",
        "Location",
        "Figures",
        "People",
        "Consents",
        "Connections",
        "Who can see this",
    } <= found


def test_the_head_names_whom_to_call_on_every_tab(client: ConformingClient, cast: Cast) -> None:
    client.sign_in(cast.adviser)
    client.post(
        f"/businesses/{BUSINESS}/people/new",
        data={"name": "Made Caller", "email": "caller@made.example", "phone": "0121 496 0000"},
    )
    for where in ADDRESSES.values():
        page = client.get(where).text
        assert 'href="tel:01214960000"' in page
        assert 'href="mailto:caller@made.example"' in page


@pytest.mark.parametrize("where", ADDRESSES.values())
def test_a_stranger_finds_no_tab_of_a_business(client: ConformingClient, cast: Cast, where: str) -> None:
    assert client.sign_in(cast.other_founder).get(where).status_code == 404


def test_where_ip_and_export_were_one_tab_leads_to_what_is_sold_abroad(
    client: ConformingClient, cast: Cast
) -> None:
    """Letters about contracts that were sent before have that address."""
    answer = client.sign_in(cast.founder).get(f"/businesses/{BUSINESS}/ip-and-export")

    assert (answer.status_code, answer.location) == (301, ADDRESSES[Tab.EXPORT])


def test_a_founder_sees_no_connections_and_no_access_requests(client: ConformingClient, cast: Cast) -> None:
    page = client.sign_in(cast.founder).get(ADDRESSES[Tab.DETAILS]).text

    assert "Consents" in headings(page)
    assert not {"Connections", "Access requests"} & headings(page)


@pytest.mark.engine("sqlite")
def test_k24_the_history_tells_a_founder_neither_who_asked_for_access_nor_who_has_an_interest(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    here = f"/businesses/{BUSINESS}"
    client.sign_in(cast.adviser)
    sent(client, f"{here}/claims/new", {"name": "Ruth Turned-Down", "email": "ruth@made.example"})
    sent(client, f"/claims/{db.scalars(select(Claim.id)).one()}/refuse", {"reason": "Not known there"})
    sent(client, f"{here}/connections/new", {"kind": "investor", "who": "Iris Interested"})
    for_adviser = client.get(f"{here}/history").text
    for_founder = client.sign_in(cast.founder).get(f"{here}/history").text
    for secret in ("ruth@made.example", "Turned-Down", "access request", "Iris Interested"):
        assert secret in for_adviser
        assert secret not in for_founder
