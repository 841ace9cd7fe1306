"""Eligibility: three values, exact single changes, proved against an oracle that tries everything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.kernel.calendar import add_months
from crm.kernel.companies import CompanyNumber
from crm.kernel.eligibility import (
    DCMS_GROUPS,
    FACTS,
    LEGAL_FORMS,
    STAGES,
    Atlas,
    Facts,
    Outcome,
    Place,
    Terms,
    Verdict,
    is_available,
    is_fresh,
    weigh,
)
from crm.kernel.money import MOST_PENCE, Money

BIRMINGHAM = Place("B1", "Birmingham", frozenset({"GBSLEP"}), is_wmca=True)
LICHFIELD = Place("WS13", "Lichfield", frozenset({"GBSLEP", "Stoke-on-Trent and Staffordshire"}))
REDDITCH = Place("B97", "Redditch", frozenset({"GBSLEP", "Worcestershire"}))
COVENTRY = Place("CV1", "Coventry", frozenset({"CWLEP"}), is_wmca=True)
WALSALL = Place("B74", "Walsall", frozenset({"BCLEP"}), is_wmca=True)
LONDON = Place("SW1A")
EVERYWHERE = Atlas(
    (
        *((place,) for place in (BIRMINGHAM, LICHFIELD, REDDITCH, COVENTRY, WALSALL, LONDON)),
        (LICHFIELD, WALSALL),
        (COVENTRY, BIRMINGHAM),
    )
)
NUMBERS = tuple(
    map(CompanyNumber.parse, ["08989898", "OC301206", "LP000001", "CE000952", "RS001234", "FC031362"])
)
MONEY = tuple(map(Money, [0, 1, 10_000_000, 500_000_000, 500_000_001, MOST_PENCE]))
COUNTS = (0, 1, 2, 11, 12, 13, 249, 250, 10**9)
SHARES = tuple(map(Decimal, ["0", "19.9", "20", "20.1", "100"]))
GROUPS = (
    frozenset({"crafts"}),
    frozenset({"it_software", "publishing"}),
    *(frozenset({each}) for each in DCMS_GROUPS),
)

VALUES: dict[str, tuple[str, tuple[Any, ...]]] = {
    "postcode": ("places", EVERYWHERE.places),
    "company_number": ("company_number", NUMBERS),
    "legal_form": ("legal_form", tuple(LEGAL_FORMS)),
    "dcms_groups": ("dcms_groups", GROUPS),
    "turnover_gbp": ("turnover", MONEY),
    "employees": ("employees", COUNTS),
    "trading_months": ("trading_months", COUNTS),
    "stage": ("stage", tuple(STAGES)),
    "export_share": ("export_share_pct", SHARES),
}


def maybe(values: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    return st.none() | st.sampled_from(values)


def some(words: Any) -> st.SearchStrategy[tuple[str, ...]]:
    return st.just(()) | st.lists(st.sampled_from(tuple(words)), min_size=1, unique=True).map(tuple)


FACTS_KNOWN = st.builds(Facts, **{name: maybe(values) for name, values in VALUES.values()})
TERMS = st.builds(
    Terms,
    min_turnover=maybe(MONEY),
    max_turnover=maybe(MONEY),
    min_employees=maybe(COUNTS[:-1]),
    max_employees=maybe(COUNTS[:-1]),
    min_trading_months=maybe(COUNTS[:-1]),
    max_trading_months=maybe(COUNTS[:-1]),
    min_export_share_pct=maybe(SHARES),
    legal_forms=some(LEGAL_FORMS),
    stages=some(STAGES),
    dcms_groups=some(DCMS_GROUPS),
    leps=some(["GBSLEP", "CWLEP", "BCLEP", "Worcestershire"]),
    lad_names=some(["Birmingham", "Lichfield", "Coventry"]),
    outcodes=some(["B1", "B74", "SW1A"]),
    wmca_only=st.booleans(),
)
FEW_TERMS = st.builds(
    Terms,
    min_turnover=maybe(MONEY[2:4]),
    max_employees=maybe((249,)),
    legal_forms=some(["company", "charity"]),
    leps=some(["GBSLEP", "BCLEP"]),
)


def oracle_outcomes(terms: Terms, facts: Facts) -> Iterator[str]:
    """The rules once more, written out plainly."""
    for least, most, value in (
        (terms.min_turnover, terms.max_turnover, facts.turnover),
        (terms.min_employees, terms.max_employees, facts.employees),
        (terms.min_trading_months, terms.max_trading_months, facts.trading_months),
        (terms.min_export_share_pct, None, facts.export_share_pct),
    ):
        if least is not None:
            yield "unknown" if value is None else "met" if value >= least else "not_met"
        if most is not None:
            yield "unknown" if value is None else "met" if value <= most else "not_met"
    if terms.stages:
        yield "unknown" if facts.stage is None else "met" if facts.stage in terms.stages else "not_met"
    if terms.dcms_groups:
        shared = facts.dcms_groups and facts.dcms_groups & set(terms.dcms_groups)
        yield "unknown" if facts.dcms_groups is None else "met" if shared else "not_met"
    if terms.legal_forms:
        yield oracle_form(set(terms.legal_forms), facts)
    yield from oracle_place(terms, facts)


def oracle_place(terms: Terms, facts: Facts) -> Iterator[str]:
    tests = []
    if terms.leps:
        tests.append(lambda place: bool(place.leps & set(terms.leps)))
    if terms.lad_names:
        tests.append(lambda place: place.authority in terms.lad_names)
    if terms.outcodes:
        tests.append(lambda place: place.outcode in terms.outcodes)
    if terms.wmca_only:
        tests.append(lambda place: place.is_wmca)
    for test in tests:
        answers = [test(place) for place in facts.places or ()]
        yield "met" if answers and all(answers) else "not_met" if answers and not any(answers) else "unknown"


def oracle_form(wanted: set[str], facts: Facts) -> str:
    if facts.legal_form:
        possible = {facts.legal_form}
    elif facts.company_number and facts.company_number.implied_forms:
        possible = set(facts.company_number.implied_forms)
    else:
        return "unknown"
    wide = wanted | ({"cic", "plc"} if "company" in wanted else set())
    wide |= {"sole_trader", "freelancer"} if "individual" in wanted else set()
    wide |= {"cio"} if "charity" in wanted else set()
    if possible <= wide:
        return "met"
    may_be_charity = len(possible) > 1 and "charity" in wanted
    return "unknown" if possible & wide or may_be_charity else "not_met"


def oracle_verdict(terms: Terms, facts: Facts) -> str:
    outcomes = set(oracle_outcomes(terms, facts))
    return "ineligible" if "not_met" in outcomes else "unknown" if "unknown" in outcomes else "eligible"


def oracle_changes(terms: Terms, facts: Facts) -> tuple[str, ...]:
    now = oracle_verdict(terms, facts)
    return tuple(
        fact
        for fact in FACTS
        if any(
            oracle_verdict(terms, replace(facts, **{VALUES[fact][0]: value})) != now
            for value in (*VALUES[fact][1], *added_values(fact, terms))
        )
    )


def added_values(fact: str, terms: Terms) -> tuple[Any, ...]:
    """Values just inside the limits themselves, so that the oracle's grid misses none."""
    bounds = {
        "turnover_gbp": (terms.min_turnover, terms.max_turnover),
        "employees": (terms.min_employees, terms.max_employees),
        "trading_months": (terms.min_trading_months, terms.max_trading_months),
    }
    return tuple(bound for bound in bounds.get(fact, ()) if bound is not None)


