"""One set of names, and what is found among them in which order: the same on both engines."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from crm.businesses.models import Business, BusinessName, BusinessWord
from crm.businesses.queries.listing import FOUND, Search, businesses, every
from crm.businesses.queries.listing import found as found_by
from crm.businesses.queries.matching import Signs, candidates_for
from crm.businesses.service import keeping
from crm.businesses.workflow import NameKind
from crm.kernel.errors import BadInput
from crm.kernel.permissions import SYSTEM
from tests import factories
from tests.cast import Cast
from tests.client import ConformingClient

NAMES = (
    *(
        "Harmony Records",
        "Harmonic Glass",
        "Philharmonia Films",
        "Harbour Music",
        "Ox Pictures",
        "Oxbow Ceramics",
    ),
    *("Fox & Ox Theatre", "The Little Ox", "Café Création", "O’Neill Jewellery", "R&D Games", "! LTD"),
    *(
        "Copper Kiln Ceramics",
        "Copper Kettle Design",
        "Cooper Kiln Works",
        "Studio One",
        "Studio Two",
        "A1 Design",
    ),
)


@pytest.fixture
def named(db: Session) -> None:
    for number, name in enumerate(NAMES):
        fields = {"company_number": "01234567", "trading_outcode": "B1"} if name == "Studio One" else {}
        fields |= {"trading_outcode": "B10"} if name == "Studio Two" else {}
        further = ("Wandering Sound",) if number == 0 else ()
        factories.business(*further, name=name, indexed=True, **fields)


def found(text: str) -> list[str]:
    return [each.name for each in businesses(Search(text=text), SYSTEM).rows]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Harmony", ["Harmony Records", "Harmonic Glass"]),
        ("Harmoni", ["Harmonic Glass", "Philharmonia Films", "Harmony Records"]),
        ("harm", ["Harmonic Glass", "Harmony Records", "Philharmonia Films"]),
        ("Ox", ["Fox & Ox Theatre", "The Little Ox", "Ox Pictures", "Oxbow Ceramics"]),
        ("ox pictures", ["Ox Pictures"]),
        ("wandering", ["Harmony Records"]),
        ("cafe creation", ["Café Création"]),
        ("oneill", ["O’Neill Jewellery"]),
        ("o'neill", ["O’Neill Jewellery"]),
        ("copper kiln", ["Copper Kiln Ceramics", "Cooper Kiln Works"]),
        ("coper kiln", ["Cooper Kiln Works", "Copper Kiln Ceramics"]),
        ("1234567", ["Studio One"]),
        ("012345", ["Studio One"]),
        ("B1", ["Studio One"]),
        ("B10", ["Studio Two"]),
        ("a1", ["A1 Design"]),
        ("studio", ["Studio One", "Studio Two"]),
        ("studio two", ["Studio Two"]),
        ("zzz", []),
        ("studio zzz", []),
        ("%", list(NAMES)),
    ],
)
def test_what_is_found_and_in_which_order(named: None, text: str, names: list[str]) -> None:
    assert sorted(found(text)) == sorted(names)
    if text != "%":
        assert found(text) == names
    assert found_by(Search(text=text), SYSTEM).count == len(names)


def test_a58_pages_of_a_search_go_on_where_they_ended(db: Session) -> None:
    for number in range(60):
        factories.business(name=f"Studio {'Ox' if number % 2 else 'Oxen'} {number:02}", indexed=True)
    seen, cursor = [], None
    while True:
        page = businesses(Search(text="studio ox"), SYSTEM, cursor=cursor)
        seen += [each.name for each in page.rows]
        cursor = page.after
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 60
    assert all(" Ox " in name for name in seen[:30])


def test_a58_no_more_than_so_many_are_shown_and_the_extract_has_them_all(db: Session) -> None:
    many = FOUND + 5
    for number in range(many):
        factories.business(name=f"Studio {number:03} studios", indexed=True)
    shown = found_by(Search(text="studio"), SYSTEM)
    assert (shown.count, shown.most) == (FOUND + 1, FOUND)
    assert [each.name for each in shown.page.rows[:2]] == ["Studio 000 studios", "Studio 001 studios"]
    assert len({each.id for each in every(Search(text="studio"), SYSTEM)}) == many


def test_whoever_has_two_words_for_a_term_is_found_once_by_the_better(db: Session) -> None:
    factories.business(name="Studios Studio Studioso", indexed=True)
    factories.business(name="Studoi", indexed=True)
    assert found("studio") == ["Studios Studio Studioso", "Studoi"]


@pytest.mark.parametrize(
    ("place", "outcodes"),
    [
        ("B1", ["B1"]),
        ("b", ["B1", "B10", "B17"]),
        ("BA", ["BA1"]),
        ("WV1", ["WV1"]),
        ("B1 1AA", ["B1"]),
        ("B1 1", ["B1"]),
        ("B1 2", []),
    ],
)
def test_a58_a_place_is_just_that_place(db: Session, place: str, outcodes: list[str]) -> None:
    for outcode in ("B1", "B10", "B17", "BA1", "WV1", "WV10"):
        factories.business(trading_outcode=outcode, trading_postcode=f"{outcode} 1AA")
    rows = businesses(Search(place=place), SYSTEM).rows
    assert sorted(each.trading_outcode or "" for each in rows) == outcodes


@pytest.mark.parametrize("place", ["nowhere", "B1 1A", "'; --", "%"])
def test_a58_what_is_no_place_is_said_at_the_field(client: ConformingClient, cast: Cast, place: str) -> None:
    with pytest.raises(BadInput):
        businesses(Search(place=place), SYSTEM)
    answer = client.sign_in(cast.administrator).get(f"/businesses?{urlencode({'place': place})}")
    assert answer.status_code == 422
    assert "Enter a postcode or the beginning of one" in answer.text


@pytest.mark.parametrize("query", ["sort=evil", "stage=evil", "group=evil", "hub=evil"])
def test_a58_a_filter_that_is_none_of_ours_is_refused(
    client: ConformingClient, cast: Cast, query: str
) -> None:
    answer = client.sign_in(cast.administrator).get(f"/businesses?{query}")
    assert answer.status_code == 422
    assert "cannot be sorted or filtered" in answer.text


@pytest.mark.parametrize("page", ["0", "-1", "abc", "1000000000", "é", "eyJ"])
def test_a58_a_page_that_nobody_minted_is_the_first(client: ConformingClient, cast: Cast, page: str) -> None:
    answer = client.sign_in(cast.administrator).get(f"/businesses?{urlencode({'page': page})}")
    assert answer.status_code == 200
    assert "Cast Pictures" in answer.text


def test_a58_filters_combine_and_sectors_are_alternatives(db: Session) -> None:
    crafts = factories.business(dcms_groups=("crafts",), stage="growth")
    both = factories.business(dcms_groups=("publishing", "crafts"), stage="early")
    other = factories.business(dcms_groups=("publishing",), stage="growth")

    def rows(**asked: object) -> set[str]:
        return {each.name for each in businesses(Search(**asked), SYSTEM).rows}  # type: ignore[arg-type]

    assert rows(groups=("crafts",)) == {crafts.name, both.name}
    assert rows(groups=("crafts", "publishing")) == {crafts.name, both.name, other.name}
    assert rows(groups=("crafts", "publishing"), stage="growth") == {crafts.name, other.name}


def test_a34_archived_ones_are_shown_only_where_they_are_asked_for(db: Session) -> None:
    gone = factories.business(_status="archived", archived_reason="closed")
    assert gone.name not in {each.name for each in businesses(Search(), SYSTEM).rows}
    assert gone.name in {each.name for each in businesses(Search(with_archived=True), SYSTEM).rows}


STANDING = (
    *(
        "Amber Yard Ceramics Ltd",
        "Marlow & Pike",
        "Łódź Film House",
        "Søren Studio",
        "Kiln™ Works",
        "O‘Hara Prints",
    ),
    *("Ceredigion Crochenwaith Cyfyngedig", "The Quiet Loom CIC", "Bold + Brave", "Straße Sounds"),
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Amber Yard Ceramics Limited", "Amber Yard Ceramics Ltd"),
        ("Amber Yard Ceramics P.L.C.", "Amber Yard Ceramics Ltd"),
        ("marlow and pike", "Marlow & Pike"),
        ("Marlow + Pike LLP", "Marlow & Pike"),
        ("Lodz", "Łódź Film House"),
        ("ŁÓDŹ", "Łódź Film House"),
        ("Soren", "Søren Studio"),
        ("kiln works", "Kiln™ Works"),
        ("o'hara", "O‘Hara Prints"),
        ("oʼhara", "O‘Hara Prints"),
        ("Crochenwaith Ltd", "Ceredigion Crochenwaith Cyfyngedig"),
        ("Quiet Loom Community Interest Company", "The Quiet Loom CIC"),
        ("bold & brave", "Bold + Brave"),
        ("strasse", "Straße Sounds"),
    ],
)
def test_k19_a_name_is_found_however_it_is_written(
    client: ConformingClient, cast: Cast, db: Session, text: str, name: str
) -> None:
    for each in STANDING:
        factories.business(name=each, indexed=True, trading_outcode="B1")
    page = client.sign_in(cast.administrator).get(f"/businesses?{urlencode({'q': text})}").text
    assert f">{name.replace('&', '&amp;')}<" in page
    assert "1 business" in page


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Amber Yard Ceramics Ltd", "The Amber Yard Ceramics Limited"),
        ("Marlow & Pike", "marlow and pike cyf"),
        ("Łódź Films", "Lodz Films"),
    ],
)
def test_k19_a_duplicate_is_noticed_however_its_name_is_written_and_wherever_it_is(
    db: Session, name: str, typed: str
) -> None:
    made = [factories.business(name=name, trading_outcode=each) for each in ("B1", "CV1", "B9")]
    nearest = candidates_for(Signs(typed, outcode="B9"))[0]
    assert nearest.trading_outcode == "B9"
    assert {each.id for each in candidates_for(Signs(typed, outcode="WR1"))} == {each.id for each in made}


def test_adding_a_business_shows_those_of_its_name_in_any_district_with_the_district(
    client: ConformingClient, cast: Cast
) -> None:
    factories.business(name="Wandering Otter Ltd", trading_outcode="CV1")
    told = {"name": "The Wandering Otter Limited", "trading_place": "WR1"}
    page = client.sign_in(cast.adviser).post("/businesses/new", data=told)
    assert page.status_code == 422
    assert "Is it one of these?" in page.text
    assert "Wandering Otter Ltd" in page.text
    assert "CV1" in page.text


def test_the_command_rebuilds_what_businesses_are_found_by(app: Flask, db: Session) -> None:
    made = factories.business("Wandering Łódź", name="Søren Studio Ltd", indexed=True)
    db.execute(delete(BusinessWord))
    db.execute(update(Business.__table__).values(match_name="old", sort_name="old"))
    db.commit()
    done = app.test_cli_runner().invoke(args=["businesses", "rebuild-search"])
    assert (done.exit_code, done.output) == (0, "Rebuilt the search words of 1 business.\n")
    db.expire_all()
    assert (made.match_name, made.sort_name, made.version) == ("soren studio", "soren studio ltd", 1)
    assert found("soren") == found("lodz") == ["Søren Studio Ltd"]


def test_a_former_name_still_finds_a_business_after_an_edit(db: Session, cast: Cast) -> None:
    made = factories.business(name="New Name", indexed=True, trading_outcode="B1")
    db.add(BusinessName(business_id=made.id, name="Wandering Sound", kind=NameKind.PREVIOUS))
    db.flush()
    keeping.edit(made, keeping.BusinessDetails("Newer Name", trading_outcode="B1"), by=SYSTEM)
    assert found("wandering") == ["Newer Name"]
