"""What the desk counts is what the page that it opens shows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from justhtml import JustHTML
from sqlalchemy.orm import Session

from crm.businesses.models import Business
from crm.casework.workflow import ConversationStatus
from crm.directory.workflow import ServiceStatus
from tests import factories
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.client import ConformingClient


@pytest.fixture
def owner(cast: Cast, db: Session) -> Business:
    found = db.get(Business, BUSINESS)
    assert found is not None
    return found


@pytest.fixture
def other(cast: Cast, db: Session) -> Business:
    found = db.get(Business, OTHER_BUSINESS)
    assert found is not None
    return found


def counted(client: ConformingClient, words: str) -> tuple[int, str]:
    """What the desk counts under these words, and the address that it opens."""
    desk: Any = JustHTML(client.get("/desk").text, sanitize=False).root
    todo = next(each for each in desk.query(".app-todo") if words in each.to_text())
    return int(todo.query_one(".app-todo__count").to_text()), todo.query_one("a").attrs["href"]


def rows(client: ConformingClient, address: str) -> list[str]:
    page: Any = JustHTML(client.get(address).text, sanitize=False).root
    return [" ".join(each.to_text().split()) for each in page.query("main .app-rows h2 a")]


def test_k14_the_access_requests_are_those_that_this_person_may_decide(
    client: ConformingClient, cast: Cast, owner: Business, other: Business
) -> None:
    made = [factories.claim(owner), factories.claim(owner)]
    factories.claim(other)
    client.sign_in(cast.adviser)

    count, address = counted(client, "access requests to decide")

    assert address == "/access-requests"
    assert sorted(rows(client, address)) == sorted(f"{each.name}, {owner.name}" for each in made)
    assert count == len(made)


def test_k14_the_drafts_are_ones_own(client: ConformingClient, cast: Cast, owner: Business) -> None:
    mine = {"recorded_by_id": cast.adviser.id}
    made = [factories.conversation(owner, **mine) for _ in range(2)]
    factories.conversation(owner, recorded_by_id=cast.hub_manager.id)
    factories.conversation(owner, _status=ConversationStatus.DISCARDED, **mine)
    client.sign_in(cast.adviser)

    count, address = counted(client, "draft conversations to complete")

    assert address == "/conversations/drafts"
    assert sorted(rows(client, address)) == sorted(each.subject for each in made)
    assert count == len(made)


@pytest.mark.parametrize("address", ["/access-requests", "/conversations/drafts", "/figures?show=waiting"])
def test_k14_an_empty_list_says_so(client: ConformingClient, cast: Cast, address: str) -> None:
    client.sign_in(cast.administrator)

    assert rows(client, address) == []
    assert "waiting for you" in client.get(address).text or "no draft" in client.get(address).text


def test_the_front_page_counts_as_many_services_as_the_directory(client: ConformingClient) -> None:
    for status in (ServiceStatus.OPEN, ServiceStatus.CHECK, ServiceStatus.ILLUSTRATIVE):
        factories.service(status, name=f"Made {status}")
    listed = re.search(r"(\d+) services, by name", client.get("/directory").text)
    front = re.search(r'app-stat__value">(\d+)</span>\s*<span[^>]*>services', client.get("/").text)
    assert listed
    assert front
    assert front[1] == listed[1]
