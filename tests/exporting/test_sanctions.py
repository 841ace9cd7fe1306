"""Countries under UK trade sanctions in an export plan: said where one is chosen, asked before a sale, and on a desk."""

from __future__ import annotations

import html

import pytest

from crm.db.session import session
from crm.exporting.plans import queries
from crm.exporting.plans.service import planning
from crm.exporting.plans.workflow import CountryStatus
from crm.kernel.clock import today
from crm.kernel.errors import Invalid
from crm.kernel.permissions import SYSTEM
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.exporting.test_markets import days

PLAN, NEW = f"/businesses/{BUSINESS}/export-plan", f"/businesses/{BUSINESS}/export-plan/countries/new"
ASKED = "UK trade sanctions, Russia: add a task to check the sale"


def shown(client: ConformingClient, address: str) -> str:
    return html.unescape(" ".join(client.get(address).text.split()))


def added(client: ConformingClient, code: str) -> str:
    """Add a country through its page; the address of the country."""
    answer = client.post(NEW, data={"country": code, "route": "direct"})
    assert answer.status_code == 303, answer.text
    found = queries.country_in_plan(trade.owner(BUSINESS).id, code)
    assert found is not None
    return f"/export-countries/{found.id}"


def test_k15_a_sanctioned_country_is_warned_of_at_the_form_marked_on_the_list_and_asked_before_selling(
    client: ConformingClient, cast: Cast
) -> None:
    client.sign_in(cast.founder)
    assert "UK trade sanctions apply to Belarus, North Korea and Russia" in shown(client, NEW)
    where = added(client, "RU")
    assert f'href="{where}/win"' in shown(client, PLAN)
    page = shown(client, f"{where}/win")
    assert "UK trade sanctions apply to Russia. Take legal advice" in page

    refused = client.post(f"{where}/win", data=days("won_on", 0))
    assert refused.status_code == 422
    assert "Confirm that UK trade sanctions allow these sales to Russia" in refused.text
    found = queries.country_in_plan(trade.owner(BUSINESS).id, "RU")
    assert found is not None
    assert found.status is CountryStatus.ACTIVE
    client.sign_in(cast.adviser)
    assert "UK sanctions" in shown(client, "/export-plans")
    assert client.post(f"{where}/win", data={"allowed": "y"} | days("won_on", 0)).status_code == 303
    session().refresh(found)
    assert found.status is CountryStatus.WON


def test_k15_an_adviser_has_it_on_the_desk_until_one_of_our_staff_has_a_task_there(
    client: ConformingClient, cast: Cast
) -> None:
    client.sign_in(cast.founder)
    where = added(client, "RU")
    added(client, "FR")
    client.sign_in(cast.adviser)
    desk = shown(client, "/desk")
    assert ASKED in desk
    assert "UK trade sanctions, France" not in desk
    assert f'href="{where}/tasks/new"' in desk
    day = {"due_on-day": "1", "due_on-month": "12", "due_on-year": "2026"}
    task = {"title": "Ask the sanctions team", "owner": f"account:{cast.adviser.actor.account_id}"}
    answer = client.post(f"{where}/tasks/new", data=task | day)
    assert answer.status_code == 303, answer.text
    assert ASKED not in shown(client, "/desk")


def test_no_way_in_records_a_sale_to_a_sanctioned_country_unasked_k5(cast: Cast) -> None:
    details = planning.CountryDetails("IR", planning.Route.DIRECT)
    found = planning.add_country(trade.owner(BUSINESS), details, by=SYSTEM)
    whole = queries.country(found.id)
    assert whole is not None
    with pytest.raises(Invalid, match="allow these sales to Iran"):
        planning.win_country(whole, won_on=today(), by=SYSTEM)


def test_a_country_that_is_there_already_is_refused_with_the_way_to_change_it_k33(
    client: ConformingClient, cast: Cast
) -> None:
    client.sign_in(cast.founder)
    where = added(client, "JP")
    again = client.post(NEW, data={"country": "JP", "route": "direct"})
    assert again.status_code == 422
    assert f'href="{where}/change"' in again.text


def test_two_barriers_of_a_kind_have_links_that_differ_and_a_market_says_its_usual_month_k32_k17(
    client: ConformingClient, cast: Cast
) -> None:
    client.sign_in(cast.founder)
    met = {"met_on-day": "1", "met_on-month": "11", "met_on-year": "2026"}
    for words in ("A visa", "A carnet"):
        sent = client.post(
            f"/businesses/{BUSINESS}/export-barriers/new", data=met | {"kind": "other", "words": words}
        )
        assert sent.status_code == 303, sent.text
    market = trade.market()
    go = {"edition": f"market:{market.id}", "note": ""}
    assert client.post(f"/businesses/{BUSINESS}/market-visits/new", data=go).status_code == 303
    page = shown(client, PLAN)
    assert "No dates yet, usually in October" in page
    for words in ("A visa", "A carnet"):
        assert f"Something else: {words}</span></a>" in page
