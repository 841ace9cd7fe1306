"""Company numbers: read as people type them, and telling a legal form only where they certainly do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.companies import IMPLIED_FORMS, CompanyNumber
from crm.kernel.eligibility import LEGAL_FORMS
from crm.kernel.errors import BadInput


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("SC421617", "SC421617"),
        (" oc301206", "OC301206"),
        ("sc 421617", "SC421617"),
        ("8989898", "08989898"),
        ("898989", "00898989"),
        ("08989898", "08989898"),
        ("r0000417", "R0000417"),
        ("NI036642", "NI036642"),
        ("FC031362", "FC031362"),
    ],
)
def test_id04_numbers_are_padded_and_written_in_one_way(typed: str, number: str) -> None:
    assert str(CompanyNumber.parse(typed)) == number


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("12345", "not a company number"),
        ("ABCDEFGH", "not a company number"),
        ("123456789", "not a company number"),
        ("XX123456", "not a company number"),
        ("１２３４５６７８", "only letters and figures"),
        ("0898-9898", "only letters and figures"),
        ("", "Enter a company number"),
        ("1" * 10_000, "too long"),
    ],
)
def test_what_is_no_number_is_refused_in_plain_words(typed: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        CompanyNumber.parse(typed)


@pytest.mark.parametrize(
    ("number", "forms"),
    [
        ("08989898", {"company", "cic", "plc"}),
        ("SC421617", {"company", "cic", "plc"}),
        ("NI036642", {"company", "cic", "plc"}),
        ("R0000417", {"company", "cic", "plc"}),
        ("OC301206", {"llp"}),
        ("SO301206", {"llp"}),
        ("NC000001", {"llp"}),
        ("LP000001", {"partnership"}),
        ("SL000001", {"partnership"}),
        ("NL000001", {"partnership"}),
        ("CE000952", {"cio"}),
        ("IP12345R", {"society"}),
        ("FC031362", None),
        ("RC000001", None),
    ],
)
def test_id02_id03_a_number_tells_the_legal_form_where_it_is_certain(
    number: str, forms: set[str] | None
) -> None:
    implied = CompanyNumber.parse(number).implied_forms
    assert implied == forms
    assert implied in IMPLIED_FORMS


def test_id05_a_number_that_two_scottish_registers_use_tells_nothing() -> None:
    number = CompanyNumber.parse("SC012345")
    assert number.may_be_scottish_charity
    assert number.implied_forms is None


def test_every_form_that_a_number_tells_is_a_known_one() -> None:
    assert all(forms is None or forms <= set(LEGAL_FORMS) for forms in IMPLIED_FORMS)


@given(st.text(max_size=12))
def test_any_text_is_read_to_eight_characters_or_refused(text: str) -> None:
    try:
        number = CompanyNumber.parse(text)
    except BadInput:
        pass
    else:
        assert len(number.value) == 8
        assert CompanyNumber.parse(str(number)) == number
