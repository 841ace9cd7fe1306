"""The desk in order of urgency, one search of everything, and a message to us."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.app import FEATURES
from crm.desk.rules import EVERYDAY, by_urgency
from crm.notices.models import Letter
from crm.web.feature import Todo
from tests import factories
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.client import ConformingClient
from tests.rules.test_budgets import cast_business

TODAY = date(2026, 11, 24)


def todo(name: str, **given: object) -> Todo:
    return Todo(name, None, "/x", **given)  # type: ignore[arg-type]


def test_what_waits_is_grouped_by_when_it_is_due_and_the_oldest_comes_first() -> None:
    groups = by_urgency(
        [
            todo("new"),
            todo("offer", due=TODAY + timedelta(days=20), is_first=True),
            todo("since", since=TODAY - timedelta(days=9)),
            todo("late", due=TODAY - timedelta(days=1)),
            todo("later", due=TODAY + timedelta(days=8)),
            todo("now", due=TODAY),
            todo("very late", due=TODAY - timedelta(days=9)),
            todo("said to be late", is_overdue=True),
            todo("soon", due=TODAY + timedelta(days=7)),
        ],
        on=TODAY,
    )

    assert [(title, [each.label for each in of_group]) for title, of_group in groups] == [
        ("First", ["offer"]),
        ("Overdue", ["very late", "late", "said to be late"]),
        ("Today", ["now"]),
        ("This week", ["soon"]),
        ("Waiting", ["later", "since", "new"]),
    ]


def test_a_next_step_on_the_desk_names_its_business_and_its_day(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    factories.next_step(
        cast_business(), cast.adviser.account, title="Made call", due_on=TODAY - timedelta(days=3)
    )
    page = client.sign_in(cast.adviser).get("/desk").text

    assert re.search(r"Overdue.*Made call.*Cast Pictures · due 21 November 2026", page, re.DOTALL)


def test_the_search_finds_a_business_by_name_and_shows_only_what_is_theirs_to_see(
    client: ConformingClient, cast: Cast
) -> None:
    factories.business(name="Made Zephyr Prints", indexed=True)
    page = client.sign_in(cast.adviser).get("/search?q=zephyr").text

    assert "Made Zephyr Prints" in page
    assert f"/businesses/{OTHER_BUSINESS}" not in client.get("/search?q=other").text
    assert "Nothing was found" in client.get("/search?q=qqqqqqq").text
    assert "Businesses</h2>" not in client.sign_in(cast.assessor).get("/search?q=zephyr").text


@pytest.mark.parametrize("words", ["Quill Farr", "quill@k16.example", "0121 496 0716", "B5 4ZZ", "07160716"])
def test_k16_the_search_finds_a_business_by_all_that_it_says(
    client: ConformingClient, cast: Cast, words: str
) -> None:
    place = {"trading_postcode": "B5 4ZZ", "trading_outcode": "B5"}
    made = factories.business(name="Sixteen Kites", indexed=True, company_number="07160716", **place)
    factories.person(made, name="Quill Farr", email="quill@k16.example", phone="0121 496 0716")
    page = client.sign_in(cast.administrator).get("/search", query_string={"q": words}).text
    assert f"/businesses/{made.id}" in page


@pytest.mark.parametrize("words", ["...", "@", "'-&", "!!"])
def test_k16_a_search_of_only_punctuation_finds_nothing(
    client: ConformingClient, cast: Cast, words: str
) -> None:
    page = client.sign_in(cast.administrator).get("/search", query_string={"q": words}).text
    assert "Nothing was found" in page


def test_the_search_groups_what_several_rooms_have(client: ConformingClient, cast: Cast) -> None:
    factories.enquiry(business_name="Made Quokka", person_name="Made Person")
    factories.account(name="Made Quokka Keeper")
    page = client.sign_in(cast.administrator).get("/search?q=quokka").text

    assert [title for title in ("Enquiries", "Accounts") if f">{title}</h2>" in page] == [
        "Enquiries",
        "Accounts",
    ]


@pytest.mark.parametrize("part", ["founder", "angel", "provider", "visitor"])
def test_nobody_but_staff_searches_everything(client: ConformingClient, cast: Cast, part: str) -> None:
    assert client.sign_in(cast[part]).get("/search?q=made").status_code in {303, 403, 404}
    assert "app-find" not in client.get(f"/businesses/{BUSINESS}" if part == "founder" else "/").text


def test_a_message_to_us_is_a_letter_with_the_senders_words_and_address(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    sent = {"name": "Made Writer", "email": "writer@made.example", "text": "Made question"}
    answer = client.post("/contact", data=sent)

    assert answer.status_code == 303
    assert client.get(answer.headers["Location"]).status_code == 200
    (letter,) = db.scalars(select(Letter).where(Letter.kind == "contact"))
    assert "Made question" in str(letter.context)


def test_k17_whoever_is_signed_in_need_not_type_who_writes(client: ConformingClient, cast: Cast) -> None:
    page = client.sign_in(cast.founder).get("/contact").text

    assert f'value="{cast.founder.known.name}"' in page
    assert f'value="{cast.founder.email}"' in page


def test_a_message_without_an_address_is_said_at_its_field_and_what_was_typed_stays(
    client: ConformingClient, cast: Cast
) -> None:
    answer = client.post("/contact", data={"name": "Made Writer", "text": "Made question"})

    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    assert "Made question" in answer.text


def test_a_first_name_comes_before_the_middle_of_a_word_and_numbers_are_found_however_they_are_written(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    hub = cast_business().hub_id
    called = factories.business(name="Kiln", indexed=True, hub_id=hub, company_number="90000008")
    factories.business(name="Ascarlet Press", indexed=True, hub_id=hub)
    factories.person(called, name="Carl Demo", email="c@kiln.example")
    made = factories.enquiry(hub_id=hub)
    client.sign_in(cast.adviser)
    page = client.get("/search?q=carl").text
    assert page.index(">Kiln</a>") < page.index(">Ascarlet Press</a>")
    assert ">Kiln</a>" in client.get("/search?q=90 000 008").text
    typed = made.reference.replace("-", "").lower()
    assert f"/enquiries/{made.id}" in client.get(f"/search?q={typed}").text
    words = "You see your hub’s businesses only; another hub may have it."
    assert words in client.get("/search?q=qqqqqqq").text
    assert words not in client.sign_in(cast.administrator).get("/search?q=qqqqqqq").text


def test_k14_where_a_search_finds_more_than_it_shows_it_says_so_and_leads_to_all(
    client: ConformingClient, cast: Cast
) -> None:
    for number in range(7):
        factories.business(name=f"Made Zephyr {number}", indexed=True)
    client.sign_in(cast.adviser)
    page = client.get("/search?q=zephyr").text
    assert "All businesses with these words" in page
    assert "Only 6 are shown here" in page
    every = client.get("/businesses?q=zephyr").text
    assert all(f"Made Zephyr {number}" in every for number in range(7))
    assert "All businesses with these words" not in client.get("/search?q=zephyr+1").text


@pytest.mark.parametrize(
    ("words", "href"),
    [
        ("cohort", "/readiness/cohort"),
        ("delegations", "/delegations"),
        ("market", "/markets"),
        ("Export plan", "/export-plans"),
        ("audit log", None),
        *((each, "/export-plans") for each in ("exporting", "barriers")),
        *((each, "/export-cover") for each in ("insurance", "UKEF", "export finance", "exporting")),
        *((each, "/export-cover/case") for each in ("shut-outs", "ukef")),
        *((each, "/test-bed") for each in ("testbed", "test-bed")),
        *((each, "/readiness") for each in ("ip readiness", "export readiness")),
        ("ip readiness", "/readiness/cohort"),
        ("strategic decisions", "/strategic-decisions"),
    ],
)
def test_a_page_is_found_by_its_name_by_those_who_have_it(
    client: ConformingClient, cast: Cast, words: str, href: str | None
) -> None:
    page = client.sign_in(cast.adviser).get("/search", query_string={"q": words}).text
    found = page.partition(">Pages</h2>")[2].partition("</ul>")[0]
    assert (href in re.findall(r'href="([^"]+)"', found)) if href else not found


def test_all_pages_of_an_area_are_found_by_the_name_of_the_area(client: ConformingClient, cast: Cast) -> None:
    page = client.sign_in(cast.adviser).get("/search?q=calendar").text
    found = re.findall(r'href="([^"]+)"', page.partition(">Pages</h2>")[2].partition("</ul>")[0])
    assert {"/markets", "/delegations", "/workshops"} <= set(found)
    assert "/readiness/cohort" not in client.get("/desk").text, "the menu does not grow by it"


def test_what_people_call_a_page_is_said_of_pages_that_there_are() -> None:
    known = {item.endpoint for room in FEATURES for item in room.navigation}
    assert set(EVERYDAY) <= known
