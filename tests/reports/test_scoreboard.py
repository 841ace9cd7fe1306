"""The scoreboard: each number opens exactly its rows, and says who stands behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest
from flask import Flask

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.casework.workflow import HoursStatus
from crm.db.counting import DATA, Measure
from crm.kernel.clock import now, today
from crm.kernel.roles import Role, Scope
from crm.reports.scoreboard.rules.periods import quarter_of
from tests import claimed, factories
from tests.casework.test_counting import complete
from tests.cast import OTHER_BUSINESS, Cast
from tests.client import ConformingClient
from tests.engines import ENGINES

QUARTER, ENDED = quarter_of(today()), date(2026, 2, 3)
NUMBER = re.compile(r'href="(/reports/measures/[a-z_]+/rows[^"]*)">\s*([0-9.,£]+)<span')


def every_measure(app: Flask) -> list[Measure]:
    return [each for room in app.extensions["features"] for each in room.measures]


def numbers_on(page: str) -> Iterator[tuple[str, str]]:
    """Each number that opens its rows, with its address."""
    return ((unescape(href), value) for href, value in NUMBER.findall(page))


def rows_on(page: str) -> int:
    return page.count("<tr") - 1 if "<tbody" in page else 0


@pytest.fixture
def other(cast: Cast) -> Business:
    found = business(OTHER_BUSINESS)
    assert found is not None
    return found


def test_a25_businesses_and_conversations_are_two_numbers_and_each_opens_its_rows(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    for _ in range(3):
        complete(owner, 4)
    page = client.sign_in(cast.administrator).get("/reports").text
    found = dict(numbers_on(page))
    told = {href.split("/")[3]: value for href, value in found.items()}

    assert (told["businesses_spoken_with"], told["conversations"]) == ("1", "3")
    for href, value in found.items():
        opened = client.get(href)
        assert opened.status_code == 200, href
        assert f": {value}</h1>" in re.sub(r"\s+", " ", opened.text), href
    assert rows_on(client.get(f"/reports/measures/conversations/rows?period={QUARTER.key}").text) == 3


def test_what_was_done_in_sandwell_and_who_says_so_is_three_clicks_away(
    client: ConformingClient, cast: Cast, owner: Business, other: Business
) -> None:
    owner.authority, other.authority = "Sandwell", "Dudley"
    talk = complete(owner, 4, recorded_by_id=cast.adviser.id)
    complete(other, 4, recorded_by_id=cast.other_adviser.id)
    client.sign_in(cast.hub_manager)
    here = client.get("/reports?authority=Sandwell").text
    (href,) = [each for each, _ in numbers_on(here) if "/conversations/" in each]
    rows = client.get(href).text

    assert 'href="/reports"' in client.get("/desk").text
    assert (rows_on(rows), owner.name in rows, other.name in rows) == (1, True, False)
    assert cast.adviser.account.name in rows
    assert f"/conversations/{talk.id}" in rows
    assert "Dudley" not in rows


def test_every_measure_has_its_page_and_its_rows(app: Flask, client: ConformingClient, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    for each in every_measure(app):
        assert client.get(f"/reports/measures/{each.key}").status_code == 200, each.key
    client.sign_in(cast.hub_manager)
    for each in every_measure(app):
        assert client.get(f"/reports/measures/{each.key}/rows").status_code == 200, each.key


@pytest.mark.parametrize("part", ["auditor", "programme_manager", "network_manager"])
def test_whoever_answers_for_a_part_of_action_6_reads_all_of_it(
    client: ConformingClient, cast: Cast, part: str
) -> None:
    client.sign_in(cast[part])

    assert client.get("/reports").status_code == 200
    assert client.get("/reports/measures/awards/rows").status_code == 200
    assert client.get("/reports/data-quality").status_code == 200


def test_keys_are_told_apart_and_each_part_of_a_whole_names_a_measure(app: Flask) -> None:
    keys = [each.key for each in every_measure(app)]

    assert len(keys) == len(set(keys))
    assert {each.within for each in every_measure(app)} <= {"", *keys}
    assert {each.line for each in every_measure(app)} <= {DATA, *(f"6.{number}" for number in range(1, 8))}
    assert all(len(each.key) <= 40 and len(each.version) <= 60 for each in every_measure(app))


def test_a_hub_manager_reads_the_whole_number_and_opens_the_rows_of_their_hub_alone(
    client: ConformingClient, cast: Cast, owner: Business, other: Business
) -> None:
    complete(owner, 4)
    complete(other, 4)
    page = client.sign_in(cast.hub_manager).get("/reports/measures/conversations/rows").text

    assert "Conversations: 2" in page
    assert rows_on(page) == 1
    assert "1 more record is counted" in re.sub(r"\s+", " ", page)
    assert other.name not in page


def test_a_programme_manager_reads_the_number_of_the_hubs_and_no_row(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    complete(owner, 4)
    page = client.sign_in(cast.programme_manager).get("/reports/measures/conversations/rows").text

    assert "You cannot open these records" in page
    assert owner.name not in page
    who = "The administrators and auditors can open all of these records, the export advisers and hub managers those of"
    assert who in page
    assert who in client.get("/reports/measures/conversations").text, (
        "k14: a number without a link says who to ask"
    )
    assert "says who can open the records" in client.get("/reports").text
    assert who not in client.sign_in(cast.hub_manager).get("/reports/measures/conversations").text


@pytest.mark.parametrize("part", ["adviser", "founder", "angel", "provider", "assessor"])
def test_others_do_not_see_the_reports(client: ConformingClient, cast: Cast, part: str) -> None:
    client.sign_in(cast[part])

    assert client.get("/reports").status_code == 403
    assert client.get("/reports/measures/conversations/rows").status_code in (403, 404)


def funder(client: ConformingClient, **fields: object) -> None:
    account = factories.account()
    factories.grant(account, Role.FUNDER, **fields)
    client.sign_in(account)


def told(page: str) -> str:
    """A page without the sentence that says what stands for a number held back."""
    return re.sub(r"“Not shown” stands[^.]*[.]", "", re.sub(r"\s+", " ", page))


def test_n50_a_funder_is_told_no_small_number_and_opens_no_row(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    complete(owner, 4, happened_on=ENDED)
    funder(client)
    page = client.get("/reports").text
    split = client.get("/reports/measures/conversations").text

    assert told(page).count("Not shown") == 2
    assert "Not shown" in told(split)
    assert list(numbers_on(page + split)) == []
    assert "By local authority" not in split
    assert client.get("/reports/measures/conversations/rows").status_code == 403
    assert client.get("/reports/measures/conversations/rows.csv").status_code == 403
    assert client.get("/reports/data-quality").status_code == 403
    assert client.get("/reports?authority=Sandwell").text == page


def test_n50_a_funder_cannot_take_one_number_from_another(client: ConformingClient, cast: Cast) -> None:
    """Of six businesses five confirmed their hours: the sixth would be told by the difference."""
    for number in range(6):
        made = factories.business(authority="Sandwell")
        confirmed = {"_status": HoursStatus.CONFIRMED, "answered_at": now(), "answered_by": "made"}
        factories.hours(made, quarters=4, happened_on=ENDED, **(confirmed if number else {}))
    funder(client)

    whole = client.get("/reports/measures/hours").text
    assert (">6<" in whole, "By local authority" in whole, "By hub" in whole) == (True, True, False)
    part = told(client.get("/reports/measures/hours_confirmed").text)
    assert (">5<" in part, "Not shown" in part, "By local authority" in part) == (False, True, False)
    assert ">5<" not in told(client.get("/reports").text)


def test_k13_a_funder_is_not_offered_dates_that_they_cannot_choose(
    client: ConformingClient, cast: Cast
) -> None:
    funder(client)
    assert "Dates of your own" not in client.get("/reports").text
    for period in ("dates", QUARTER.key):
        refused = client.get(f"/reports?period={period}")
        assert refused.status_code != 200
        assert "whole financial years that have ended" in refused.text
    assert "Dates of your own" in client.sign_in(cast.administrator).get("/reports").text


def test_p44_an_award_that_ended_early_counts_for_what_the_ledger_has_for_it(
    client: ConformingClient, cast: Cast
) -> None:
    found = claimed.award()
    claimed.paid(found, 2_000)
    client.sign_in(cast.administrator)
    assert dict_of_numbers(client)["awarded"] == found.amount.in_full()
    claimed.closed(claimed.whole(found.id))
    assert dict_of_numbers(client)["awarded"] == "£2,000.00"
    assert dict_of_numbers(client)["awards"] == "1"


def dict_of_numbers(client: ConformingClient) -> dict[str, str]:
    """Each number of the scoreboard that opens, by the key of its measure."""
    return {href.split("/")[3]: value for href, value in numbers_on(client.get("/reports").text)}


def test_k14_a_number_of_businesses_says_that_some_have_several_records(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    for _ in range(2):
        complete(owner, 4)
    client.sign_in(cast.administrator)
    several = "counts each business once"
    assert several in client.get("/reports/measures/businesses_spoken_with/rows").text
    assert several not in client.get("/reports/measures/conversations/rows").text


def test_n50_a_funder_of_the_programme_sees_its_line_alone(client: ConformingClient, cast: Cast) -> None:
    funder(client, scope=Scope.PROGRAMME, scope_id="scale-up")
    page = client.get("/reports").text

    assert "6.2 Scale-up programme" in page
    assert "6.1 Support pathway" not in page
    assert client.get("/reports/measures/awards").status_code == 200
    assert client.get("/reports/measures/conversations").status_code == 404


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (
            "period=dates&first-day=2&first-month=11&first-year=2026&last-day=1&last-month=11&last-year=2026",
            "or later",
        ),
        (
            "period=dates&first-day=31&first-month=2&first-year=2026&last-day=1&last-month=11&last-year=2026",
            "31",
        ),
        ("period=dates", "Enter the first day"),
        (
            "period=dates&first-day=1&first-month=1&first-year=1950&last-day=1&last-month=1&last-year=2026",
            "10 years",
        ),
    ],
)
def test_impossible_dates_are_refused_at_their_field(
    client: ConformingClient, cast: Cast, query: str, words: str
) -> None:
    answer = client.sign_in(cast.administrator).get(f"/reports?{query}")

    assert answer.status_code == 422
    assert words in answer.text
    assert client.get(f"/reports/measures/conversations/rows?{query}").status_code == 404


@pytest.mark.parametrize(
    "query", ["period=1999", "authority=Atlantis", "sector=x", "size=huge", "hub=x", "area=x"]
)
def test_unknown_filters_are_refused(client: ConformingClient, cast: Cast, query: str) -> None:
    client.sign_in(cast.administrator)
    for where in ("/reports", "/reports/measures/conversations", "/reports/measures/conversations/rows"):
        assert client.get(f"{where}?{query}").status_code == 422, where


@pytest.mark.engine(*ENGINES)
def test_k2_figures_are_narrowed_to_each_thing_that_a_filter_offers(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    factories.hours(owner, quarters=4)
    client.sign_in(cast.administrator)
    offered = client.get("/reports").text
    for name in ("hub", "authority", "area", "sector", "size"):
        box = re.search(rf'<select[^>]*name="{name}".*?</select>', offered, re.DOTALL)
        assert box, name
        values = [each for each in re.findall(r'value="([^"]*)"', box[0]) if each]
        for value in {values[0], values[-1]}:
            for where in ("/reports", "/reports/measures/hours", "/reports/measures/hours/rows"):
                answer = client.get(where, query_string={name: unescape(value)})
                assert answer.status_code == 200, (where, name, value)


def test_k14_each_line_of_a_table_opens_its_rows_in_an_authority_outside_the_region_too(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    factories.hours(owner, quarters=4)
    owner.authority = "Cherwell"
    page = client.sign_in(cast.administrator).get("/reports/measures/hours").text
    lines = [unescape(each) for each in re.findall(r'href="(/reports/measures/hours/rows[^"]*)"', page)]
    opened = {where: client.get(where) for where in lines}

    assert any("authority=Cherwell" in where for where in lines)
    assert {where: each.status_code for where, each in opened.items() if each.status_code != 200} == {}
    assert all(rows_on(each.text) == 1 for where, each in opened.items() if "authority=" in where)
    assert client.get("/reports/measures/hours/rows?authority=Atlantis").status_code == 422


def test_k2_whoever_downloaded_the_rows_of_a_number_still_has_a_page_that_says_which(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    factories.hours(owner, quarters=4)
    client.sign_in(cast.hub_manager).get("/reports/measures/hours/rows.csv")
    page = client.sign_in(cast.administrator).get(f"/people/{cast.hub_manager.id}")

    assert page.status_code == 200
    told = re.sub(r"\s+", " ", page.text)
    (filters,) = re.findall(r"Filters: ([^<]*)", told)
    assert "measure: Hours of support" in filters
    assert "period: " in filters, "the two engines keep them in different orders"


def test_p49_the_file_has_the_rows_of_the_page_and_no_cell_that_runs(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    owner.name = '=HYPERLINK("x") é £'
    for _ in range(2):
        factories.hours(owner, quarters=4)
    answer = client.sign_in(cast.administrator).get("/reports/measures/hours/rows.csv")
    lines = answer.data.decode("utf-8-sig").strip().split("\r\n")

    assert answer.status_code == 200
    assert len(lines) == 3
    assert all("'=HYPERLINK" in line and "é £" in line for line in lines[1:])


def test_k14_whoever_may_open_the_figures_of_the_network_is_not_told_to_ask_for_them(
    client: ConformingClient, cast: Cast
) -> None:
    for person, opens in ((cast.network_manager, True), (cast.hub_manager, False)):
        page = " ".join(client.sign_in(person).get("/reports").text.split())
        assert ('href="/angels/figures">Open the network’s figures</a>' in page) is opens
        assert ("ask the manager for them" in page) is not opens
