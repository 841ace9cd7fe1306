"""What became of the sum of a pledge is told on its page: pledged, committed, settled for less, and committed again."""

from __future__ import annotations

import pytest

from crm.angels.deals.models import Pledge
from crm.angels.deals.service import reporting
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from tests.angels.deals.test_investing import FORM, details, met, raised
from tests.angels.people import letters, rows
from tests.cast import Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")


def text_of(client: ConformingClient, where: str) -> str:
    return " ".join(client.get(where).text.split())


def test_a_pledge_settled_for_less_and_reversed_says_where_each_pound_went_and_when(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    owner, _ = met(found)
    client.sign_in(owner)
    assert client.post(f"/pitches/{found.id}/pledge", data={"amount": "10,000"}).status_code == 303
    (pledged,) = rows(Pledge)
    where = f"/pledges/{pledged.id}"
    assert client.post(f"{where}/commit").status_code == 303
    assert "What became of it" not in text_of(client, where), "nothing became of it yet"
    kept = reporting.report(found, details(owner, 10_000), by=cast.founder.actor)
    sent = FORM | {"answer": "changed", "amount": "9,000"}
    assert client.post(f"/investments/{kept.id}/differ", data=sent).status_code == 303
    client.sign_in(cast.network_manager)
    note = {"stands": "investor", "note": "Seen the bank statement"}
    assert client.post(f"/investments/{kept.id}/settle", data=note).status_code == 303
    assert client.post(f"/investments/{kept.id}/reverse", data={"reason": "It went back"}).status_code == 303
    for reader in (owner, cast.founder, cast.network_manager):
        said = text_of(client.sign_in(reader), where)
        told = said[said.index("What became of it") :]
        said_of = [
            "£10,000 pledged",
            "£10,000 committed",
            "of £9,000 agreed or settled. The other £1,000 became free for the next on the waiting list",
            "reversed. £9,000 is committed again",
        ]
        assert sorted(said_of, key=told.index) == said_of, "in the order in which it happened"
        assert told.count(day_in_words(today())) == len(said_of), "each with its day"
        assert told.count(f"Investment {kept.reference}") == 2
    assert [each.context["stays"] for each in letters("investment_reversed")] == ["£9,000 committed"] * 2