@settings(max_examples=400)
@given(TERMS | FEW_TERMS, FACTS_KNOWN)
def test_the_verdict_is_the_oracles(terms: Terms, facts: Facts) -> None:
    finding = weigh(terms, facts)
    assert finding.verdict == oracle_verdict(terms, facts)
    assert sorted(reading.outcome for reading in finding.readings) == sorted(oracle_outcomes(terms, facts))


@settings(max_examples=400)
@given(TERMS | FEW_TERMS, FACTS_KNOWN)
def test_exactly_those_facts_are_named_whose_change_alone_alters_the_verdict(
    terms: Terms, facts: Facts
) -> None:
    assert weigh(terms, facts, atlas=EVERYWHERE).would_change == oracle_changes(terms, facts)


@given(TERMS | FEW_TERMS, FACTS_KNOWN)
def test_every_reading_says_what_is_needed_and_what_is_so(terms: Terms, facts: Facts) -> None:
    finding = weigh(terms, facts)
    for reading in finding.readings:
        assert f"needs {reading.needed}" in reading.words
        assert "None" not in reading.words
        assert reading.actual is None or reading.actual in reading.words
        assert reading.actual is not None or reading.outcome is Outcome.UNKNOWN
    assert finding.verdict is not Verdict.ELIGIBLE or finding.openings == ()


