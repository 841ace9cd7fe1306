"""Reports of exporting: barriers and visits to markets, whose numbers open exactly their rows."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from crm.db.session import session
from crm.exporting.plans import queries
from crm.exporting.plans.service import planning, visiting
from crm.exporting.plans.service.planning import BarrierDetails
from crm.exporting.plans.workflow import BarrierKind
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM
from crm.notices.models import Letter
from crm.notices.service import as_sent
from tests import factories
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
        how = "By a loan" if removed else ""
        planning.add_barrier(own, BarrierDetails(kind, today(), removed_on=removed, how=how), by=SYSTEM)
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


def test_k11_k15_a_cancelled_market_is_not_counted_as_going_and_its_contact_and_adviser_know(
    cast: Cast, client: ConformingClient, clock: Any
) -> None:
    edition = trade.edition(days=20, title="2027")
    owner = trade.owner(factories.business().id)
    person = factories.person(owner)
    for where in (edition, trade.edition(days=10)):
        trade.visit(owner, where).added_by_id = cast.hub_manager.id
    client.sign_in(cast.hub_manager)
    cancel = f"/market-editions/{edition.id}/cancel"
    assert client.post(cancel, data={"reason": "The organiser withdrew it"}).status_code == 303
    (letter,) = session().scalars(select(Letter).where(Letter.kind == "market_cancelled"))
    said = as_sent(letter.kind, letter.context | {"to_name": "Made"}).text
    assert (letter.to_address, "You have no account with us" in said) == (person.email, True)
    visit = next(each for each in queries.visits_of(owner.id) if each.edition_id == edition.id)
    assert f"{edition.name} was cancelled: record that the business is not going" in _desk(client)
    page = client.get("/export-plans/visits?status=off").text
    assert "Market cancelled" in page
    assert "status=off" in page
    for path in ("/export-plans/visits.csv", "/export-plans/visits"):
        assert "Market cancelled" in client.get(path).text
    going = client.get("/export-plans/visits.csv?status=going").text
    assert (edition.name in going, "Going" in going) == (False, True)
    clock.shift(timedelta(days=30))
    client.sign_in(cast.hub_manager)
    assert "was cancelled, so nobody went" in client.post(f"/market-visits/{visit.id}/attend").text
    assert "Record as visited" in client.get(f"/businesses/{owner.id}/export-plan").text
    assert "Ask whether it went to" in _desk(client)
    assert client.post(f"/market-visits/{visit.id}/miss").status_code == 303
    assert "was cancelled: record that" not in _desk(client)


def _desk(client: ConformingClient) -> str:
    return unescape(client.get("/desk").text)


def test_k13_a_cancelled_market_waits_on_the_desks_of_those_who_can_record_it_and_on_no_others(
    cast: Cast, client: ConformingClient
) -> None:
    edition, owner = trade.edition(days=60, title="2027"), trade.owner(BUSINESS)
    trade.visit(owner, edition).added_by_id = cast.other_adviser.id
    session().flush()
    client.sign_in(cast.hub_manager)
    cancel = f"/market-editions/{edition.id}/cancel"
    assert client.post(cancel, data={"reason": "The organiser withdrew it"}).status_code == 303
    words = f"{edition.name} was cancelled: record that"
    for who, says in ((cast.hub_manager, True), (cast.founder, True), (cast.other_adviser, False)):
        client.sign_in(who)
        desk = _desk(client)
        assert (words in desk) is says, who.part
        assert day_in_words(edition.ends_on) not in desk, "no day that is still to come"
        seen = client.get(f"/businesses/{BUSINESS}/export-plan").status_code
        assert (seen == 200) is says, "who has the line can open it"
    (visit,) = queries.visits_of(BUSINESS)
    visit.added_by_id = cast.founder.id
    session().flush()
    client.sign_in(cast.hub_manager)
    assert words not in _desk(client), "who noted it records it"
