"""Tax reliefs are for new shares alone, and EIS says why nothing is left for it."""

from __future__ import annotations

import pytest

from crm.angels.investors.workflow import Instrument
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.workflow import Relief
from crm.kernel.money import Money
from tests import network
from tests.angels.people import own_business, rows
from tests.angels.pitches.test_pitching import SENT
from tests.cast import Cast
from tests.client import ConformingClient

P = Money.pounds


def page_of(client: ConformingClient, found: Pitch) -> str:
    answer = client.get(f"/pitches/{found.id}")
    assert answer.status_code == 200
    return " ".join(answer.text.split())


@pytest.mark.parametrize("instrument", [Instrument.LOAN_NOTE, Instrument.CONVERTIBLE])
def test_what_is_no_share_offers_no_relief_on_any_page(
    cast: Cast, client: ConformingClient, instrument: Instrument
) -> None:
    found = network.pitch(
        network.legal(own_business()), instrument=instrument, seis=Relief.ASSURED, eis=Relief.INTENDED
    )
    client.sign_in(cast.angel)
    page = page_of(client, found)
    assert "No. SEIS and EIS are only for new shares" in page
    assert "could fall under" not in page
    assert "govuk-tag--teal" not in client.get("/pitches").text
    for relief in ("seis", "eis"):
        assert found.headline not in client.get(f"/pitches?relief={relief}").text
    line = client.get("/pitches.csv").text.splitlines()[1]
    assert "advance assurance" not in line


def test_eis_says_that_seis_comes_first(cast: Cast, client: ConformingClient) -> None:
    found = network.pitch(
        network.legal(own_business()), amount=P(60_000), seis=Relief.ASSURED, eis=Relief.INTENDED
    )
    client.sign_in(cast.angel)
    page = page_of(client, found)
    assert "Up to £60,000 of this raise could fall under SEIS" in page
    assert (
        "SEIS comes first, and up to £60,000 of this raise could fall under it, so nothing is left for EIS"
        in page
    )


def test_without_seis_the_whole_raise_could_fall_under_eis(cast: Cast, client: ConformingClient) -> None:
    found = network.pitch(network.legal(own_business()), amount=P(60_000), eis=Relief.ASSURED)
    assert "Up to £60,000 of this raise could fall under EIS" in page_of(client.sign_in(cast.angel), found)


@pytest.mark.parametrize("field", ["seis", "eis"])
def test_a_relief_is_refused_at_its_field_where_no_shares_are_offered(
    cast: Cast, client: ConformingClient, field: str
) -> None:
    own = network.legal(own_business())
    client.sign_in(cast.founder)
    sent = SENT | {"instrument": "loan_note", field: "assured"}
    refused = client.post(f"/businesses/{own.id}/pitches/begin", data=sent)
    assert refused.status_code == 422
    assert f"{field.upper()} is only for new shares" in refused.text
    assert f'href="#{field}' in refused.text
    assert rows(Pitch) == []
