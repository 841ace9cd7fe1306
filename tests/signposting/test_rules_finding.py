"""The support finder: answers that an address carries, facts made of them, and results that hide nothing."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from crm.directory.rules.labels import NEEDS_OF_AREA, TRIAGE_AREAS
from crm.directory.rules.matching import Match, match
from crm.directory.rules.reading import read_services
from crm.kernel.eligibility import DCMS_GROUPS, LEGAL_FORMS, STAGES, Facts, Outcome, Verdict
from crm.kernel.money import MOST_PENCE, Money
from crm.places.queries import atlas, locate
from crm.signposting.rules import finding as rules
from crm.signposting.rules.finding import (
    ASKED,
    FACT_OF_QUESTION,
    QUESTIONS,
    Answers,
    facts_of,
    in_pounds,
    in_words,
    lay_out,
    months_in_words,
    question,
    question_after,
    settling,
)
from tests.directory.test_rules_reading import REAL

ON = date(2026, 11, 24)
SERVICES = read_services(REAL)

WORDS = st.text(max_size=40)
ANSWERS = st.builds(
    Answers,
    postcode=st.sampled_from(["", "B1 1AA", "CV1 2AA", "WR1 1AA", "SW1A 1AA"]),
    groups=st.lists(st.sampled_from(list(DCMS_GROUPS)), unique=True).map(tuple),
    form=st.sampled_from(["", *LEGAL_FORMS]),
    people=st.just("") | st.integers(0, rules.MOST_PEOPLE).map(str),
    turnover=st.just("") | st.integers(0, MOST_PENCE).map(lambda pence: in_pounds(Money(pence))),
    months=st.just("") | st.integers(0, rules.MOST_MONTHS).map(str),
    needs=st.lists(st.sampled_from(list(TRIAGE_AREAS)), unique=True).map(tuple),
    stage=st.sampled_from(["", *STAGES]),
    exports=st.just("") | st.integers(0, 100).map(str),
)


def of(**given: Any) -> Answers:
    return Answers.of(MultiDict(given))


def through_an_address(answers: Answers) -> Answers:
    return Answers.of(MultiDict(parse_qsl(urlencode(answers.as_query()), keep_blank_values=True)))


def matched(answers: Answers) -> tuple[Match[Any], ...]:
    location = locate(answers.postcode) if answers.postcode else None
    return match(SERVICES, facts_of(answers, location), on=ON, atlas=atlas())


# ---------------------------------------------------------------- answers


@given(ANSWERS)
def test_answers_come_back_from_an_address_as_they_went(answers: Answers) -> None:
    assert through_an_address(answers) == answers


@given(st.dictionaries(st.sampled_from([each.name for each in fields(Answers)] + ["other"]), st.lists(WORDS)))
def test_whatever_stands_in_an_address_is_read_or_left_out(given: dict[str, list[str]]) -> None:
    answers = Answers.of(MultiDict(given))
    assert through_an_address(answers) == answers
    facts_of(answers, locate(answers.postcode) if answers.postcode else None)
    assert all(in_words(answers, each.name) for each in QUESTIONS)


def test_nothing_told_is_an_empty_query() -> None:
    assert Answers().as_query() == []
    assert of() == Answers()


@pytest.mark.parametrize(
    ("name", "typed", "read"),
    [
        ("postcode", "b11aa", "B1 1AA"),
        ("postcode", " B1  1AA ", "B1 1AA"),
        ("turnover", "£1.3m", "1300000"),
        ("turnover", "12.50", "12.50"),
        ("turnover", "0", "0"),
        ("people", "0", "0"),
        ("months", "6000", "6000"),
        ("exports", "100", "100"),
        ("form", next(iter(LEGAL_FORMS)), next(iter(LEGAL_FORMS))),
    ],
)
def test_what_can_be_read_is_kept_in_one_way(name: str, typed: str, read: str) -> None:
    assert getattr(of(**{name: typed}), name) == read


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        *(
            ("postcode", typed)
            for typed in ("B1 1A", "QQ1 1AA 1", "B１ 1AA", "B74", "B" * 10_000, "\"'<script>", "\x00")
        ),
        *(("turnover", typed) for typed in ("1,23", "-5", "1e6", "NaN", "1" * 20, "lots", "١٢")),
        *(("people", typed) for typed in ("-1", "1.5", "100001", "1,000", "1e3", "٣", "9" * 5_000)),
        *(("months", typed) for typed in ("-1", "6001", "a year")),
        *(("exports", typed) for typed in ("101", "-1", "50%")),
        ("form", "pirate ship"),
        ("stage", "adult"),
    ],
)
def test_what_cannot_be_read_is_dropped_and_the_rest_is_kept(name: str, typed: str) -> None:
    answers = of(**{name: typed, "needs": "nonsense"}, groups=[*list(DCMS_GROUPS)[:1], "nonsense"])
    assert answers == Answers(groups=tuple(DCMS_GROUPS)[:1])


def test_a_word_said_twice_is_said_once() -> None:
    area = next(iter(TRIAGE_AREAS))
    assert of(needs=[area, area]).needs == (area,)


@given(ANSWERS, st.sampled_from([each.name for each in fields(Answers)]))
def test_one_answer_is_changed_without_the_others(answers: Answers, name: str) -> None:
    changed = answers.having(name, type(getattr(answers, name))())
    assert not getattr(changed, name)
    assert changed.having(name, getattr(answers, name)) == answers


# ---------------------------------------------------------------- questions


def test_each_question_leads_to_the_next_and_the_last_to_the_results() -> None:
    seen = [ASKED[0]]
    while (following := question_after(seen[-1].name)) is not None:
        seen.append(following)
    assert tuple(seen) == ASKED
    for extra in (each for each in QUESTIONS if each.is_extra):
        assert question_after(extra.name) is None
    assert question("nonsense") is None


def test_there_is_a_question_for_every_answer_and_a_fact_for_every_question_but_needs() -> None:
    assert [each.name for each in fields(Answers)] == [each.name for each in QUESTIONS]
    assert set(FACT_OF_QUESTION) == {each.name for each in QUESTIONS} - {"needs"}


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("months", "words"),
    [
        (0, "Not trading yet"),
        (1, "1 month"),
        (11, "11 months"),
        (12, "1 year"),
        (13, "1 year and 1 month"),
        (27, "2 years and 3 months"),
    ],
)
def test_a_time_of_trading_is_said_in_years_and_months(months: int, words: str) -> None:
    assert months_in_words(months) == words


def test_nothing_is_not_unknown() -> None:
    answers = Answers(people="0", turnover="0", months="0", exports="0")
    assert in_words(answers, "turnover") == "£0"
    assert in_words(answers, "exports") == "0%"
    assert in_words(answers, "months") == "Not trading yet"
    assert in_words(Answers(), "turnover") == "Not sure"
    facts = facts_of(answers, None)
    assert (facts.turnover, facts.employees, facts.trading_months) == (Money(0), 0, 0)
    assert facts.export_share_pct == Decimal(0)


# ---------------------------------------------------------------- facts


def test_nothing_told_is_nothing_known() -> None:
    assert facts_of(Answers(), None) == Facts()


def test_every_answer_becomes_a_fact() -> None:
    answers = of(
        postcode="B1 1AA",
        groups="film_tv_radio_photo",
        form=next(iter(LEGAL_FORMS)),
        people="4",
        turnover="£80k",
        months="18",
        stage=next(iter(STAGES)),
        exports="20",
    )
    facts = facts_of(answers, locate("B1 1AA"))
    assert facts.places
    assert (facts.legal_form, facts.stage) == (next(iter(LEGAL_FORMS)), next(iter(STAGES)))
    assert facts.dcms_groups == {"film_tv_radio_photo"}
    assert (facts.turnover, facts.employees, facts.trading_months) == (Money.pounds(80_000), 4, 18)
    assert facts.export_share_pct == Decimal(20)


@given(st.lists(st.sampled_from(list(TRIAGE_AREAS)), unique=True).map(tuple))
def test_each_area_of_help_raises_its_needs_and_none_weighs_more_than_three(areas: tuple[str, ...]) -> None:
    needs = facts_of(Answers(needs=areas), None).needs or {}
    for need, severity in needs.items():
        assert severity == min(3, sum(need in NEEDS_OF_AREA[area] for area in areas))
    assert set(needs) == {need for area in areas for need in NEEDS_OF_AREA[area]}


# ---------------------------------------------------------------- results


@given(ANSWERS)
def test_every_match_stands_in_just_one_group_and_none_is_hidden(answers: Answers) -> None:
    found = matched(answers)
    layout = lay_out(found)
    groups = [getattr(layout, each.name) for each in fields(layout)]
    shown = [each.service.service_id for group in groups for each in group]
    assert sorted(shown) == sorted(each.service_id for each in SERVICES)
    assert layout.in_all == len(SERVICES)
    for group in groups:
        order = [found.index(each) for each in group]
        assert order == sorted(order)


@given(ANSWERS)
def test_only_what_is_on_offer_is_offered(answers: Answers) -> None:
    layout = lay_out(matched(answers))
    assert all(each.available and each.verdict is Verdict.ELIGIBLE for each in layout.fitting)
    assert all(each.available and each.verdict is Verdict.UNKNOWN for each in layout.possible)
    assert all(each.available and each.finding.would_change for each in layout.nearly)
    assert all(not each.available for each in layout.not_running)
    assert all(each.verdict is Verdict.INELIGIBLE for each in (*layout.nearly, *layout.others))
    offered = (*layout.fitting, *layout.possible, *layout.nearly)
    assert all(each.service.status == "open" for each in offered)


@given(ANSWERS)
def test_only_unanswered_questions_are_asked_and_each_settles_something(answers: Answers) -> None:
    possible = lay_out(matched(answers)).possible
    found = settling(possible, answers)
    assert [each.question for each in found if getattr(answers, each.question.name)] == []
    assert found == sorted(found, key=lambda each: (-each.alone, -each.partly))
    for each in found:
        assert 0 < each.alone + each.partly <= len(possible)


def test_with_nothing_told_the_postcode_settles_most() -> None:
    found = settling(lay_out(matched(Answers())).possible, Answers())
    assert {each.question.name for each in found} <= set(FACT_OF_QUESTION)
    assert "postcode" in {each.question.name for each in found}


def test_answering_a_question_settles_what_it_says() -> None:
    before = lay_out(matched(Answers())).possible
    promised = {each.question.name: each.alone for each in settling(before, Answers())}
    answers = Answers(postcode="B1 1AA")
    after = {each.service.service_id for each in lay_out(matched(answers)).possible}
    assert "postcode" not in {each.question.name for each in settling((), answers)}
    assert promised["postcode"] > 0
    assert len([each for each in before if each.service.service_id not in after]) >= promised["postcode"]


@given(ANSWERS, st.booleans())
def test_a_cut_of_a_group_hides_nothing_of_it(answers: Answers, needs_told: bool) -> None:
    group = lay_out(matched(answers), needs_told=needs_told).possible
    cut = rules.cut(group, needs_told=needs_told)
    parts = (*cut.full, *cut.more, *cut.besides)
    assert sorted(each.service.service_id for each in parts) == sorted(
        each.service.service_id for each in group
    )
    assert len(cut) == len(group)
    assert len(cut.full) <= rules.SHOWN_FIRST
    assert needs_told or not cut.besides


def test_with_no_services_there_is_nothing_to_show() -> None:
    layout = lay_out(())
    assert layout.in_all == 0
    assert settling((), Answers()) == []


def test_an_unknown_reading_is_what_makes_a_verdict_unknown() -> None:
    for each in matched(Answers()):
        outcomes = {reading.outcome for reading in each.finding.readings}
        assert (Outcome.UNKNOWN in outcomes) or each.verdict is not Verdict.UNKNOWN
