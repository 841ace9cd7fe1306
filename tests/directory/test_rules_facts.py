"""The facts of a business: what is left out is unknown, and what is strange is refused in words."""

from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.directory.rules.facts import FactsRefused, read_facts, where
from crm.kernel.eligibility import Facts
from crm.kernel.money import Money

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
KEYS = (
    "postcode",
    "company_number",
    "legal_form",
    "dcms_groups",
    "turnover_gbp",
    "employees",
    "trading_months",
    "stage",
    "needs",
    "export_share",
)


def facts(**told: object) -> Facts:
    return read_facts(json.dumps(told))


def refused(text: str | bytes) -> tuple[str, ...]:
    with pytest.raises(FactsRefused) as why:
        read_facts(text)
    return why.value.messages


def test_nothing_told_is_nothing_known() -> None:
    assert facts() == facts(**dict.fromkeys(KEYS)) == Facts()
    assert facts(dcms_groups=[], needs=[], postcode="", legal_form="") == Facts()


def test_everything_told_is_known() -> None:
    known = facts(
        postcode="b744aa",
        company_number="8989898",
        legal_form="Limited company",
        dcms_groups=["crafts", "publishing"],
        turnover_gbp=1_200_000.5,
        employees=12,
        trading_months=30,
        stage="scale up",
        needs={"grant": 3, "export": 1},
        export_share=0.2,
    )
    assert known.places is not None
    assert known.places[0].authority == "Birmingham"
    assert str(known.company_number) == "08989898"
    assert (known.legal_form, known.stage, known.employees, known.trading_months) == (
        "company",
        "scale-up",
        12,
        30,
    )
    assert known.dcms_groups == {"crafts", "publishing"}
    assert known.turnover == Money(120_000_050)
    assert known.needs == {"grant": 3, "export": 1}
    assert known.export_share_pct == Decimal(20)


@pytest.mark.parametrize(
    ("told", "percent"), [(0, 0), (0.05, 5), (1, 100), (1.5, "1.5"), (20, 20), (100, 100)]
)
def test_a_share_is_of_one_and_above_one_a_percentage(told: float, percent: object) -> None:
    assert facts(export_share=told).export_share_pct == Decimal(str(percent))


def test_eq01_a_turnover_may_be_typed() -> None:
    assert facts(turnover_gbp="£1.3m").turnover == Money.pounds(1_300_000)


def test_needs_in_a_list_are_all_alike() -> None:
    assert facts(needs=["grant", "loan"]).needs == {"grant": 1, "loan": 1}


@pytest.mark.parametrize("typed", ["B1 1A", "QQ1 1AA", "B１ 1AA", "B74", "<'\">"])
def test_a_postcode_that_is_none_leaves_the_place_unknown_and_says_so(typed: str) -> None:
    known = facts(postcode=typed)
    assert known.places is None
    assert "not recognised" in known.place_note


def test_geo05_a_po_box_leaves_the_place_unknown_and_says_so() -> None:
    assert where("B99 1AA") == (None, "the postcode B99 1AA does not say where you trade")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"turnover": 5}', "“turnover” is not a fact"),
        ('{"employees": true}', "employees: give a number"),
        ('{"employees": "12"}', "employees: give a number"),
        ('{"employees": 2.5}', "employees: give a whole number"),
        ('{"employees": -1}', "employees: this cannot be less than zero"),
        ('{"employees": 1e999999999}', "employees: this is too large"),
        ('{"employees": 99999999999999999999}', "employees: this is too large"),
        ('{"turnover_gbp": -5}', "turnover_gbp: this cannot be less than zero"),
        ('{"turnover_gbp": "1,23"}', "turnover_gbp: Check the commas"),
        ('{"turnover_gbp": 12.345}', "turnover_gbp: give pounds"),
        ('{"turnover_gbp": NaN}', "NaN is not a number"),
        ('{"turnover_gbp": Infinity}', "Infinity is not a number"),
        ('{"turnover_gbp": 1e-99}', "decimal places"),
        ('{"export_share": 101}', "export_share: this is too large"),
        ('{"needs": "grant"}', "needs: give a list of needs"),
        ('{"needs": ["money"]}', "needs: “money” is not one of"),
        ('{"needs": {"grant": 4}}', "the severity of grant must be 1, 2 or 3"),
        ('{"needs": {"grant": true}}', "the severity of grant must be 1, 2 or 3"),
        ('{"dcms_groups": "crafts"}', "dcms_groups: give a list"),
        ('{"dcms_groups": ["farming"]}', "dcms_groups: “farming” is not one of"),
        ('{"legal_form": "guild"}', "legal_form: “guild” is not one of"),
        ('{"stage": 3}', "stage: give text"),
        ('{"postcode": 11}', "postcode: give text"),
        ('{"company_number": "12345"}', "company_number: This is not a company number"),
        ('{"stage": "early", "stage": "growth"}', "name something twice"),
        ("[]", "one JSON object"),
        ("{", "not JSON"),
        ("[" * 50_000, "not JSON"),
        (" " * 200_000, "too long"),
        (b'{"stage": "\xff"}', "not UTF-8"),
    ],
)
def test_strange_facts_are_refused_in_one_sentence(text: str | bytes, says: str) -> None:
    (message,) = refused(text)
    assert says in message


def test_everything_that_is_wrong_is_told_at_once() -> None:
    assert len(refused('{"x": 1, "employees": -1, "stage": "retired"}')) == 3


@given(st.dictionaries(st.sampled_from(KEYS), JSON))
def test_any_json_is_read_or_refused(told: dict[str, object]) -> None:
    with suppress(FactsRefused):
        assert isinstance(read_facts(json.dumps(told)), Facts)
