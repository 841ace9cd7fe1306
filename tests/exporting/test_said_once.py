"""What is recorded twice or of another year is asked about, and letters and pages say one thing for one figure."""

from __future__ import annotations

from html import unescape

import pytest
from sqlalchemy import select

from crm.db.session import session
from crm.exporting.delegations.queries import counting
from crm.exporting.delegations.service import answering, returning
from crm.exporting.plans import queries
from crm.exporting.plans.service import markets, planning
from crm.exporting.plans.service.planning import BarrierDetails
from crm.exporting.plans.workflow import BarrierKind
from crm.kernel.clock import today
from crm.kernel.errors import Invalid
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.notices.models import Letter
from crm.notices.service import as_sent
from tests import covers
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.exporting.test_delegation_letters import offered
from tests.exporting.test_markets import MARKET, days

pytestmark = pytest.mark.engine("sqlite")


def said(kind: str) -> list[str]:
    """The letters of a kind, as they are read."""
    found = session().scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id))
    return [" ".join(as_sent(each.kind, each.context | {"to_name": "Made"}).text.split()) for each in found]


def test_k3_a_market_with_nearly_the_name_of_another_is_asked_about_once(
    cast: Cast, client: ConformingClient
) -> None:
    trade.market("Invented Market Cannes")
    client.sign_in(cast.hub_manager)
    told = MARKET | {"name": "Invented market"}
    refused = client.post("/markets/new", data=told)
    assert refused.status_code == 422
    assert "Invented Market Cannes is in the calendar. Tick that this is another one" in unescape(
        refused.text
    )
    assert 'name="is_another"' in refused.text
    assert client.post("/markets/new", data=told | {"is_another": "y"}).status_code == 303


def test_k3_the_same_barrier_of_the_same_day_is_recorded_once(cast: Cast, client: ConformingClient) -> None:
    found = trade.owner(BUSINESS)
    details = BarrierDetails(BarrierKind.ACCESS, today())
    planning.add_barrier(found, details, by=SYSTEM)
    with pytest.raises(Invalid, match="recorded already for that day"):
        planning.add_barrier(found, details, by=SYSTEM)
    client.sign_in(cast.founder)
    again = client.post(
        f"/businesses/{BUSINESS}/export-barriers/new", data={"kind": "access"} | days("met_on", 0)
    )
    assert (again.status_code, "recorded already" in again.text) == (422, True)
    assert len(queries.barriers_of(BUSINESS)) == 1


def test_k10_a_delegation_says_that_the_days_of_its_market_are_not_known(
    cast: Cast, client: ConformingClient
) -> None:
    found = trade.delegation(trade.edition(days=None))
    client.sign_in(cast.administrator)
    page = " ".join(unescape(client.get(f"/delegations/{found.id}").text).split())
    assert f"The days of {found.edition.name} are not known yet" in page


def test_k11_a_letter_keeps_a_figure_that_was_told_before(cast: Cast) -> None:
    place = trade.went()
    early, first, second, _ = counting.returns_of(place.id)
    for each in (early, first, second):
        each.due_on = today()
    session().flush()
    told = returning.Results(meetings=9, sales=Money.pounds(12_500))
    returning.record(first, told, version=None, told="Ben, by phone", by=cast.administrator.actor)
    returning.record(
        second, returning.Results(leads=5), version=None, told="Ben, by phone", by=cast.administrator.actor
    )
    last = next(each for each in said("delegation_results_recorded") if "Leads: 5" in each)
    for words in ("Meetings: 9, as told", "Leads: 5", "Sales: £12,500.00, as told"):
        assert words in last
    assert "Not known yet" not in last


def test_k11_no_letter_says_that_nothing_is_left_while_papers_wait_to_be_confirmed(cast: Cast) -> None:
    found, place = offered()
    place.person.email = cast.founder.email
    session().flush()
    answering.accept(place, by=SYSTEM)
    assert trade.again(place).subsidy_id
    markets.cancel_edition(found.edition, reason="Too few stands", by=SYSTEM)
    (on_hold,) = {each for each in said("delegation_on_hold") if "papers" in each}
    assert "The papers of the subsidy still wait for" in on_hold
    assert "You have nothing to do." not in on_hold


def test_k14_each_business_shut_out_opens_once(cast: Cast, client: ConformingClient) -> None:
    owner = covers.shut_out(4_999_999)
    covers.checked(owner, covers.ADVICE)
    client.sign_in(cast.administrator)
    case = client.get("/export-cover/case").text
    assert "/export-cover/shut-outs?each=business" in case
    page = client.get("/export-cover/shut-outs?each=business").text
    assert page.count('<li class="app-rows__row">') == 1
    assert "each once with its latest request" in " ".join(page.split())
