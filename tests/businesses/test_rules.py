"""Names, sectors and search, as rules: the same whatever the engine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.businesses.rules.naming import LONGEST, match_name, sort_name, website_domain
from crm.businesses.rules.searching import NEAR, Tier, grams_of, similarity, terms_of, tier_of, words_of
from crm.businesses.rules.sectors import groups_of, read_codes
from crm.kernel.errors import BadInput

TEXTS = st.text(max_size=80)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Ltd", "ACME LIMITED"),
        ("The Acme Company", "Acme Company"),
        ("O’Neill & Daughters", "ONeill and Daughters Ltd."),
        ("Café Création CIC", "cafe creation"),
        ("Amber Yard Ceramics Ltd", "Amber Yard Ceramics Cyfyngedig"),
        ("Amber Yard Ceramics Cyf.", "The Amber Yard Ceramics P.L.C."),
        ("Amber Yard Community Interest Company", "Amber Yard Cwmni Buddiannau Cymunedol"),
        ("Amber Yard LLP", "Amber Yard Limited Liability Partnership"),
        ("Amber Yard CIC Ltd", "Amber Yard"),
        ("Foo Company Limited", "Foo Co. Ltd"),
        ("Marlow & Pike", "marlow and pike"),
        ("Marlow + Pike", "Marlow&Pike"),
        ("Łódź Films", "Lodz films"),
        ("Søren Ægir", "Soren Aegir"),
        ("Straße Đorđe Þór Œuvre ıß", "Strasse Dorde Thor Oeuvre iss"),
        ("O‘Neill", "Oʼneill"),
        ("O`Neill", "O′Neill"),
        ("Kiln™", "Kiln® Ltd"),
        ("Ki\u00adln\u200b Works", "Kiln Works"),
        ("Co‑op – Studio", "Co-op Studio"),
        ("Ｋｉｌｎ", "kiln"),
    ],
)
def test_names_that_are_taken_to_be_one(one: str, other: str) -> None:
    assert match_name(one) == match_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Acme Ltd", "Acme Two Ltd"), ("Limited Editions", "Editions"), ("Pike", "Marlow & Pike")],
)
def test_names_that_are_not(one: str, other: str) -> None:
    assert match_name(one) != match_name(other)


@pytest.mark.parametrize(
    ("name", "sorted_as"),
    [
        ("! LTD", "ltd"),
        ("“A” CERAMICS", "a” ceramics"),
        ("The Ox", "ox"),
        ("Thea Arts", "thea arts"),
        ("!!!", "!!!"),
    ],
)
def test_marks_and_articles_before_a_name_do_not_count_in_a_list(name: str, sorted_as: str) -> None:
    assert sort_name(name) == sorted_as


@given(TEXTS)
def test_whatever_a_name_is_it_is_sorted_and_compared_by_something_that_fits(name: str) -> None:
    assert len(sort_name(name)) <= LONGEST
    assert len(match_name(name)) <= LONGEST
    assert match_name(name) == match_name(name.upper()) or not name.isascii()


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://www.ox.example/shop?x=1", "ox.example"),
        ("ox.example", "ox.example"),
        ("http://OX.example:8080", "ox.example"),
        ("not a site", None),
        ("https://[::1", None),
        ("", None),
        (None, None),
    ],
)
def test_the_domain_of_a_website(address: str | None, domain: str | None) -> None:
    assert website_domain(address) == domain


def test_codes_are_read_as_people_type_them() -> None:
    assert read_codes("59.11, 59112; 62.01/2\n90030 - Artistic creation") == (
        "5911",
        "59112",
        "62012",
        "90030",
    )
    for bad in ("film", "5911x", "1,2,3", "123", "५९११२"):
        with pytest.raises(BadInput):
            read_codes(bad)
    with pytest.raises(BadInput, match="four"):
        read_codes("59111,59112,59113,62011,62012")


def test_four_figures_are_the_classification_of_2003_and_map_to_nothing() -> None:
    """7420 at Companies House is no photographer, and 9001 is sewage."""
    assert groups_of(["7420", "9001", "9003"]) == ()
    assert groups_of(["74201", "90010", "59112", "70229"]) == (
        "film_tv_radio_photo",
        "music_performing_visual",
    )


@pytest.mark.parametrize(
    ("term", "word", "tier"),
    [
        ("harmony", "harmony", Tier.EXACT),
        ("harm", "harmony", Tier.BEGINS),
        ("ox", "oxford", Tier.BEGINS),
        ("armon", "harmony", Tier.WITHIN),
        ("harmoni", "harmony", Tier.NEARLY),
        ("ox", "fox", None),
        ("b1", "b10", None),
        ("b1", "b1", Tier.EXACT),
        ("012345", "01234567", Tier.BEGINS),
        ("01234", "01234567", None),
        ("zebra", "harmony", None),
    ],
)
def test_how_a_word_meets_a_term(term: str, word: str, tier: Tier | None) -> None:
    assert tier_of(term, word) is tier


def test_a_search_is_cut_into_terms() -> None:
    assert terms_of("The Café, O’Neill  R&D") == ("cafe", "oneill", "r", "d")
    assert terms_of("Amber Yard Limited") == terms_of("amber & yard cyf") == ("amber", "yard")
    assert (terms_of("the"), terms_of("Limited"), terms_of("P.L.C.")) == (("the",), ("ltd",), ("plc",))
    assert terms_of("1234567") == ("01234567",)
    assert terms_of("a b c d e f g h") == ("a", "b", "c", "d", "e", "f")
    assert terms_of("  ,. ") == ()


@given(
    st.text(alphabet="abcdefgh", min_size=1, max_size=12),
    st.text(alphabet="abcdefgh", min_size=1, max_size=12),
)
def test_nearness_is_the_same_from_both_sides_and_a_word_is_its_own(one: str, other: str) -> None:
    assert similarity(one, other) == similarity(other, one)
    assert similarity(one, one) == 1.0
    assert (tier_of(one, other) is Tier.NEARLY) <= (similarity(one, other) >= NEAR)
    assert grams_of(one)


@given(st.lists(TEXTS, max_size=5))
def test_the_words_of_a_business_fit_their_column(names: list[str]) -> None:
    found = words_of(names, number="01234567", outcode="B1")
    assert all(0 < len(word) <= 60 for word in found)
    assert len(found) <= 60
