"""The sums above the list of investments open exactly the rows that they add up."""

from __future__ import annotations

import re

import pytest

from crm.angels.deals.workflow import InvestmentStatus
from crm.angels.investors.workflow import Instrument
from tests import factories, network
from tests.angels.deals.made import investment
from tests.cast import Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")
S, K = InvestmentStatus, Instrument


def test_n49_a_sum_of_investments_opens_the_completed_rows_of_its_type_and_no_others(
    cast: Cast, client: ConformingClient
) -> None:
    raised = network.pitch(network.legal(factories.business()))
    made = {
        (status, kind): investment(raised, status=status, instrument=kind)
        for status in (S.MATCHED, S.CONFIRMED, S.REPORTED)
        for kind in (K.EQUITY, K.LOAN_NOTE)
    }
    listed = client.sign_in(cast.network_manager).get("/investments").text
    links = re.findall(r'href="(/investments\?[^"]*status=completed[^"]*)"', listed)
    assert len(links) == 2
    for link, kind in zip(links, (K.EQUITY, K.LOAN_NOTE), strict=True):
        page = client.get(link.replace("&amp;", "&")).text
        open_ = {each for each, row in made.items() if f"/investments/{row.id}" in page}
        assert open_ == {(S.MATCHED, kind), (S.CONFIRMED, kind)}
