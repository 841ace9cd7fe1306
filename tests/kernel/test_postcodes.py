"""Postcodes: typed loosely they are read, and what is no full postcode is refused politely."""

from __future__ import annotations

import csv
import gzip
import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.errors import BadInput
from crm.kernel.postcodes import Postcode, parse_outcode
from crm.places.queries import REFERENCE

PUBLISHED = re.compile(
    r"^(GIR ?0AA|[A-PR-UWYZ]([0-9]{1,2}|[A-HK-Y][0-9]([0-9ABEHMNPRV-Y])?|[0-9][A-HJKPS-UW]) ?[0-9][ABD-HJLNP-UW-Z]{2})$"
)
AREAS = re.compile(r"^(?:GIR|(?:[BEGLMNSW]|AB|BF|BX|CV|HX|IM|JE|SW|WV|ZE)(?=[0-9]))")
SHAPED = st.from_regex(PUBLISHED, fullmatch=True).filter(AREAS.match)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("b1 ihq", "B1 1HQ"),
        ("CV12BB", "CV1 2BB"),
        ("b11aa", "B1 1AA"),
        (" b 1  1 a a ", "B1 1AA"),
        ("BI IAA", "B1 1AA"),
        ("B1O 1AA", "B10 1AA"),
        ("WVIO 9AA", "WV10 9AA"),
        ("S014 OAA", "SO14 0AA"),
        ("0X1 1AA", "OX1 1AA"),
        ("SW1A 1AA", "SW1A 1AA"),
        ("gir0aa", "GIR 0AA"),
        ("B3 3LP.", "B3 3LP"),
        ("“b3 3lp”", "B3 3LP"),
        ("‘B3 3LP’", "B3 3LP"),
        ("dy 12aa", "DY1 2AA"),
        ("DY1\u00a02AA", "DY1 2AA"),
    ],
)
def test_geo10_postcodes_typed_loosely_are_read(typed: str, said: str) -> None:
    assert str(Postcode.parse(typed)) == said


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("B1 1A", "full UK postcode"),
        ("QQ1 1AA", "full UK postcode"),
        ("B１ 1AA", "ordinary letters and figures"),
        ("Bı 1AA", "ordinary letters and figures"),
        ("B74", "B74 is a postcode district. Give the full postcode"),
        ("", "Enter a postcode"),
        (" \t ", "Enter a postcode"),
        ("B" * 10_000, "too long"),
        ("B1' 1AA", "only letters and figures"),
        ("<B1 1AA>", "only letters and figures"),
        ("BOO 1AA'--", "only letters and figures"),
        ("B00 IAAX", "full UK postcode"),
        ("DY1 2", "DY1 2 is only the beginning"),
        ("dy 1 2", "DY1 2 is only the beginning"),
        ("B11 AA", "full UK postcode"),
        ("1234 AB", "full UK postcode"),
        ("1234AB", "full UK postcode"),
        ("D02 X285", "full UK postcode"),
        ("AA1 1AA", "No UK postcode begins with AA"),
        ("F1 1AA", "No UK postcode begins with F"),
    ],
)
def test_what_is_no_full_postcode_is_refused_in_plain_words(typed: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        Postcode.parse(typed)


def test_the_parts_of_a_postcode_are_told_apart() -> None:
    postcode = Postcode.parse("cv370aa")
    assert (postcode.area, postcode.outcode, postcode.sector, postcode.compact) == (
        "CV",
        "CV37",
        "CV37 0",
        "CV370AA",
    )


@given(SHAPED)
def test_every_postcode_of_the_published_shape_is_read_as_it_stands(shaped: str) -> None:
    postcode = Postcode.parse(shaped.lower())
    assert postcode.compact == shaped.replace(" ", "")
    assert Postcode.parse(str(postcode)) == postcode


@given(st.text(max_size=20))
def test_any_text_is_read_to_the_published_shape_or_refused(text: str) -> None:
    with suppress(BadInput):
        assert PUBLISHED.match(str(Postcode.parse(text)))


@given(st.text(alphabet="BO0I1CV 9AXQ", max_size=9))
def test_mistaken_letters_and_figures_never_break_the_shape(text: str) -> None:
    with suppress(BadInput):
        assert PUBLISHED.match(str(Postcode.parse(text)))


def test_every_unit_of_the_reference_file_is_read_as_it_stands() -> None:
    with gzip.open(REFERENCE / "postcode_units_2014.csv.gz", "rt", encoding="ascii") as stream:
        units = [row["postcode"] for row in csv.DictReader(stream)]
    assert [Postcode.parse(unit).compact for unit in units[::25]] == units[::25]


@pytest.mark.parametrize(("typed", "outcode"), [("b74", "B74"), ("CVI", "CV1"), (" b 13 ", "B13")])
def test_geo11_a_district_alone_is_read_where_it_is_asked_for(typed: str, outcode: str) -> None:
    assert parse_outcode(typed) == outcode


def test_a_full_postcode_is_no_district() -> None:
    with pytest.raises(BadInput, match="not a postcode district"):
        parse_outcode("B74 4AA")


@pytest.mark.parametrize("typed", ["DY1 2", "dy1 2", "DY1\u00a02", "DY 1 2", "“DY1 2”", "B 1 1"])
def test_a_sector_is_not_the_district_that_its_figures_would_make(typed: str) -> None:
    with pytest.raises(BadInput, match="is more than a district"):
        parse_outcode(typed)


@pytest.mark.parametrize("typed", ["1234 AB", "1234AB", "12", "0123"])
def test_a_number_is_no_district(typed: str) -> None:
    with pytest.raises(BadInput, match="not a postcode district"):
        parse_outcode(typed)
