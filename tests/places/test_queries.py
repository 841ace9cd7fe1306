"""The shipped reference files answer for any postcode, inside the region and out of it."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.places import queries
from crm.places.queries import atlas, authorities, districts, districts_by_outcode, locate, locate_outcode
from crm.places.rules import Method


def test_geo01_the_full_postcode_decides_where_its_district_lies_in_two_leps() -> None:
    found = locate("B74 4AA")
    assert (found.method, found.confidence, found.authority, found.leps) == (
        "unit",
        0.99,
        "Birmingham",
        ("GBSLEP",),
    )
    assert locate_outcode("B74").leps == ("GBSLEP", "BCLEP", "Stoke-on-Trent and Staffordshire")


def test_geo02_redditch_lies_in_both_its_leps() -> None:
    found = locate("B97 4AA")
    assert (found.authority, found.leps, found.in_region) == ("Redditch", ("GBSLEP", "Worcestershire"), True)


@pytest.mark.parametrize("outcode", ["DE6", "OX15", "GL56", "WV8", "NN11"])
def test_geo03_a_district_mostly_outside_is_not_taken_on_its_own(outcode: str) -> None:
    found = locate_outcode(outcode)
    assert (found.method, found.authority, found.in_region) == ("outcode", None, None)


def test_geo03_a_unit_in_such_a_district_is_taken() -> None:
    found = locate("NN11 9HL")
    assert (found.method, found.authority, found.in_region, found.leps) == ("unit", "Daventry", False, ())


def test_geo04_a_postcode_newer_than_the_file_is_placed_by_its_sector() -> None:
    found = locate("CV7 7ZZ")
    assert (found.method, found.authority, found.leps) == ("sector", "Solihull", ("GBSLEP", "CWLEP"))
    assert found.confidence == pytest.approx(0.95 * 0.9489, abs=1e-4)
    assert [place.authority for place in found.places or ()] == ["Solihull", "North Warwickshire"]


def test_geo04_a_sector_newer_than_the_file_is_placed_by_its_district() -> None:
    found = locate("B1 9AA")
    assert (found.method, found.authority, found.confidence) == ("outcode", "Birmingham", 0.9)


@pytest.mark.parametrize("typed", ["B99 1AA", "WV98 1AA", "B2 2AA", "CV37 1AA", "LE17 9AA", "B99 9ZZ"])
def test_geo05_po_boxes_never_give_a_place(typed: str) -> None:
    found = locate(typed)
    assert (found.valid, found.method, found.confidence, found.authority, found.leps) == (
        True,
        "none",
        0.0,
        None,
        (),
    )
    assert found.places is None
    assert "trading address" in found.words


@pytest.mark.parametrize(
    ("typed", "authority"), [("CV37 6AA", "Stratford-on-Avon"), ("WS13 6AA", "Lichfield")]
)
def test_geo08_authorities_in_a_lep_but_not_in_the_metropolitan_seven(typed: str, authority: str) -> None:
    found = locate(typed)
    assert found.authority == authority
    assert found.in_region is True
    assert not any(place.is_wmca for place in found.places or ())


def test_geo10_a_postcode_typed_loosely_is_located() -> None:
    assert locate("b1 ihq").postcode == "B1 1HQ"
    assert locate("CV12BB").authority == "Coventry"


def test_geo11_a_district_chosen_from_a_list_is_a_place_but_no_postcode() -> None:
    found = locate_outcode("b13")
    assert (found.postcode, found.valid, found.authority) == (None, False, "Birmingham")


def test_geo13_cv13_is_outside_since_only_po_boxes_of_it_lay_inside() -> None:
    found = locate("CV13 0AA")
    assert (found.valid, found.method, found.in_region) == (True, "none", False)


@pytest.mark.parametrize(
    "typed", ["SW1A 1AA", "WS6 1AA", "WV5 8AA", "WV7 3AA", "WV15 5AA", "WV16 4AA", "M1 1AA"]
)
def test_a_postcode_of_no_listed_district_lies_outside(typed: str) -> None:
    found = locate(typed)
    assert (found.valid, found.method, found.confidence, found.in_region) == (True, "none", 0.0, False)
    assert [place.leps for place in found.places or ()] == [frozenset()]


def test_a_district_that_nobody_knows_is_neither_in_nor_out() -> None:
    assert locate("B51 1AA").in_region is None


@pytest.mark.parametrize("typed", ["B1 1A", "QQ1 1AA", "B１ 1AA", "B74", "", "x" * 10_000, "'\"<B1 1AA>"])
def test_what_is_no_full_postcode_is_answered_and_not_raised(typed: str) -> None:
    found = locate(typed)
    assert (found.valid, found.method, found.postcode, found.in_region) == (False, "none", None, None)
    assert found.words


@given(st.from_regex(r"(B|CV|DY|WS|WV|DE|NN)[0-9]{1,2} [0-9][ABD-HJLNP-UW-Z]{2}", fullmatch=True))
def test_every_answer_holds_together(typed: str) -> None:
    found = locate(typed)
    assert 0 <= found.confidence <= 1
    assert found.places or found.in_region is None
    assert found.authority is None or found.authority == found.possibilities[0].authority
    assert sum(each.share for each in found.possibilities) == pytest.approx(
        1 if found.possibilities else 0, abs=0.001
    )
    assert set(found.leps) == {lep for place in found.places or () for lep in place.leps}


def test_the_reference_files_are_all_there() -> None:
    assert (len(authorities()), len(districts()), len(queries._sectors()), len(queries._units())) == (
        19,
        160,
        604,
        102_457,
    )
    assert sum(authority.overlap_lep is not None for authority in authorities()) == 7
    assert sum(authority.is_wmca for authority in authorities()) == 7


def test_33_districts_straddle_two_leps_and_17_lie_mostly_outside() -> None:
    assert (
        sum(district.straddle.startswith("multi_lep") for district in districts() if district.is_geographic)
        == 32
    )
    assert sum(district.straddle.startswith("multi_lep") for district in districts()) == 33
    assert sum(district.outside_share > 0.5 for district in districts()) == 17


def test_geo05_a_unit_in_an_authority_that_its_sector_does_not_touch_is_a_po_box() -> None:
    for typed in ("B36 0AU", "B47 6LF", "B64 7DQ"):
        found = locate(typed)
        assert (found.valid, found.method, found.places) == (True, "none", None)


def test_every_unit_is_answered() -> None:
    methods = Counter(locate(line.split(b",")[0].decode()).method for line in queries._units()[::7])
    assert set(methods) == {Method.UNIT, Method.NONE}
    assert methods[Method.NONE] < 0.03 * methods.total()


def test_the_lep_of_every_unit_is_that_of_its_authority() -> None:
    leps = {authority.code: authority.lep for authority in authorities()}
    for line in queries._units():
        _postcode, code, lep = line.decode().split(",")
        assert leps.get(code, "OUTSIDE") == lep


def test_the_atlas_holds_every_authority_and_the_world_outside() -> None:
    names = {place.authority for places in atlas().places if len(places) == 1 for place in places}
    assert {authority.name for authority in authorities()} <= names
    assert None in names
    assert districts_by_outcode()["B74"].places in atlas().places
