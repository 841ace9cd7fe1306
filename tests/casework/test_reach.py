"""Reach: businesses and conversations are counted apart, and each number opens its rows."""

from __future__ import annotations

import html
from datetime import date

import pytest
from sqlalchemy import select, true
from sqlalchemy.orm import Session

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.casework import queries
from crm.casework.rules import reach_of
from crm.figures.queries import figure_on
from crm.kernel.clock import today
from crm.notices.models import Letter
from tests import factories
from tests.casework.test_counting import complete
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.client import ConformingClient


@pytest.fixture
def owner(cast: Cast) -> Business:
    found = business(BUSINESS)
    assert found is not None
    return found


def test_a25_businesses_and_conversations_are_counted_apart(cast: Cast, owner: Business) -> None:
    for _ in range(3):
        complete(owner, None)
    factories.conversation(owner, quarters=90)
    complete(owner, 96, happened_on=date(2026, 10, 31))
    quarters, conversations = queries.spoken_with(date(2026, 11, 1), today(), visible=true())
    reach = reach_of(quarters, conversations, medium_hours=1, high_hours=12)
    assert (reach.businesses, reach.conversations) == (1, 3)
    assert (reach.light, reach.medium, reach.high) == (1, 0, 0)


def test_a_letter_that_names_a_colleague_below_is_answered_to_them(
    client: ConformingClient, cast: Cast, owner: Business, db: Session
) -> None:
    factories.hours(owner, asker_id=cast.adviser.id)
    factories.person(owner, email="robin@made.example")
    told = {"email": "robin@made.example"}
    answer = client.sign_in(cast.adviser).post(f"/businesses/{owner.id}/hours/ask", data=told)
    assert answer.status_code == 303, answer.text
    (letter,) = db.scalars(select(Letter).where(Letter.kind == "hours_asked"))
    assert letter.reply_to == cast.adviser.email


def test_a25_the_bands_are_dated_figures(reference: None, db: Session) -> None:
    assert [int(figure_on(f"support.{each}_hours", on=today())) for each in ("medium", "high")] == [1, 12]


def test_a25_k14_a_manager_sees_the_reach_of_what_they_may_see_and_each_number_opens_its_rows(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    other = business(OTHER_BUSINESS)
    assert other is not None
    complete(owner, 48)
    complete(other, 4)
    assert "1 (from 12 hours)" in client.sign_in(cast.hub_manager).get("/reach").text
    everything = client.sign_in(cast.administrator).get("/reach").text
    assert "1 (from 1 hour)" in everything
    assert client.sign_in(cast.adviser).get("/reach").status_code == 403
    client.sign_in(cast.administrator)
    for where, count, names in (
        ("/reach/businesses?year=2026", "2 businesses", {owner.name, other.name}),
        ("/reach/businesses?year=2026&help=high", "1 business", {owner.name}),
        ("/reach/businesses?year=2026&help=medium", "1 business", {other.name}),
        ("/reach/conversations?year=2026", "2 conversations", {owner.name, other.name}),
    ):
        assert html.escape(where) in everything
        page = client.get(where).text
        assert count in page, where
        assert {each for each in (owner.name, other.name) if each in page} == names
    assert "No businesses with light help" in client.get("/reach/businesses?year=2026&help=light").text
    assert client.get("/reach/businesses?help=evil").status_code == 422
    assert other.name not in client.sign_in(cast.hub_manager).get("/reach/businesses?year=2026").text
    client.sign_in(cast.administrator)
    assert "0 (from 12 hours)" in client.get("/reach?year=2020").text
    assert client.get("/reach?year=evil").status_code == 422
