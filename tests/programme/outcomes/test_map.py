"""The map of awards knows every local authority of the region."""

from __future__ import annotations

import re
from html import unescape

from crm.places.queries import authorities
from crm.programme.outcomes.rules.places import ELSEWHERE, GRID, HEIGHT, SIDE, WIDTH
from tests import factories, outcomes
from tests.cast import Cast
from tests.client import ConformingClient


def test_the_map_of_awards_has_a_square_and_a_row_for_each_authority_of_the_reference_data(
    client: ConformingClient, cast: Cast
) -> None:
    """And the award of a business in East Staffordshire is in its row, not elsewhere; its count and its money open it."""
    outcomes.awarded(factories.business(name="Made Northern Loom", authority="East Staffordshire"))
    known = {each.name for each in authorities()}

    page = unescape(client.sign_in(cast.programme_manager).get("/outcomes/map").text)
    named = set(re.findall(r'<th scope="row"[^>]*>\s*([^<]+?)\s*</th>', page))
    assert named == known == set(GRID)
    assert page.count('<rect class="app-tiles__tile') == len(known)
    assert ELSEWHERE not in page
    row = page.split("East Staffordshire</th>")[1].split("</tr>")[0]
    assert (row.count("?place=East+Staffordshire"), "£5,000.00" in row) == (2, True)
    assert "Made Northern Loom" in client.get("/outcomes/map/awards?place=East+Staffordshire").text
    assert client.get("/outcomes/map/awards?place=Atlantis").status_code == 422, "no other rows than it says"


def test_no_two_squares_of_the_map_share_a_place_and_each_is_inside_it() -> None:
    places = {(column, row) for column, row, _ in GRID.values()}
    assert len(places) == len(GRID)
    assert all(column * SIDE < WIDTH and row * SIDE < HEIGHT for column, row in places)


def test_an_award_outside_the_region_is_told_as_elsewhere(client: ConformingClient, cast: Cast) -> None:
    outcomes.awarded(factories.business(name="Made Border Kiln", authority="Shropshire"))
    page = client.sign_in(cast.programme_manager).get("/outcomes/map").text
    assert "1<span" in " ".join(page.split(f"{ELSEWHERE}</th>")[1].split("</tr>")[0].split())
