"""Figures of another period than a year say nothing of a limit that is for a year."""

from __future__ import annotations

import html

import pytest

from crm.businesses.queries.facts import facts_of
from crm.exporting.cover import queries
from crm.exporting.cover.rules.checking import Contract
from crm.kernel.clock import today
from crm.kernel.money import Money
from tests import covers
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade

pytestmark = pytest.mark.engine("sqlite")
ADVICE = Contract("Spain", "services", frozenset({"advice"}))


@pytest.mark.parametrize(("months", "period"), [(6, "the 6 months"), (14, "the 14 months"), (1, "the month")])
def test_a57_a_short_or_long_year_shuts_nobody_out_and_says_why_it_does_not_tell_k10(
    client: ConformingClient, cast: Cast, months: int, period: str
) -> None:
    owner = covers.turned_over(trade.owner(BUSINESS), 2_600_000, months=months)
    check = covers.checked(owner, ADVICE)
    assert check.turnover is None
    assert queries.turnover_of([owner.id]) == {owner.id: None}
    assert facts_of(owner, owner.figures, places=None, needs={}, on=today()).turnover is None
    client.sign_in(cast.founder)
    page = html.unescape(" ".join(client.get(f"/export-cover/{check.id}").text.split()))
    assert "More to find out" in page
    assert (
        f"the turnover of a year (£2,600,000 was for {period} to 31 March 2025): it takes £5,000,000" in page
    )
    form = html.unescape(" ".join(client.get(f"/businesses/{BUSINESS}/export-cover/new").text.split()))
    assert f"£2,600,000 was for {period} to 31 March 2025, does not tell the turnover of a year" in form
    client.sign_in(cast.adviser)
    assert owner.name not in client.get("/export-cover/shut-outs").text


def test_a_whole_year_counts_as_before(cast: Cast) -> None:
    owner = covers.turned_over(trade.owner(BUSINESS), 2_600_000)
    assert covers.checked(owner, ADVICE).turnover == Money.pounds(2_600_000)
    assert owner.figures[0].period == "the year to 31 March 2025"
