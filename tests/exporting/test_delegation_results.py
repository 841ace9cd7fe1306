"""What came of a place: figures that stay known, and what nobody answered."""

from __future__ import annotations

from uuid import UUID

from crm.db.session import session
from crm.exporting.delegations import queries
from crm.exporting.delegations.jobs import ask_daily
from crm.exporting.delegations.models import DelegationReturn
from crm.kernel.clock import now, today
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.exporting.test_delegations import DELEGATION, letters
from tests.exporting.test_markets import days


def whole(return_id: UUID) -> DelegationReturn:
    found = queries.return_(return_id)
    assert found is not None
    return found


def test_a_later_answer_takes_no_known_figure_back_and_silence_is_on_the_desk_of_the_lead(
    cast: Cast, client: ConformingClient
) -> None:
    """K4, K8: each figure stays as it was last known; one lower than before is asked about."""
    place = trade.went(trade.owner(BUSINESS))
    first, second, third = queries.returns_of(place.id)
    for each in (first, second, third):
        each.due_on = today()
    place.delegation.lead_id = cast.hub_manager.id
    third.asked_at = third.reminded_at = now()
    session().flush()
    client.sign_in(cast.founder)
    sold = {"meetings": "9", "sales": "12500", "version": str(first.version)}
    assert client.post(f"/delegation-returns/{first.id}/record", data=sold).status_code == 303
    later = f"/delegation-returns/{second.id}/record"
    less = {"sales": "5000", "version": str(second.version)}
    refused = client.post(later, data=less)
    assert "Sales were £12,500.00 after 3 months" in refused.text
    assert "The figures are right, although one is lower" in refused.text
    told = {"meetings": "11", "sales": "", "version": str(second.version)}
    assert client.post(later, data=told).status_code == 303
    client.sign_in(cast.hub_manager)
    page = client.get(f"/delegations/{place.delegation_id}").text
    assert "£12,500.00" in page, "what was sold by three months stays sold"
    assert ">11<" in page
    history = client.get(f"/delegation-places/{place.id}").text
    assert history.count("recorded results") == 2
    assert f"/delegation-returns/{third.id}/record" in client.get("/desk").text
    client.sign_in(cast.founder)
    session().expire_all()
    told = less | {"is_less": "y", "version": str(whole(second.id).version)}
    assert client.post(later, data=told).status_code == 303
    client.sign_in(cast.hub_manager)
    assert "£5,000.00" in client.get(f"/delegations/{place.delegation_id}").text


def test_one_of_our_staff_who_records_results_says_who_told_them_k8(
    cast: Cast, client: ConformingClient
) -> None:
    place = trade.went(trade.owner(BUSINESS))
    first = queries.returns_of(place.id)[0]
    first.due_on = today()
    session().flush()
    where, sent = f"/delegation-returns/{first.id}/record", {"meetings": "3", "version": str(first.version)}
    assert "Who at the business told you" not in client.sign_in(cast.founder).get(where).text
    client.sign_in(cast.hub_manager)
    assert "Say who told you, and how" in client.post(where, data=sent).text
    assert client.post(where, data=sent | {"told": "Asha Bell, by telephone"}).status_code == 303
    assert "Told by: Asha Bell, by telephone" in client.get(f"/delegation-places/{place.id}").text


def test_days_of_a_delegation_that_are_over_are_said_at_the_first_of_them_k28(
    cast: Cast, client: ConformingClient
) -> None:
    good = DELEGATION | {"edition": str(trade.edition().id)}
    good |= days("departs_on", 89) | days("returns_on", 94) | days("closes_on", 20)
    client.sign_in(cast.hub_manager)
    gone = client.post("/delegations/new", data=good | days("departs_on", -5)).text
    assert "The day of departure must be today or later" in gone
    assert "must close before" not in gone
    short = client.post("/delegations/new", data=good | {"criteria": "Ready to export\nR"}).text
    assert "“R” is too short to be a criterion" in short


def test_figures_never_fall_over_time_in_either_order_and_none_known_has_no_figure_k4_k5(
    cast: Cast, client: ConformingClient
) -> None:
    place = trade.went(trade.owner(BUSINESS))
    first, _, third = queries.returns_of(place.id)
    first.due_on = third.due_on = today()
    session().flush()
    client.sign_in(cast.founder)
    sold = {"meetings": "4", "version": str(third.version)}
    assert client.post(f"/delegation-returns/{third.id}/record", data=sold).status_code == 303
    where, more = f"/delegation-returns/{first.id}/record", {"meetings": "9", "version": str(first.version)}
    assert "Meetings were 4 after 12 months" in client.post(where, data=more).text
    both = more | {"meetings": "4", "nothing_known": "y"}
    assert "ticked that you know none" in client.post(where, data=both).text
    assert client.post(where, data=more | {"is_less": "y"}).status_code == 303


def test_after_missed_days_only_the_question_of_the_latest_months_is_sent_k32(cast: Cast) -> None:
    place = trade.went(trade.owner(BUSINESS))
    for each in queries.returns_of(place.id)[:2]:
        each.due_on = today()
    session().flush()
    ask_daily()
    assert {each.context["months"] for each in letters("delegation_results")} == {6}


def test_a_choice_of_businesses_says_that_more_match_k12(cast: Cast, client: ConformingClient) -> None:
    found = trade.opened()
    for number in range(26):
        factories.business(name=f"Quartz Made {number:02}", indexed=True)
    client.sign_in(cast.hub_manager)
    where = f"/delegations/{found.id}/apply"
    assert "More businesses match" in client.get(f"{where}?q=quartz").text
    assert "More businesses match" not in client.get(f"{where}?q=quartz+made+07").text
