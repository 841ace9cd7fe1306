"""Where a pitch of one's own pledge, investment or request is named to an investor, the law's warning stands first."""

from __future__ import annotations

import csv
import io

import pytest

from crm.angels.deals.workflow import InvestmentStatus
from crm.audit.models import AuditEntry
from tests import factories, network
from tests.angels.deals import made
from tests.angels.people import own_business, rows
from tests.cast import Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")
WARNING = 'class="app-promotion-warning"'


def test_each_page_that_names_a_pitch_to_its_investor_begins_with_the_warning_and_no_other_does(
    cast: Cast, client: ConformingClient
) -> None:
    network.basis()
    owner = network.admitted()
    found = network.pitch(network.legal(own_business()), headline="Named Made")
    pledged, bought = made.pledge(found, owner), made.investment(found, owner)
    asked = network.introduction(found, owner)
    own = (
        *("/portfolio", "/pledges", f"/pledges/{pledged.id}", "/investments", f"/investments/{bought.id}"),
        *("/introductions", f"/introductions/{asked.id}"),
    )
    client.sign_in(owner)
    for where in own:
        page = client.get(where).text
        assert 0 < page.find(WARNING) < page.find("<h1"), where
    client.sign_in(cast.founder)
    for where in own[1:]:
        assert WARNING not in client.get(where).text, where
    client.sign_in(owner).post("/angels/mine/leave")
    for where in own:
        page = client.get(where).text
        assert WARNING not in page, where
        assert "Named Made" not in page, where


def test_the_file_of_investments_has_the_rows_of_the_list_and_leaves_a_line(
    cast: Cast, client: ConformingClient
) -> None:
    network.basis()
    owner, other = network.admitted(), network.admitted()
    found = network.pitch(network.legal(own_business()), headline="Never In A File")
    elsewhere = network.pitch(network.legal(factories.business(name="=Elsewhere Made")))
    for raised, who, status in (
        (found, owner, InvestmentStatus.MATCHED),
        (found, other, InvestmentStatus.REPORTED),
        (elsewhere, owner, InvestmentStatus.MATCHED),
    ):
        made.investment(raised, who, status)
    wanted = ((owner, "", 2), (cast.founder, "", 2), (cast.network_manager, "", 3))
    for who, filters, count in (*wanted, (cast.network_manager, "?status=completed", 2)):
        answer = client.sign_in(who).get(f"/investments.csv{filters}")
        told = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
        assert len(told) == count, (who, filters)
        assert "Never In A File" not in answer.text
        assert {each["Amount"] for each in told} == {"10000.00"}
    assert "'=Elsewhere Made" in {each["Business"] for each in told}, "no spreadsheet runs a name"
    assert client.get("/investments.xlsx").data[:2] == b"PK"
    noted = [each for each in rows(AuditEntry) if each.act == "extract_investments"]
    assert len(noted) == 5
