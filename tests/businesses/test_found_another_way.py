"""A business that is here already is named and linked, whatever a caller says of it; and its story is whole."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.kernel.clock import today
from tests import factories
from tests.casework.test_counting import complete
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.client import ConformingClient


@pytest.fixture
def own(cast: Cast) -> Business:
    found = business(BUSINESS)
    assert found is not None
    return found


@pytest.mark.parametrize("typed", ["Carl Caller", "carl@made.example", "0121 496 0777", "B9 4AA"])
def test_k33_the_list_finds_what_a_caller_says_as_the_search_at_the_top_does(
    typed: str, client: ConformingClient, cast: Cast, own: Business
) -> None:
    own.trading_postcode, own.trading_outcode = "B9 4AA", "B9"
    factories.person(own, name="Carl Caller", email="carl@made.example", phone="0121 496 0777")
    page = client.sign_in(cast.adviser).get("/businesses", query_string={"q": typed}).text

    assert "found by other details" in page
    assert f'href="/businesses/{BUSINESS}"' in page
    assert "If it is not here yet" not in page


def test_k33_a_company_number_that_is_here_names_and_links_its_business(
    client: ConformingClient, cast: Cast, own: Business
) -> None:
    own.company_number = "90000999"
    far = business(OTHER_BUSINESS)
    assert far is not None
    far.company_number = "90000998"
    client.sign_in(cast.adviser)
    answers = {
        number: client.post("/businesses/new", data={"name": "Any Other Name", "company_number": number})
        for number in ("90000999", "90000998")
    }

    assert {each.status_code for each in answers.values()} == {422}
    assert f'href="/businesses/{BUSINESS}"' in answers["90000999"].text
    assert f'href="/businesses/{OTHER_BUSINESS}"' not in answers["90000998"].text
    assert "ask them to share it with you" in answers["90000998"].text


def test_k6_the_story_of_a_business_goes_back_to_its_first_day(
    client: ConformingClient, cast: Cast, own: Business
) -> None:
    for day in range(70):
        complete(own, 4, subject=f"Talk {day:02}.", happened_on=today() - timedelta(days=day))
    client.sign_in(cast.adviser)
    address = f"/businesses/{BUSINESS}/activity"
    pages = [client.get(f"{address}?page={number}").text for number in (1, 2, 3)]

    stories = [page.partition('id="what-happened"')[2].partition("Every change")[0] for page in pages]
    told = [[f"Talk {day:02}." in story for story in stories].count(True) for day in range(70)]
    assert told == [1] * 70
    assert ['rel="next"' in page for page in pages] == [True, True, False]
    assert ['rel="prev"' in page for page in pages] == [False, True, True]
