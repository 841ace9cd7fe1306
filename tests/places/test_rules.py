"""Where postcodes lie: the method that is taken, how sure it makes us, and what is left to ask."""

from __future__ import annotations

import pytest

from crm.kernel.postcodes import Postcode
from crm.places import rules
from crm.places.rules import Authority, Method, Patch

REDDITCH = Authority("E07000236", "Redditch", "GBSLEP", "Worcestershire", False, 52.3, -1.9)
AUTHORITIES = {"Redditch": REDDITCH}
INSIDE = rules.possibility("Redditch", 0.4, authorities=AUTHORITIES)
OUTSIDE = rules.possibility("Stratford", 0.6, authorities=AUTHORITIES)
POSTCODE = Postcode.parse("B97 4ZZ")


def test_a_patch_that_straddles_the_edge_of_the_region_is_neither_in_nor_out() -> None:
    patch = Patch("B97 4", "B97", True, (OUTSIDE, INSIDE))
    assert (patch.in_region, patch.outside_share, patch.leps) == (None, 0.6, ("GBSLEP", "Worcestershire"))


def test_geo04_a_sector_answers_with_its_largest_share_and_says_that_it_is_estimated() -> None:
    found = rules.from_sector(POSTCODE, Patch("B97 4", "B97", True, (OUTSIDE, INSIDE)))
    assert (found.method, found.confidence, found.authority) == (Method.SECTOR, 0.57, "Stratford")
    assert "estimated" in found.words
    assert "Redditch instead" in found.words


def test_geo03_a_district_mostly_outside_names_no_authority_and_asks_for_more() -> None:
    found = rules.from_outcode(POSTCODE, Patch("B97", "B97", True, (OUTSIDE, INSIDE)))
    assert (found.method, found.authority, found.in_region, found.confidence) == (
        Method.OUTCODE,
        None,
        None,
        0.36,
    )
    assert "Give the full postcode" in found.words
    assert found.places is not None
    assert len(found.places) == 2


@pytest.mark.parametrize(
    ("outcode", "area", "in_region"),
    [
        ("SW1A", "SW", False),
        ("WS6", "WS", False),
        ("CV13", "CV", False),
        ("B51", "B", None),
        ("BX1", "BX", None),
    ],
)
def test_a_district_that_is_not_listed_is_outside_unless_its_area_is_the_regions(
    outcode: str, area: str, in_region: bool | None
) -> None:
    found = rules.unlisted(None, outcode=outcode, area=area)
    assert (found.method, found.confidence, found.in_region, found.leps) == (Method.NONE, 0.0, in_region, ())
    assert (found.places is None) is (in_region is None)
