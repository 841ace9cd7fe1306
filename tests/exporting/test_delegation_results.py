"""What came of a place: figures that stay known, and what nobody answered."""

from __future__ import annotations

from uuid import UUID

import pytest

from crm.db.session import session
from crm.exporting.delegations.jobs import ask_daily
from crm.exporting.delegations.measures import FOR_REPORTS
from crm.exporting.delegations.models import DelegationReturn
from crm.exporting.delegations.queries import counting
from crm.exporting.delegations.service import answering, returning
from crm.exporting.delegations.service.returning import Results
from crm.kernel.calendar import add_months, day_in_words
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.exporting.test_delegations import DELEGATION, letters
from tests.exporting.test_markets import days


def whole(return_id: UUID) -> DelegationReturn:
    found = counting.return_(return_id)
    assert found is not None
    return found


def test_a_later_answer_takes_no_known_figure_back_and_silence_is_on_the_desk_of_the_lead(
    cast: Cast, client: ConformingClient
) -> None:
    """K4, K8: each figure stays as it was last known; one lower than before is asked about."""
    place = trade.went(trade.owner(BUSINESS))
    _, first, second, third = counting.returns_of(place.id)
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
    assert "I have checked the figures: they are right as they are" in refused.text
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
    told = less | {"is_checked": "y", "version": str(whole(second.id).version)}
    assert client.post(later, data=told).status_code == 303
    client.sign_in(cast.hub_manager)
    assert "£5,000.00" in client.get(f"/delegations/{place.delegation_id}").text


def test_one_of_our_staff_who_records_results_says_who_told_them_k8(
    cast: Cast, client: ConformingClient
) -> None:
    place = trade.went(trade.owner(BUSINESS))
    first = counting.returns_of(place.id)[1]
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
    _, first, _, third = counting.returns_of(place.id)
    first.due_on = third.due_on = today()
    session().flush()
    client.sign_in(cast.founder)
    sold = {"meetings": "4", "version": str(third.version)}
    assert client.post(f"/delegation-returns/{third.id}/record", data=sold).status_code == 303
    where, more = f"/delegation-returns/{first.id}/record", {"meetings": "9", "version": str(first.version)}
    assert "Meetings were 4 after 12 months" in client.post(where, data=more).text
    both = more | {"meetings": "4", "nothing_known": "y"}
    assert "ticked that you know none" in client.post(where, data=both).text
    assert client.post(where, data=more | {"is_checked": "y"}).status_code == 303


def test_after_missed_days_only_the_question_of_the_latest_months_is_sent_k32(cast: Cast) -> None:
    place = trade.went(trade.owner(BUSINESS))
    for each in counting.returns_of(place.id)[:3]:
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


def test_results_are_recorded_on_the_return_before_anybody_is_asked_and_the_days_of_asking_are_said(
    cast: Cast, client: ConformingClient
) -> None:
    found, (place,) = trade.chosen(3)
    answering.accept(place, by=SYSTEM)
    trade.back(found)
    client.sign_in(cast.hub_manager)
    sent = client.post(f"/delegations/{found.id}/hold", data={f"went_{place.id.hex}": "yes"})
    said = client.get(sent.headers["Location"]).text
    assert f"We ask those who went by email on {day_in_words(add_months(found.returns_on, 3))}" in said
    page = client.get(f"/delegation-places/{place.id}").text
    assert "On return" in page
    back = counting.returns_of(place.id)[0]
    told = {"meetings": "7", "leads": "2", "told": "Asha, at the airport", "version": str(back.version)}
    assert client.post(f"/delegation-returns/{back.id}/record", data=told).status_code == 303
    assert ">7<" in client.get(f"/delegations/{found.id}").text
    ask_daily()
    assert letters("delegation_results") == [], "nobody is asked before three months"
    first = counting.returns_of(place.id)[1]
    first.due_on = today()
    session().flush()
    fewer = {"meetings": "6", "told": "Asha, by telephone", "version": str(first.version)}
    refused = client.post(f"/delegation-returns/{first.id}/record", data=fewer).text
    assert "Meetings were 7 on return" in refused


def test_only_the_latest_question_is_asked_of_a_founder_and_called_asked(
    cast: Cast, client: ConformingClient
) -> None:
    place = trade.went(trade.owner(BUSINESS))
    _, first, second, _ = counting.returns_of(place.id)
    first.due_on = second.due_on = today()
    session().flush()
    ask_daily()
    client.sign_in(cast.founder)
    desk = client.get("/desk").text
    assert f"/delegation-returns/{second.id}/record" in desk
    assert f"/delegation-returns/{first.id}/record" not in desk, "the later one counts everything since"
    page = client.get(f"/delegation-places/{place.id}").text
    assert page.count("Asked, not answered yet") == 1
    assert ("Asked together with the later one" in page, "Covered by the later answer" in page) == (
        True,
        False,
    )
    client.post(
        f"/delegation-returns/{second.id}/record", data={"sales": "0", "version": str(second.version)}
    )
    assert "Covered by the later answer" in client.get(f"/delegation-places/{place.id}").text


def test_the_report_of_sales_counts_what_each_answer_adds_and_not_the_same_sale_twice(
    cast: Cast, client: ConformingClient
) -> None:
    place = trade.went(trade.owner(BUSINESS))
    _, first, second, _ = counting.returns_of(place.id)
    first.due_on = second.due_on = today()
    session().flush()
    for each, pounds in ((first, 12_500), (second, 17_500)):
        returning.record(each, Results(sales=Money.pounds(pounds)), version=None, by=SYSTEM)
    session().flush()
    (sales,) = (each for each in FOR_REPORTS if each.key == "delegation_sales")
    rows = sorted(each.amount for each in session().execute(sales.rows()))
    assert rows == [500_000, 1_250_000]


@pytest.mark.engine("sqlite")
def test_places_are_listed_by_their_marks_also_after_a_freed_seat_was_filled(
    client: ConformingClient, cast: Cast
) -> None:
    found, places = trade.chosen(3, 2, 1)
    client.sign_in(cast.administrator)
    where = f"/delegations/{found.id}/places"
    names = [each.business.name for each in places]
    first = trade.again(places[0])
    answering.decline(first, by=cast.administrator.actor)
    page, file = client.get(where).text, client.get(f"{where}.csv").text
    for text in (page, file):
        assert text.index(names[1]) < text.index(names[2])
    assert "Place 1." not in page
