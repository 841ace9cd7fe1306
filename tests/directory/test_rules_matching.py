"""Matching: best first, with reasons; the order holds however the services come."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.directory.rules import labels
from crm.directory.rules.facts import read_facts
from crm.directory.rules.matching import Match, closeness, match
from crm.directory.rules.reading import read_services
from crm.directory.rules.rows import ServiceRow
from crm.kernel.eligibility import DCMS_GROUPS, LEGAL_FORMS, STAGES, Facts, Terms, Verdict
from crm.kernel.money import Money
from tests.directory.test_rules_reading import REAL

ON = date(2026, 11, 24)
SERVICES = read_services(REAL)
PLAIN = replace(
    SERVICES[0],
    service_id="plain",
    needs=("grant",),
    terms=Terms(),
    cost_type="free",
    status="open",
    checked_on=date(2026, 6, 1),
)
FACTS = st.builds(
    Facts,
    legal_form=st.none() | st.sampled_from(list(LEGAL_FORMS)),
    dcms_groups=st.none() | st.frozensets(st.sampled_from(list(DCMS_GROUPS))),
    turnover=st.none() | st.integers(0, 10**9).map(Money),
    employees=st.none() | st.integers(0, 300),
    trading_months=st.none() | st.integers(0, 60),
    stage=st.none() | st.sampled_from(list(STAGES)),
    needs=st.none() | st.dictionaries(st.sampled_from(list(labels.NEEDS)), st.integers(1, 3), max_size=6),
)


def ranked(*services: ServiceRow, facts: Facts | None = None) -> list[str]:
    facts = facts or Facts(needs={"grant": 3, "loan": 1})
    return [found.service.service_id for found in match(services, facts, on=ON)]


def named(name: str, **changes: object) -> ServiceRow:
    return replace(PLAIN, service_id=name, **changes)  # type: ignore[arg-type]


def test_more_and_graver_needs_come_first() -> None:
    both = named("z", needs=("grant", "loan"))
    assert ranked(named("a", needs=("loan",)), named("b"), both) == ["z", "b", "a"]


def test_then_the_nearer_home() -> None:
    areas = {
        "e": Terms(),
        "d": Terms(leps=("GBSLEP", "BCLEP")),
        "c": Terms(leps=("GBSLEP",)),
        "b": Terms(leps=("GBSLEP",), lad_names=("Birmingham",)),
        "a": Terms(outcodes=("B1",), lad_names=("Birmingham",)),
    }
    assert [closeness(areas[name]) for name in "abcde"] == [0, 1, 2, 3, 4]
    assert closeness(Terms(leps=("GBSLEP", "BCLEP", "CWLEP"), wmca_only=True)) == 2
    facts = read_facts('{"postcode": "B1 1AY", "needs": ["grant"]}')
    backwards = [named(name, terms=terms) for name, terms in areas.items()]
    assert ranked(*backwards, facts=facts) == list("abcde")


def test_then_the_cheaper_then_the_fresher_then_the_eligible_then_by_name() -> None:
    services = (
        named("e", cost_type="loan"),
        named("d", cost_type="paid"),
        named("c", cost_type="subsidised"),
        named("b", checked_on=None),
        named("a2", terms=Terms(min_employees=1)),
        named("a1"),
        named("a0"),
    )
    assert ranked(*services) == ["a0", "a1", "a2", "b", "c", "d", "e"]


def test_what_is_not_on_offer_keeps_its_rank_and_says_why() -> None:
    services = (
        named("a", status="check"),
        named("b", opens_on=date(2027, 1, 1)),
        named("c", closes_on=date(2026, 11, 23)),
        named("d", needs=()),
    )
    found = match(services, Facts(needs={"grant": 3}), on=ON)
    assert [each.service.service_id for each in found] == ["a", "b", "c", "d"]
    assert [each.unavailable_because for each in found] == [
        "We have not been able to confirm that this is running",
        "This opens on 1 January 2027",
        "This closed on 23 November 2026",
        "",
    ]


@pytest.mark.parametrize("status", ["check", "closed", "historic", "illustrative"])
def test_what_is_not_open_is_never_available(status: str) -> None:
    (found,) = match([named("a", status=status)], Facts(), on=ON)
    assert not found.available
    assert found.verdict is Verdict.ELIGIBLE
    assert found.unavailable_because


def test_the_reasons_are_said() -> None:
    (found,) = match([named("a", needs=("loan", "grant"))], Facts(needs={"grant": 3, "loan": 1}), on=ON)
    assert found.reasons == (
        "helps with a grant; a loan",
        "for the whole country",
        "free",
        "checked in June 2026",
    )
    assert found.needs_met == ("grant", "loan")


@given(FACTS, st.randoms(use_true_random=False))
def test_the_order_does_not_hang_on_how_services_come(facts: Facts, chance: random.Random) -> None:
    shuffled = chance.sample(SERVICES, len(SERVICES))
    found = match(shuffled, facts, on=ON)
    assert found == match(SERVICES, facts, on=ON)
    ranks = [each.rank for each in found if each.rank is not None]
    assert ranks == list(range(1, len(ranks) + 1))
    assert all((each.rank is None) is (each.verdict is Verdict.INELIGIBLE) for each in found)


@given(FACTS)
def test_within_what_is_on_offer_more_needs_met_never_rank_lower(facts: Facts) -> None:
    def weight(found: Match[ServiceRow]) -> int:
        return sum((facts.needs or {})[need] for need in found.needs_met)

    offered = [each for each in match(SERVICES, facts, on=ON) if each.available and each.rank]
    assert [weight(each) for each in offered] == sorted(map(weight, offered), reverse=True)


def test_every_need_has_its_words_and_every_area_its_needs() -> None:
    assert len(labels.NEEDS) == 53
    assert len(labels.TRIAGE_AREAS) == 11
    assert set(labels.NEEDS_OF_AREA) == set(labels.TRIAGE_AREAS)
    assert {need for needs in labels.NEEDS_OF_AREA.values() for need in needs} <= set(labels.NEEDS)
    assert {need for service in SERVICES for need in service.needs} <= set(labels.NEEDS)
