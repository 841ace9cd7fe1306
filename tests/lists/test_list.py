"""The list of businesses that people work by: its columns, orders, filters and views."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.businesses.models import Business
from crm.casework.workflow import Channel, ConversationStatus
from crm.kernel.clock import now, today
from crm.kernel.roles import Role, Scope
from crm.lists.models import SavedView
from crm.lists.queries.rows import page_of_rows, rows_of
from crm.lists.rules import ORDERS, STANDARD, Wanted, direction, toggled
from tests import factories
from tests.cast import Cast
from tests.client import ConformingClient
from tests.rules.caseload_samples import lead

NAMES = re.compile(
    r'<th scope="row".*?<a class="govuk-link" href="/businesses/[0-9a-f-]+">([^<]+)</a>', re.DOTALL
)
NEXT = re.compile(r'href="([^"]+)" rel="next"')


def shown(client: ConformingClient, path: str) -> list[str]:
    """The names of the businesses that a list shows, page by page."""
    found: list[str] = []
    while path:
        page = client.get(path)
        assert page.status_code == 200
        found += NAMES.findall(page.text)
        more = NEXT.search(page.text)
        path = more[1].replace("&amp;", "&") if more else ""
    return found


def spoken(owner: Business, days: int, **fields: Any) -> Any:
    """A conversation that was completed so many days ago."""
    given = {"_status": ConversationStatus.COMPLETE, "completed_at": now(), "channel": Channel.VIDEO}
    given |= {"kind_code": "finance.grant", **fields}
    return factories.conversation(owner, happened_on=today() - timedelta(days=days), **given)


@pytest.fixture
def three(cast: Cast, owner: Business) -> list[Business]:
    """Three businesses of the hub: spoken with long ago, lately, and never."""
    made = [
        factories.business(name=f"Made {name}", hub_id=owner.hub_id, indexed=True)
        for name in ("Ash", "Birch", "Cedar")
    ]
    spoken(made[0], 60)
    spoken(made[1], 3)
    lead(made[0], account_id=cast.adviser.id)
    lead(made[1], account_id=cast.hub_manager.id)
    return made


def test_my_businesses_are_those_that_an_adviser_leads(
    client: ConformingClient, cast: Cast, three: list[Business]
) -> None:
    client.sign_in(cast.adviser)

    assert shown(client, "/my-businesses") == ["Made Ash"]
    assert '<h1 class="govuk-heading-xl">My businesses</h1>' in client.get("/my-businesses").text
    assert shown(client, "/caseload?lead=me") == ["Made Ash"]
    assert shown(client, f"/caseload?lead={cast.hub_manager.id}") == ["Made Birch"]
    assert {"Made Ash", "Made Birch"}.isdisjoint(shown(client, "/caseload?lead=nobody"))


def test_a_row_says_what_one_decides_by(client: ConformingClient, cast: Cast, three: list[Business]) -> None:
    factories.next_step(
        three[0], cast.adviser.account, title="Send the plan", due_on=today() - timedelta(days=1)
    )
    factories.next_step(
        three[0], cast.adviser.account, title="Ring again", due_on=today() + timedelta(days=9)
    )
    factories.diagnosis(three[0], is_finished=True, needs={"grant": 2, "equity": 3})
    client.sign_in(cast.adviser)

    page = client.get("/my-businesses").text

    row = page[page.index("Made Ash") : page.index("</tr>", page.index("Made Ash"))]
    assert cast.adviser.actor.name in row
    assert "Send the plan" in row
    assert "Overdue" in row
    assert "Ring again" not in row
    assert row.index("Investment for a share") < row.index("A grant")


@pytest.mark.parametrize(
    ("days", "names"),
    [
        (2, ["Made Ash", "Made Birch", "Made Cedar"]),
        (4, ["Made Ash", "Made Cedar"]),
        (60, ["Made Ash", "Made Cedar"]),
        (61, ["Made Cedar"]),
    ],
)
def test_not_contacted_in_so_many_days_counts_the_day_of_the_talk_and_those_never_contacted(
    client: ConformingClient, cast: Cast, three: list[Business], days: int, names: list[str]
) -> None:
    spoken(three[2], 1, voided_at=now(), void_reason="Made")
    client.sign_in(cast.adviser)

    assert shown(client, f"/caseload?quiet={days}&q=made") == names


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("contact", ["Made Cedar", "Made Ash", "Made Birch"]),
        ("-contact", ["Made Birch", "Made Ash", "Made Cedar"]),
        ("-name", ["Made Cedar", "Made Birch", "Made Ash"]),
        ("step", ["Made Birch", "Made Cedar", "Made Ash"]),
        ("stage", ["Made Cedar", "Made Birch", "Made Ash"]),
    ],
)
def test_the_list_is_sorted_by_each_column(
    client: ConformingClient, cast: Cast, three: list[Business], sort: str, names: list[str]
) -> None:
    for made, days, stage in zip(three[1:], (2, 5), ("growth", "idea"), strict=True):
        factories.next_step(made, cast.adviser.account, due_on=today() + timedelta(days=days))
        made.stage = stage
    client.sign_in(cast.adviser)

    assert shown(client, f"/caseload?q=made&sort={sort}") == names


@pytest.mark.parametrize("sort", ORDERS)
def test_every_order_pages_through_all_rows_once(cast: Cast, owner: Business, db: Session, sort: str) -> None:
    for number in range(60):
        made = factories.business(hub_id=owner.hub_id, stage=("growth", None)[number % 2])
        if number % 3:
            spoken(made, number % 7)
            lead(made, account_id=cast.adviser.id)
            factories.next_step(made, cast.adviser.account, due_on=today() + timedelta(days=number % 5))
    found, at = [], None
    while True:
        page = page_of_rows(Wanted(sort=sort), cast.adviser.actor, cursor=at)
        found += [each.business.id for each in page.rows]
        at = page.after
        if at is None:
            break

    assert len(found) == len(set(found)) >= 60
    assert page.before is not None


def test_filters_combine(client: ConformingClient, cast: Cast, three: list[Business]) -> None:
    factories.diagnosis(three[0], is_finished=True, needs={"grant": 1})
    factories.diagnosis(three[1], is_finished=True, needs={"grant": 1})
    three[0].stage = "growth"
    client.sign_in(cast.adviser)

    assert shown(client, "/caseload?need=grant") == ["Made Ash", "Made Birch"]
    assert shown(client, "/caseload?need=grant&lead=me") == ["Made Ash"]
    assert shown(client, "/caseload?need=grant&lead=me&stage=growth&quiet=60&q=made+ash") == ["Made Ash"]
    assert shown(client, "/caseload?need=grant&lead=me&stage=idea") == []
    assert shown(client, f"/caseload?need=grant&hub={factories.hub().id}") == []


def test_a_need_is_that_of_the_latest_diagnosis(
    client: ConformingClient, cast: Cast, three: list[Business]
) -> None:
    before = factories.diagnosis(three[0], is_finished=True, needs={"grant": 1})
    before.finished_at = now() - timedelta(days=9)
    factories.diagnosis(three[0], is_finished=True, needs={"loan": 1})
    client.sign_in(cast.adviser)

    assert shown(client, "/caseload?need=grant") == []
    assert shown(client, "/caseload?need=loan") == ["Made Ash"]


@pytest.mark.parametrize(
    "asked",
    [
        "sort=evil",
        "lead=evil",
        "need=evil",
        "stage=evil",
        "hub=evil",
        "group=evil",
        "quiet=0",
        "quiet=x",
        "place=evil",
    ],
)
def test_a58_what_the_list_does_not_have_is_refused_in_words(
    client: ConformingClient, cast: Cast, asked: str
) -> None:
    answer = client.sign_in(cast.adviser).get(f"/caseload?{asked}")

    assert answer.status_code == 422


@pytest.mark.parametrize("page", ["0", "-1", "abc", "1000000000"])
def test_a58_a_page_that_nobody_linked_is_the_first(client: ConformingClient, cast: Cast, page: str) -> None:
    assert client.sign_in(cast.adviser).get(f"/caseload?page={page}").status_code == 200


def test_the_list_has_only_what_its_reader_may_see(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    factories.business(name="Elsewhere", hub_id=factories.hub().id)
    factories.business(name="Archived", hub_id=owner.hub_id, _status="archived", archived_reason="Made")
    client.sign_in(cast.adviser)

    assert {"Elsewhere", "Archived"}.isdisjoint(shown(client, "/caseload"))
    assert client.sign_in(cast.founder).get("/caseload").status_code == 403


def test_a_manager_sees_whose_lead_adviser_has_left_on_the_desk_and_in_the_list(
    client: ConformingClient, cast: Cast, three: list[Business]
) -> None:
    made = factories.account()
    factories.grant(
        made,
        Role.ADVISER,
        scope=Scope.HUB,
        scope_id=str(three[0].hub_id),
        valid_to=today() - timedelta(days=1),
    )
    lead(three[2], account_id=made.id)
    client.sign_in(cast.hub_manager)

    assert "business has no lead adviser any more" in client.get("/desk").text
    assert shown(client, "/caseload?lead=left") == ["Made Cedar"]
    assert "Has left" in client.get("/caseload?lead=left").text


def test_what_the_list_says_of_leads_is_what_a_business_says(
    cast: Cast, owner: Business, three: list[Business]
) -> None:
    lead(three[2], account_id=cast.other_adviser.id)
    nobodys = factories.business()
    lead(nobodys, account_id=cast.other_adviser.id)
    left = page_of_rows(Wanted(lead="left"), cast.administrator.actor)

    assert [each.business.id for each in left.rows] == [three[2].id]
    ids = [each.id for each in (*three, nobodys, owner)]
    assert [each.led.is_led for each in rows_of(ids, cast.administrator.actor)] == [
        True,
        True,
        False,
        True,
        False,
    ]


def test_a_view_is_saved_under_a_name_opened_and_deleted(
    client: ConformingClient, cast: Cast, three: list[Business], db: Session
) -> None:
    client.sign_in(cast.adviser)
    asked = "lead=me&quiet=30&sort=-contact"

    answer = client.post(f"/saved-views/save?{asked}", data={"name": "Ring  these"})
    page = client.get(answer.headers["Location"])
    assert "View saved: Ring these." in page.text
    assert '<h1 class="govuk-heading-xl">Ring these</h1>' in page.text
    assert NAMES.findall(page.text) == ["Made Ash"]

    again = client.post(f"/saved-views/save?{asked}", data={"name": "ring THESE"})
    assert again.status_code == 422
    assert "You have a view called" in again.text
    assert client.post(f"/saved-views/save?{asked}", data={"name": ""}).status_code == 422

    found = db.scalars(select(SavedView)).one()
    client.sign_in(cast.hub_manager)
    assert "Ring these" not in client.get("/caseload").text
    assert client.post(f"/saved-views/{found.id}/delete").status_code == 404
    client.sign_in(cast.adviser)
    assert client.post(f"/saved-views/{found.id}/delete").status_code == 303
    assert db.scalar(select(func.count()).select_from(SavedView)) == 0


def test_a_heading_leads_to_its_own_order_and_back() -> None:
    assert [toggled("name", "contact"), toggled("contact", "contact"), toggled("-contact", "contact")] == [
        "contact",
        "-contact",
        "contact",
    ]
    assert [direction(sort, "lead") for sort in ("lead", "-lead", "name")] == [
        "ascending",
        "descending",
        "none",
    ]
    assert Wanted(lead="me").asked() == STANDARD["My businesses"]
