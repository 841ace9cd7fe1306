"""What is wrong with a delegation as it was written is said at once, each at its field."""

from __future__ import annotations

import html
from typing import Any

import pytest

from tests.cast import Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.exporting.test_delegations import DELEGATION
from tests.exporting.test_markets import days

pytestmark = pytest.mark.engine("sqlite")
NEW = "/delegations/new"


def refused(client: ConformingClient, told: dict[str, Any]) -> str:
    answer = client.post(NEW, data=told)
    assert answer.status_code == 422
    return html.unescape(answer.text).split('class="govuk-error-summary"')[1]


def test_every_fault_of_a_delegation_is_said_in_one_round_k32(cast: Cast, client: ConformingClient) -> None:
    told = {"edition": str(trade.edition(days=60).id)} | DELEGATION
    told |= {
        "about": "y",
        "seats": "0",
        "answer_days": "0",
        "cost": "1000",
        "share": "1001",
        "criteria": "A\nA",
    }
    told |= days("departs_on", 59) | days("returns_on", 58) | days("closes_on", -1)
    client.sign_in(cast.hub_manager)
    page = refused(client, told)
    for words in (
        "Say what it is about",
        "Places must be",
        "Days to answer an offer must be",
        "A business cannot pay more than the place costs",
        "“A” is too short to be a criterion",
        "The day of return must be on or after the day of departure",
        "The last day to apply must be today or later",
    ):
        assert words in page, words
    late = refused(client, told | days("closes_on", 59))
    assert "Applications must close before the day of departure" in late


def test_days_are_called_right_only_where_they_are_in_doubt_k11(cast: Cast, client: ConformingClient) -> None:
    client.sign_in(cast.hub_manager)
    assert "Enter the day of departure" in refused(client, {"answer_days": "7"})
    assert "The days are right" not in refused(client, {"answer_days": "7"})
    told = {"edition": str(trade.edition(days=60).id)} | DELEGATION
    told |= days("departs_on", 70) | days("returns_on", 76) | days("closes_on", 20)
    year = refused(client, told | days("returns_on", 76 + 365))
    assert "A delegation is away for 60 days at most. Check the years of both days" in year
    page = refused(client, told | {"about": ""})
    assert "away on none of the days of" in page, "in the same round as what is missing"
    assert "The days are right" in page
