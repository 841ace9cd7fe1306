"""Reports of exporting: barriers and visits to markets, whose numbers open exactly their rows."""

from __future__ import annotations

import re
from html import unescape

import pytest

from crm.exporting.plans.service import planning, visiting
from crm.exporting.plans.service.planning import BarrierDetails
from crm.exporting.plans.workflow import BarrierKind
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade

pytestmark = pytest.mark.engine("sqlite")
LINK = re.compile(r'<a class="govuk-link" href="([^"]*\?[^"]*)">([0-9]+)<span')


def opened(client: ConformingClient, where: str) -> list[tuple[int, int]]:
    """Each number of a report that is a link, with how many rows its link opens."""
    found = LINK.findall(client.get(where).text)
    return [(int(count), _rows(client, unescape(href))) for href, count in found]


def _rows(client: ConformingClient, href: str) -> int:
    return client.get(href).text.count('<li class="app-rows__row">')


def test_numbers_of_barriers_and_visits_open_their_rows_and_only_those_that_one_may_see(
    cast: Cast, client: ConformingClient
) -> None:
    own, other, where = trade.owner(BUSINESS), trade.owner(OTHER_BUSINESS), trade.edition()
    for kind, removed in (
        (BarrierKind.FINANCE, None),
        (BarrierKind.FINANCE, today()),
        (BarrierKind.ACCESS, None),
    ):
        planning.add_barrier(own, BarrierDetails(kind, today(), removed_on=removed), by=SYSTEM)
    trade.barrier(other)
    visiting.attend(trade.visit(own, trade.edition(days=-3)), by=SYSTEM)
    trade.visit(own, where)
    trade.visit(other, where)
    client.sign_in(cast.administrator)
    assert opened(client, "/export-plans/barriers") == [(1, 1), (1, 1), (1, 1), (1, 1)]
    assert "4 barriers met by 2 businesses" in " ".join(client.get("/export-plans/barriers").text.split())
    assert sorted(opened(client, "/export-plans/visits")) == [(1, 1), (2, 2)]
    file = client.get("/export-plans/barriers.csv?kind=finance&state=removed").text
    assert file.count("\n") == 2
    assert "Went" in client.get("/export-plans/visits.csv").text
    client.sign_in(cast.adviser)
    assert other.name not in client.get("/export-plans/barriers").text
    assert client.sign_in(cast.founder).get("/export-plans/barriers").status_code == 403