def test_siz01_an_unknown_turnover_cannot_be_told() -> None:
    finding = weigh(Terms(min_turnover=Money.pounds(100_000)), Facts())
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.readings[0].words == "turnover not known, needs £100k or more"
    assert finding.openings == ("tell us your turnover",)


@pytest.mark.parametrize(
    ("pounds", "verdict"), [(5_000_000, "eligible"), (4_999_999, "ineligible"), (5_000_001, "eligible")]
)
def test_siz02_a_limit_is_inclusive(pounds: int, verdict: str) -> None:
    assert (
        weigh(Terms(min_turnover=Money.pounds(5_000_000)), Facts(turnover=Money.pounds(pounds))).verdict
        == verdict
    )


def test_exp07_a_turnover_under_five_million_is_said_with_what_would_open_the_door() -> None:
    finding = weigh(Terms(min_turnover=Money.pounds(5_000_000)), Facts(turnover=Money.pounds(1_200_000)))
    assert finding.readings[0].words == "turnover £1.2m, needs £5m or more"
    assert finding.would_change == ("turnover_gbp",)
    assert finding.openings == ("if your turnover were £5m or more",)


def test_two_facts_that_each_rule_it_out_leave_no_single_change() -> None:
    terms = Terms(min_turnover=Money.pounds(5_000_000), max_employees=249)
    finding = weigh(terms, Facts(turnover=Money.pounds(1), employees=250))
    assert (finding.verdict, finding.would_change, finding.openings) == (Verdict.INELIGIBLE, (), ())


def test_two_rules_on_one_fact_are_still_one_change() -> None:
    terms = Terms(leps=("GBSLEP",), wmca_only=True)
    finding = weigh(terms, Facts(places=(LONDON,)), atlas=EVERYWHERE)
    assert finding.would_change == ("postcode",)


def test_places_that_no_postcode_can_meet_are_not_promised() -> None:
    terms = Terms(lad_names=("Redditch",), wmca_only=True)
    assert weigh(terms, Facts(places=(REDDITCH,)), atlas=EVERYWHERE).would_change == ()


def test_geo01_a_straddling_place_leaves_the_rule_unknown() -> None:
    finding = weigh(Terms(leps=("GBSLEP",)), Facts(places=(LICHFIELD, WALSALL)))
    assert finding.verdict is Verdict.UNKNOWN
    assert "cannot tell which" in finding.readings[0].words
    assert finding.openings[0].startswith("tell us which council area")


def test_a_place_that_straddles_within_the_area_meets_the_rule() -> None:
    assert (
        weigh(Terms(leps=("GBSLEP", "BCLEP")), Facts(places=(LICHFIELD, WALSALL))).verdict is Verdict.ELIGIBLE
    )


@pytest.mark.parametrize("lep", ["GBSLEP", "Worcestershire"])
def test_geo02_support_from_either_of_two_leps_counts(lep: str) -> None:
    assert weigh(Terms(leps=(lep,)), Facts(places=(REDDITCH,))).verdict is Verdict.ELIGIBLE


def test_geo08_an_authority_outside_the_metropolitan_seven_is_told_why() -> None:
    finding = weigh(Terms(leps=("GBSLEP",), wmca_only=True), Facts(places=(LICHFIELD,)))
    assert [reading.outcome for reading in finding.readings] == [Outcome.MET, Outcome.NOT_MET]
    assert "based in Lichfield, needs one of the seven metropolitan districts" in finding.readings[1].words


