"""Export plans: countries, tasks and barriers, by the founder and by the adviser."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from crm.accounts.queries import account_again
from crm.db.session import session
from crm.exporting.plans import queries
from crm.exporting.plans.rules.countries import countries, country_name
from crm.exporting.plans.rules.labels import months_in_words
from crm.exporting.plans.rules.sound import fault_in_barrier, fault_in_country
from crm.exporting.plans.service import planning
from crm.exporting.plans.service.planning import TaskDetails
from crm.exporting.plans.workflow import BarrierKind
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role
from crm.notices.models import Letter
from tests import factories
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.exporting.test_markets import days

ON = date(2026, 11, 28)
COUNTRY = {"country": "DE", "route": "distributor", "aim": "Two shops"}


def test_a56_an_expected_sale_is_not_negative_and_an_active_country_has_no_date_in_the_past() -> None:
    fault = fault_in_country(Money(-1), None, is_active=True, on=ON)
    assert fault == ("value", "The expected sales must be £0 or more")
    before = date(2026, 11, 27)
    late = fault_in_country(None, before, is_active=True, on=ON)
    assert late is not None
    assert late[0] == "win_on"
    assert fault_in_country(Money(0), ON, is_active=True, on=ON) is None
    assert fault_in_country(None, before, is_active=False, on=ON) is None


@pytest.mark.parametrize(
    ("kind", "words", "removed_on", "how", "field"),
    [
        (BarrierKind.OTHER, " ", None, "", "words"),
        (BarrierKind.FINANCE, "", None, "A loan", "removed_on"),
        (BarrierKind.FINANCE, "", date(2026, 10, 31), "", "removed_on"),
        (BarrierKind.FINANCE, "", date(2026, 11, 29), "", "removed_on"),
        (BarrierKind.FINANCE, "", date(2026, 11, 2), " ", "how"),
    ],
    ids=["other without words", "how without a day", "removed before met", "removed tomorrow", "without how"],
)
def test_a20_a_barrier_that_cannot_be_is_refused_at_its_field(
    kind: BarrierKind, words: str, removed_on: date | None, how: str, field: str
) -> None:
    fault = fault_in_barrier(kind, words, met_on=date(2026, 11, 1), removed_on=removed_on, how=how, on=ON)
    assert fault is not None
    assert fault[0] == field


def test_countries_and_months_are_said_as_people_say_them() -> None:
    assert len(countries()) > 240
    assert country_name("KR") == "South Korea"
    assert country_name("RU") == "Russia"
    assert not [
        name for name in countries().values() if ", " in name and "Saba" not in name and "Cunha" not in name
    ]
    assert months_in_words(["9", "1"]) == "January and September"
    assert months_in_words([]) == "No usual month"


def test_a56_a_founder_makes_a_plan_and_the_same_country_twice_is_refused_in_words(
    cast: Cast, client: ConformingClient
) -> None:
    client.sign_in(cast.founder)
    where = f"/businesses/{BUSINESS}/export-plan"
    assert "No countries yet" in client.get(where).text
    new = f"{where}/countries/new"
    for wrong, words in (
        ({"value": "-5"}, 'href="#value"'),
        (days("win_on", -1), "The date of the first sale must be today or later"),
        ({"country": "GB"}, 'href="#country"'),
    ):
        refused = client.post(new, data=COUNTRY | wrong)
        assert refused.status_code == 422
        assert words in refused.text
        assert "Two shops" in refused.text
    assert client.post(new, data=COUNTRY | {"value": "12,000"} | days("win_on", 30)).status_code == 303
    assert "Expected sales in the first year: £12,000.00" in client.get(where).text
    twice = client.post(new, data=COUNTRY | {"aim": "Again"})
    assert "Germany is in this export plan already. Change it there" in twice.text
    (found,) = queries.plan_of(BUSINESS)
    for act in ("win", "resume", "drop", "resume"):
        assert client.post(f"/export-countries/{found.id}/{act}", data=days("won_on", 0)).status_code == 303
    assert client.post(f"/export-countries/{found.id}/resume").status_code == 409
    assert "Germany" in client.get(f"/businesses/{BUSINESS}/exporting").text
    client.sign_in(cast.other_founder)
    assert client.get(where).status_code == 404


def test_two_at_once_keep_both_and_the_second_is_shown_what_the_first_saved(
    cast: Cast, client: ConformingClient
) -> None:
    found = trade.country(trade.owner(BUSINESS), "DE")
    change, seen = f"/export-countries/{found.id}/change", {"version": str(found.version)}
    client.sign_in(cast.founder)
    assert client.post(change, data=COUNTRY | seen | {"aim": "Three shops"}).status_code == 303
    client.sign_in(cast.adviser)
    second = client.post(change, data=COUNTRY | seen | {"aim": "One publisher"})
    assert second.status_code == 409
    assert "One publisher" in second.text
    assert "Three shops" in second.text
    task = client.post(
        f"/export-countries/{found.id}/tasks/new",
        data={"title": "Ask the chamber", "owner": f"account:{cast.adviser.id}"} | days("due_on", 3),
    )
    assert task.status_code == 303
    both = client.get(f"/businesses/{BUSINESS}/export-plan").text
    assert "Three shops" in both
    assert "Ask the chamber" in both
    assert "Germany: Ask the chamber" in client.get("/desk").text


def test_a_task_has_an_owner_and_a_day_and_is_done_or_not(cast: Cast, client: ConformingClient) -> None:
    found = trade.country(trade.owner(BUSINESS), "DE")
    stranger = factories.person(trade.owner(OTHER_BUSINESS))
    own = factories.person(trade.owner(BUSINESS))
    client.sign_in(cast.founder)
    where = f"/export-countries/{found.id}/tasks/new"
    good = {"title": "Find an agent", "owner": f"person:{own.id}"} | days("due_on", 5)
    for wrong in (
        {"owner": f"person:{stranger.id}"},
        {"owner": "account:nobody"},
        {"title": ""},
        days("due_on", -2),
    ):
        assert client.post(where, data=good | wrong).status_code == 422
    assert client.post(where, data=good).status_code == 303
    ((task,),) = (each.tasks for each in queries.plan_of(BUSINESS))
    change = f"/export-tasks/{task.id}/change"
    assert client.post(change, data=good | {"title": "Find two agents", "version": "1"}).status_code == 303
    assert client.post(f"/export-tasks/{task.id}/reopen").status_code == 409
    assert client.post(f"/export-tasks/{task.id}/finish").status_code == 303
    assert client.post(f"/export-tasks/{task.id}/finish").status_code == 409
    assert "Not done yet" in client.get(f"/businesses/{BUSINESS}/export-plan").text
    assert client.post(f"/export-tasks/{task.id}/reopen").status_code == 303


def test_a20_a_barrier_is_met_and_removed(cast: Cast, client: ConformingClient) -> None:
    client.sign_in(cast.founder)
    where = f"/businesses/{BUSINESS}/export-barriers/new"
    assert "Say what stood in the way" in client.post(where, data={"kind": "other"} | days("met_on", -9)).text
    assert client.post(where, data={"kind": "finance"} | days("met_on", -9)).status_code == 303
    (found,) = queries.barriers_of(BUSINESS)
    assert "In the way" in client.get(f"/businesses/{BUSINESS}/exporting").text
    gone = (
        {"kind": "finance", "how": "A guarantee", "version": "1"}
        | days("met_on", -9)
        | days("removed_on", -1)
    )
    assert client.post(f"/export-barriers/{found.id}/change", data=gone).status_code == 303
    assert "A guarantee" in client.get(f"/businesses/{BUSINESS}/export-plan").text


def test_an_adviser_lists_plans_and_the_file_has_the_same_rows(cast: Cast, client: ConformingClient) -> None:
    for code in ("DE", "FR"):
        trade.country(trade.owner(BUSINESS), code)
    client.sign_in(cast.adviser)
    page = client.get("/export-plans?country=DE")
    assert "1 country in a plan, newest first" in page.text
    assert "Germany" in page.text
    assert "France</a>" not in page.text
    lines = client.get("/export-plans.csv?country=DE").text.splitlines()
    assert len(lines) == 2
    assert "Germany" in lines[1]
    assert "Show the list without filters" in client.get("/export-plans?country=nowhere").text
    client.sign_in(cast.founder)
    assert client.get("/export-plans").status_code == 403


@pytest.mark.engine("sqlite")
def test_an_export_adviser_finds_my_businesses_from_the_desk_and_the_list_n21(
    client: ConformingClient, cast: Cast
) -> None:
    adviser = factories.account()
    factories.grant(adviser, Role.EXPORT_ADVISER)
    session().flush()
    client.sign_in(account_again(adviser.id))
    assert "0 businesses that you work with" in client.get("/businesses?mine=y").text
    country = trade.country(trade.owner(BUSINESS))
    details = TaskDetails("Find an agent", today() + timedelta(days=5), account_id=adviser.id)
    planning.add_task(country, details, by=SYSTEM)
    mine = client.get("/businesses?mine=y").text
    assert "1 business that you work with" in mine
    assert f"/businesses/{BUSINESS}" in mine
    assert "/businesses?mine=y" in client.get("/desk").text
    client.sign_in(cast.adviser)
    assert "0 businesses that you work with" in client.get("/businesses?mine=y").text


def test_a_visit_without_dates_is_not_one_that_was_made_and_one_with_dates_goes_into_a_calendar(
    client: ConformingClient, cast: Cast
) -> None:
    undated = trade.visit(trade.owner(BUSINESS), trade.edition(days=None))
    client.sign_in(cast.founder)
    plan = f"/businesses/{BUSINESS}/export-plan"
    assert f"/market-visits/{undated.id}/attend" not in client.get(plan).text
    assert "We do not know the dates" in client.post(f"/market-visits/{undated.id}/attend").text
    assert client.get(f"/market-visits/{undated.id}/calendar").status_code == 409
    dated = trade.visit(trade.owner(BUSINESS), trade.edition(trade.market("Market Rowan")))
    entry = f"/market-visits/{dated.id}/calendar"
    assert entry in client.get(plan).text
    assert "SUMMARY:Market Rowan" in client.get(entry).text


def test_a_market_recorded_as_cancelled_by_mistake_takes_place_after_all_and_those_who_go_are_told(
    client: ConformingClient, cast: Cast
) -> None:
    going = trade.visit(trade.owner(BUSINESS))
    found = trade.opened(where=going.edition)
    client.sign_in(cast.hub_manager)
    where = f"/market-editions/{going.edition_id}"
    assert client.post(f"{where}/restore").status_code == 409
    assert client.post(f"{where}/cancel", data={"reason": "Read it wrong"}).status_code == 303
    assert (
        f"{going.edition.name} takes place after all"
        in client.get(f"/markets/{going.edition.market_id}").text
    )
    assert client.post(f"{where}/restore").status_code == 303
    kinds = session().scalars(select(Letter.kind).where(Letter.to_address == cast.founder.email)).all()
    assert "market_restored" in kinds
    assert "was cancelled, and takes place after all" in client.get(f"/delegations/{found.id}").text


def test_a_task_stays_on_the_desk_once_the_business_sells_there_and_leaves_it_with_a_country_set_aside(
    client: ConformingClient, cast: Cast
) -> None:
    task = trade.task(trade.country(trade.owner(BUSINESS), "DE"))
    client.sign_in(cast.founder)
    for verb, is_there in (("win", True), ("resume", True), ("drop", False)):
        asked = client.post(f"/export-countries/{task.country_id}/{verb}", data=days("won_on", 0))
        assert asked.status_code == 303
        assert ("Germany: Find a distributor" in client.get("/desk").text) is is_there


def test_a_plan_says_what_comes_next_and_where_it_lies(client: ConformingClient, cast: Cast) -> None:
    owner = trade.owner(BUSINESS)
    where = f"/businesses/{BUSINESS}/export-plan"
    client.sign_in(cast.adviser)
    assert "Countries to sell in, how, and what to do next." in client.get(where).text
    there = trade.country(owner, "FR")
    page = client.get(where).text
    assert "Nothing is left to do in this plan." in page
    assert 'href="/export-plans">Export plans</a>' in page
    trade.task(there)
    assert "Next: Find a distributor" in " ".join(client.get(where).text.split())
    client.post(f"/export-countries/{there.id}/win", data=days("won_on", 0))
    assert "Next: Find a distributor" in " ".join(client.get(where).text.split()), "also once it sells there"
    assert 'href="/export-plans">Export plans</a>' not in client.sign_in(cast.founder).get(where).text


@pytest.mark.engine("sqlite")
def test_k13_a_task_is_on_no_desk_from_which_it_cannot_be_opened(
    client: ConformingClient, cast: Cast
) -> None:
    country = trade.country(trade.owner(BUSINESS))
    details = TaskDetails("Find an agent", today() + timedelta(days=5), account_id=cast.adviser.id)
    made = planning.add_task(country, details, by=SYSTEM)
    assert "Find an agent" in client.sign_in(cast.adviser).get("/desk").text
    made.account_id = cast.other_adviser.id
    session().flush()
    client.sign_in(cast.other_adviser)
    assert client.get(f"/businesses/{BUSINESS}/export-plan").status_code == 404
    assert "Find an agent" not in client.get("/desk").text
