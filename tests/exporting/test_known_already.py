"""What is known of a business is filled in where a plan or a check asks for it, with the words from where (K17)."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from crm.exporting.plans.models import Market
from crm.exporting.plans.queries import visited_countries
from tests import covers
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade

pytestmark = pytest.mark.engine("sqlite")
NEW = f"/businesses/{BUSINESS}/export-cover/new"
ADD = f"/businesses/{BUSINESS}/export-plan/countries/new"


def page(client: ConformingClient, path: str) -> str:
    return " ".join(html.unescape(client.get(path).text).split())


def chosen(text: str) -> list[str]:
    """What the selects of a page have chosen."""
    return re.findall(r'<option value="([^"]*)" selected', text)


def test_a_contract_is_asked_about_with_the_country_of_the_plan_and_what_was_told_before_k17(
    client: ConformingClient, cast: Cast
) -> None:
    owner = trade.owner(BUSINESS)
    client.sign_in(cast.founder)
    assert "We have filled in" not in page(client, NEW)
    trade.country(owner, "JP")
    told = page(client, NEW)
    assert "We have filled in the country, from the export plan." in told
    assert chosen(told) == ["Japan"]
    assert '<optgroup label="In the export plan">' in told
    covers.checked(owner, replace(covers.ADVICE, sells="goods", is_in_group=True))
    told = page(client, NEW)
    assert "what is sold and the group, from the check on" in told
    assert re.search(r'name="sells" type="radio" value="goods"[^>]* checked', told)
    assert re.search(r'name="in_group" type="radio" value="yes"[^>]* checked', told)
    trade.country(owner, "FR")
    assert chosen(page(client, NEW)) == [], "of two countries nobody knows which is meant"


def test_a_country_that_was_checked_is_added_to_the_plan_in_one_step_k17(
    client: ConformingClient, cast: Cast
) -> None:
    made = covers.checked(trade.owner(BUSINESS))
    client.sign_in(cast.founder)
    there = page(client, f"/export-cover/{made.id}")
    assert f'href="{ADD}?country=CA"' in there
    assert chosen(page(client, f"{ADD}?country=CA")) == ["CA"]
    assert chosen(page(client, f"{ADD}?country=nowhere")) == []
    assert client.post(ADD, data={"country": "CA", "route": "direct"}).status_code == 303
    assert "?country=CA" not in page(client, f"/export-cover/{made.id}")


def test_the_plan_offers_first_the_countries_of_the_markets_where_the_business_goes_k17(
    client: ConformingClient, cast: Cast
) -> None:
    owner = trade.owner(BUSINESS)
    made = trade.visit(owner)
    assert isinstance(made.edition.market, Market)
    client.sign_in(cast.founder)
    there = page(client, ADD)
    assert '<optgroup label="Where you go to a market">' in there
    assert chosen(there) == ["FR"]
    trade.country(owner, "FR")
    assert visited_countries(owner.id) == []
    assert "Where you go to a market" not in page(client, ADD)