def test_filled_areas_must_all_hold() -> None:
    terms = Terms(leps=("GBSLEP",), lad_names=("Birmingham",), outcodes=("B2",), wmca_only=True)
    assert weigh(terms, Facts(places=(BIRMINGHAM,))).verdict is Verdict.INELIGIBLE


@pytest.mark.parametrize("word", ["any", "all", "ANY"])
def test_any_and_all_are_no_rule(word: str) -> None:
    terms = Terms(legal_forms=(word,), stages=(word,), dcms_groups=(word,), leps=(word,))
    assert weigh(terms, Facts()).readings == ()
    assert weigh(terms, Facts()).verdict is Verdict.ELIGIBLE


def test_an_empty_list_is_unknown_and_never_a_no() -> None:
    finding = weigh(Terms(dcms_groups=("crafts",)), Facts(dcms_groups=frozenset(), places=(), needs={}))
    assert finding.verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("rule", "form", "outcome"),
    [
        ("company", "cic", "met"),
        ("company", "plc", "met"),
        ("company", "llp", "not_met"),
        ("individual", "sole_trader", "met"),
        ("individual", "freelancer", "met"),
        ("individual", "company", "not_met"),
        ("llp", "llp", "met"),
    ],
)
def test_a_legal_form_takes_in_its_kinds(rule: str, form: str, outcome: str) -> None:
    assert weigh(Terms(legal_forms=(rule,)), Facts(legal_form=form)).readings[0].outcome == outcome


@pytest.mark.parametrize(
    ("rule", "number", "outcome"),
    [
        ("company", "08989898", "met"),
        ("cic", "08989898", "unknown"),
        ("charity", "08989898", "unknown"),
        ("llp", "08989898", "not_met"),
        ("llp", "OC301206", "met"),
        ("company", "FC031362", "unknown"),
        ("company", "SC012345", "unknown"),
    ],
)
def test_id13_a_company_number_tells_the_form_only_where_it_is_certain(
    rule: str, number: str, outcome: str
) -> None:
    facts = Facts(company_number=CompanyNumber.parse(number))
    assert weigh(Terms(legal_forms=(rule,)), facts).readings[0].outcome == outcome


def test_a_legal_form_that_was_told_goes_before_the_number() -> None:
    facts = Facts(legal_form="llp", company_number=CompanyNumber.parse("08989898"))
    assert weigh(Terms(legal_forms=("company",)), facts).verdict is Verdict.INELIGIBLE


def test_an_unrecognised_postcode_is_said_in_the_words() -> None:
    facts = Facts(place_note="the postcode “B1 1A” was not recognised")
    assert "was not recognised" in weigh(Terms(leps=("GBSLEP",)), facts).readings[0].words


@given(st.dates(date(1995, 1, 1), date(2090, 1, 1)), st.integers(0, 36))
def test_a_check_is_fresh_to_its_last_day(checked_on: date, months: int) -> None:
    last = add_months(checked_on, months)
    assert is_fresh(checked_on, on=last, months=months)
    assert not is_fresh(checked_on, on=last + timedelta(days=1), months=months)
    assert not is_fresh(None, on=last, months=months)


def test_time02_a_check_on_a_leap_day_is_fresh_until_the_end_of_february() -> None:
    assert is_fresh(date(2028, 2, 29), on=date(2029, 2, 28), months=12)
    assert not is_fresh(date(2028, 2, 29), on=date(2029, 3, 1), months=12)


@pytest.mark.parametrize(
    ("status", "on", "available"),
    [
        ("open", date(2026, 3, 31), True),
        ("open", date(2026, 1, 1), True),
        ("open", date(2025, 12, 31), False),
        ("open", date(2026, 4, 1), False),
        ("check", date(2026, 2, 1), False),
        ("illustrative", date(2026, 2, 1), False),
    ],
)
def test_what_is_available_is_open_and_within_its_dates(status: str, on: date, available: bool) -> None:
    assert is_available(status, opens_on=date(2026, 1, 1), closes_on=date(2026, 3, 31), on=on) is available
