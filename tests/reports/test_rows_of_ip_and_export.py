"""What IP, exporting and insurance add to the reports: exactly what was done, each number opening its rows (6.5 to 6.7)."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from crm.accounts.queries import account_again, actor_of
from crm.db.session import session
from crm.diagnostics.rules.readiness import EXPORT, IP
from crm.exporting.cover.models import CoverCheck
from crm.exporting.delegations.models import DelegationPlace
from crm.exporting.delegations.queries import counting
from crm.exporting.delegations.service import answering, choosing, leading, returning
from crm.ip.decisions import service as deciding
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.roles import Role, Scope
from tests import assessments, covers, factories, network
from tests.cast import Cast, Member
from tests.client import ConformingClient
from tests.exporting import trade
from tests.ip import bed
from tests.reports.test_scoreboard import numbers_on, rows_on

LINES = (
    *("ip_assessed", "ip_decisions", "test_bed_businesses", "lessons"),
    *("export_assessed", "delegates", "delegation_sales", "market_visits", "cover_checks", "shut_out"),
)


def told(client: ConformingClient) -> dict[str, str]:
    """The numbers of these lines on the scoreboard by their measures; what is nought opens nothing and is left out."""
    found = {href.split("/")[3]: value for href, value in numbers_on(client.get("/reports").text)}
    return {key: value for key, value in found.items() if key in LINES}


def eight_went(*, told_by: Actor = SYSTEM) -> list[DelegationPlace]:
    """A delegation of eight: nine applied, all eight who were chosen went, and the ninth stayed on the waiting list."""
    found = trade.opened(seats=8)
    places = [trade.assessed(trade.applied(found), points) for points in (3, 3, 3, 2, 2, 2, 2, 2, 1)]
    leading.close(found, by=SYSTEM)
    choosing.select(found, by=SYSTEM)
    for each in places[:8]:
        answering.accept(trade.again(each), by=SYSTEM)
    trade.back(found)
    leading.hold(found, {each.id for each in places[:8]}, by=told_by)
    return [trade.again(each) for each in places[:8]]


def assess() -> None:
    """Two businesses finish IP readiness, one of them twice; one finishes export readiness, another only begins it."""
    first, second = (trade.owner(factories.business().id) for _ in range(2))
    for owner, name in ((first, IP), (first, IP), (second, IP), (second, EXPORT)):
        assessments.finished(owner, name)
    assessments.taken(first, EXPORT)


def sell(place: DelegationPlace) -> None:
    """£12,500 after three months, and £17,500 in all after six."""
    _, first, second, _ = counting.returns_of(place.id)
    first.due_on = second.due_on = today()
    session().flush()
    for each, pounds in ((first, 12_500), (second, 17_500)):
        returning.record(each, returning.Results(sales=Money.pounds(pounds)), version=None, by=SYSTEM)


@pytest.mark.engine("sqlite")
def test_a20_a55_a57_the_reports_count_exactly_what_was_done(cast: Cast, client: ConformingClient) -> None:
    client.sign_in(cast.administrator)
    assert told(client) == {}
    assess()
    places = eight_went()
    sell(places[0])
    owner = covers.shut_out(4_999_999)
    covers.checked(owner)
    covers.checked(covers.turned_over(factories.business(), 5_000_000))
    covers.checked(covers.turned_over(factories.business(), None))
    deciding.record(owner, bed.decision_details(), by=SYSTEM)
    bed.published()
    assert told(client) == {
        "ip_assessed": "2",
        "export_assessed": "1",
        "ip_decisions": "1",
        "lessons": "1",
        "delegates": "8",
        "delegation_sales": "£17,500.00",
        "cover_checks": "3",
        "shut_out": "1",
    }
    opened = {href.split("/")[3]: client.get(unescape(href)).text for href, _ in numbers_on(_page(client))}
    rows = {key: rows_on(page) for key, page in opened.items() if key in LINES}
    assert rows["delegates"] == 8
    assert (rows["delegation_sales"], rows["cover_checks"], rows["ip_decisions"]) == (2, 3, 1)
    for months in (3, 6):
        assert (
            f"{trade.again(places[0]).delegation.title}, after {months} months" in opened["delegation_sales"]
        )
    assert owner.name in opened["shut_out"]
    assert trade.again(places[0]).business.name in opened["delegates"]


@pytest.mark.engine("sqlite")
def test_who_says_that_a_place_was_used_is_who_recorded_it_and_not_who_applied_k11(
    cast: Cast, client: ConformingClient
) -> None:
    client.sign_in(cast.administrator)
    lead = factories.account(name="Ines Who-Was-There")
    factories.grant(lead, Role.EXPORT_ADVISER)
    session().flush()
    known = account_again(lead.id)
    assert known is not None
    eight_went(told_by=actor_of(known))
    (href,) = [href for href, _ in numbers_on(_page(client)) if href.split("/")[3] == "delegates"]
    assert client.get(unescape(href)).text.count("Ines Who-Was-There") == 8


def _page(client: ConformingClient) -> str:
    return client.get("/reports").text


def holding(role: Role, **fields: Any) -> Member:
    """Somebody who holds one role."""
    made = factories.account()
    factories.grant(made, role, **fields)
    session().flush()
    found = account_again(made.id)
    assert found is not None
    return Member(role, actor_of(found), made.email)


@pytest.mark.engine("sqlite")
def test_those_who_do_the_work_see_it_counted_and_a_number_leads_only_where_they_may_go_k14_k15(
    cast: Cast, client: ConformingClient
) -> None:
    sell(eight_went()[0])
    bed.published()
    client.sign_in(holding(Role.TEST_BED_MANAGER))
    assert set(told(client)) == {"lessons"}, "the sums of delegations are told, and lead nowhere"
    assert "£17,500.00" in _page(client)
    client.sign_in(cast.programme_manager)
    assert set(told(client)) == {"lessons"}
    assert "£17,500.00" in _page(client)
    (href,) = [each for each, _ in numbers_on(_page(client)) if "/lessons/" in each]
    assert "Keep it short" in client.get(href).text
    (held,) = cast.adviser.account.grants
    client.sign_in(holding(Role.EXPORT_ADVISER, scope=Scope.HUB, scope_id=held.scope_id))
    assert {"delegates", "delegation_sales"} <= set(told(client))
    assert client.get("/reports/data-quality").status_code == 403


@pytest.mark.engine("sqlite")
def test_rows_say_what_they_are_and_a_shut_out_opens_its_check_k14_k32(
    cast: Cast, client: ConformingClient
) -> None:
    owner = covers.shut_out(4_999_999)
    network.right(bed.owner(), title="Otter, the series")
    client.sign_in(cast.auditor)
    opened = {href.split("/")[3]: client.get(unescape(href)).text for href, _ in numbers_on(_page(client))}
    assert (
        "turnover is £4,999,999" in opened["shut_out"]
        or "£4,999,999, needed £5,000,000" in opened["shut_out"]
    )
    (check,) = session().scalars(select(CoverCheck.id).where(CoverCheck.business_id == owner.id))
    assert f"/export-cover/{check}" in opened["shut_out"]
    assert "Otter, the series" in opened["rights_recorded"]


@pytest.mark.engine("sqlite")
def test_a_published_lesson_behind_a_number_opens_where_everybody_reads_it_k14(
    cast: Cast, client: ConformingClient
) -> None:
    lesson = bed.published()
    public = f"/test-bed/lessons/{lesson.id}"
    page = client.sign_in(cast.hub_manager).get("/reports/measures/lessons/rows").text
    assert f'href="{public}"' in page
    assert "Not open to you" not in page
    assert lesson.title in client.get(public).text
    own = client.sign_in(cast.administrator).get("/reports/measures/lessons/rows").text
    assert f'href="{public}"' not in own, "who may open its own page is led there"


@pytest.mark.engine("sqlite")
def test_sales_name_who_told_us_and_each_quarter_of_a_trend_opens_its_rows_k14_k32(
    cast: Cast, client: ConformingClient
) -> None:
    place = eight_went()[0]
    first = counting.returns_of(place.id)[1]
    first.due_on = today()
    session().flush()
    client.sign_in(cast.administrator)
    sent = {"sales": "12500", "version": str(first.version), "told": "Elin Bell, by telephone"}
    assert client.post(f"/delegation-returns/{first.id}/record", data=sent).status_code == 303
    page = client.get("/reports/measures/delegation_sales").text
    linked = re.findall(r'href="(/reports/measures/delegation_sales/rows\?period=\d{4}-\d\d)">([^<]+)<', page)
    assert {value.strip() for _, value in linked} == {"£12,500.00"}, "a quarter without rows opens nothing"
    assert len(linked) >= 2, "the number of the page and that of its quarter in the trend"
    opened = client.get(unescape(linked[-1][0])).text
    assert f"Elin Bell, by telephone; recorded by {cast.administrator.known.name}" in opened
    assert "£12,500.00" in opened


@pytest.mark.engine("sqlite")
def test_numbers_say_that_they_count_every_hub_and_which_records_open_k14_k11(
    cast: Cast, client: ConformingClient
) -> None:
    assess()
    client.sign_in(cast.hub_manager)
    words = "The numbers count the whole region, across all its hubs. The records that open for you are those of the businesses of your hub"
    assert words in _page(client)
    assert words in client.get("/reports/measures/ip_assessed").text
    (held,) = cast.hub_manager.account.grants
    assert "across all its hubs" not in client.get(f"/reports?hub={held.scope_id}").text
    client.sign_in(holding(Role.FUNDER))
    assert "across all its hubs" not in client.get("/reports").text
