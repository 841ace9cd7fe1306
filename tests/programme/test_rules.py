"""What scores come to, when a round is open, and what answers lack."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.clock import moment_on, to_local
from crm.kernel.errors import BadInput
from crm.kernel.money import Money
from crm.programme.rules.answering import (
    SectionState,
    answer_in_words,
    asked,
    check_in_words,
    fault_of,
    faults,
    holds,
    state_of,
)
from crm.programme.rules.scoring import (
    WHOLE,
    Key,
    Tally,
    Weighed,
    percent_in_words,
    shown,
    to_moderate,
    total_of,
    weight_fault,
)
from crm.programme.rules.timing import Standing, Window, minutes_late, order_fault

SEVEN = tuple(f"a{number}" for number in range(7))
P15 = (
    Weighed("A", 4000, SEVEN, 5),
    Weighed("B", 3500, ("b",), 5),
    Weighed("C", 1500, ("c",), 5),
    Weighed("D", 1000, ("d",), 5),
)


def tallied(**given: list[int]) -> dict[Key, Tally]:
    """Scores of criteria of one part, called like it."""
    return {(part, part): Tally.of(scores) for part, scores in given.items()}


def scored(**given: int) -> dict[Key, Tally]:
    return {
        (each.code, part): Tally.of([given.get(part, given.get("rest", 0))])
        for each in P15
        for part in each.parts
    }


def test_p15_all_at_their_highest_make_exactly_a_hundred_and_d_alone_ten() -> None:
    assert total_of(P15, scored(rest=5)).percent == 100
    assert total_of(P15, scored(d=5)).percent == 10
    assert total_of(P15, scored(d=5)).in_words == "10.00 %"


@pytest.mark.parametrize(
    ("weights", "fault"),
    [
        ([4000, 3500, 1500, 1000], None),
        ([4000, 3500, 1500, 999], "The weights make 99.99 %: 0.01 % missing"),
        ([4000, 3500, 1500, 1001], "The weights make 100.01 %: 0.01 % over"),
        ([], "Add at least one criterion"),
    ],
)
def test_p15_weights_are_published_only_as_a_whole(weights: list[int], fault: str | None) -> None:
    assert weight_fault(weights) == fault


def test_p16_missing_is_not_zero() -> None:
    three = (Weighed("x", 5000, ("x",), 5), Weighed("y", 3000, ("y",), 5), Weighed("z", 2000, ("z",), 5))
    total = total_of(three, tallied(x=[5], y=[0]))
    assert total.percent is None
    assert total.in_words == "incomplete (2 of 3)"
    assert total.by_criterion == {"x": Fraction(50), "y": Fraction(0), "z": None}


def test_p21_the_mean_is_over_those_who_handed_in() -> None:
    one = (Weighed("x", WHOLE, ("x",), 5),)
    assert total_of(one, tallied(x=[4])).percent == 80
    assert total_of(one, tallied(x=[4, 1])).percent == 50


def test_p24_scores_far_apart_are_moderated_and_the_moderated_stands_for_their_mean() -> None:
    scores = tallied(x=[5, 2], y=[4, 2])
    assert to_moderate(scores, threshold=2, settled=()) == [("x", "x")]
    assert to_moderate(scores, threshold=2, settled=[("x", "x")]) == []
    one = (Weighed("x", WHOLE, ("x",), 5),)
    assert total_of(one, tallied(x=[5, 2]), moderated={("x", "x"): 4}).percent == 80


@st.composite
def _criteria(draw: st.DrawFn) -> tuple[Weighed, ...]:
    cuts = sorted(draw(st.sets(st.integers(1, WHOLE - 1), max_size=7)))
    weights = [after - before for before, after in zip([0, *cuts], [*cuts, WHOLE], strict=True)]
    return tuple(
        Weighed(
            str(number),
            weight,
            tuple(f"{number}.{part}" for part in range(draw(st.integers(1, 5)))),
            draw(st.integers(1, 10)),
        )
        for number, weight in enumerate(weights)
    )


@given(_criteria(), st.data())
def test_the_total_of_any_round_lies_between_nought_and_a_hundred_and_reaches_both(
    criteria: tuple[Weighed, ...], data: st.DataObject
) -> None:
    def all_at(share: str) -> dict[Key, Tally]:
        return {
            (each.code, part): Tally.of(
                [
                    {"least": 0, "most": each.highest}.get(share, data.draw(st.integers(0, each.highest)))
                    for _ in range(3)
                ]
            )
            for each in criteria
            for part in each.parts
        }

    assert total_of(criteria, all_at("least")).percent == 0
    assert total_of(criteria, all_at("most")).percent == 100
    between = total_of(criteria, all_at("any")).percent
    assert between is not None
    assert 0 <= between <= 100
    assert sum((each.worth_of_point * each.highest * len(each.parts) for each in criteria), Fraction()) == 100


@given(_criteria(), st.data())
def test_one_more_point_is_worth_what_the_page_says(
    criteria: tuple[Weighed, ...], data: st.DataObject
) -> None:
    scores = {(each.code, part): Tally.of([0]) for each in criteria for part in each.parts}
    chosen = data.draw(st.sampled_from(criteria))
    after = total_of(criteria, scores | {(chosen.code, chosen.parts[0]): Tally.of([1])}).percent
    assert after == chosen.worth_of_point


def test_a_total_is_rounded_once_and_half_up() -> None:
    assert shown(Fraction(100, 3)) == Decimal("33.33")
    assert shown(Fraction(12345, 1000)) == Decimal("12.35")
    assert percent_in_words(3350) == "33.5"
    assert percent_in_words(4000) == "40"


NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
WINDOW = Window(NOON - timedelta(days=30), NOON, timedelta(minutes=10))


def test_p06_the_deadline_itself_is_in_time_and_the_next_instant_is_not() -> None:
    plain = Window(NOON - timedelta(days=30), NOON)
    assert plain.standing(NOON) is Standing.OPEN
    assert plain.standing(NOON + timedelta(seconds=1), begun_at=NOON - timedelta(minutes=2)) is Standing.OVER
    assert plain.standing(NOON - timedelta(days=31)) is Standing.COMING


def test_p07_grace_is_for_what_was_begun_in_time() -> None:
    late = NOON + timedelta(minutes=6)
    assert WINDOW.standing(late, begun_at=NOON - timedelta(minutes=20)) is Standing.IN_GRACE
    assert minutes_late(WINDOW, late) == 6
    assert WINDOW.standing(NOON + timedelta(minutes=1)) is Standing.OVER
    assert WINDOW.standing(late, begun_at=NOON + timedelta(minutes=1)) is Standing.OVER
    assert WINDOW.standing(NOON + timedelta(minutes=10, seconds=1), begun_at=NOON) is Standing.OVER


def test_p08_more_time_for_one_is_more_time_for_one() -> None:
    until = NOON + timedelta(hours=29)
    assert WINDOW.standing(until - timedelta(minutes=1), begun_at=NOON, until=until) is Standing.OPEN
    assert WINDOW.standing(until - timedelta(minutes=1), begun_at=NOON) is Standing.OVER
    assert WINDOW.standing(until + timedelta(seconds=1), begun_at=NOON, until=until) is Standing.OVER


def test_p09_a_time_that_comes_twice_is_one_instant_and_one_that_never_comes_is_refused() -> None:
    twice = moment_on(date(2026, 10, 25), time(1, 30))
    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert to_local(twice).utcoffset() == timedelta(hours=1)
    with pytest.raises(BadInput):
        moment_on(date(2026, 3, 29), time(1, 30))


def test_the_moments_of_a_round_come_in_order() -> None:
    moments = {"opens": NOON, "deadline": NOON + timedelta(1), "assess_from": NOON + timedelta(1)}
    assert order_fault(moments | {"assess_until": NOON + timedelta(2)}) is None
    assert order_fault(moments | {"assess_until": NOON + timedelta(1)}) == (
        "assess_until",
        "The end of assessment must come after the beginning of assessment",
    )
    early = moments | {"assess_from": NOON, "assess_until": NOON + timedelta(2)}
    assert order_fault(early) == ("assess_from", "Assessing begins after the deadline at the earliest")


@dataclass(frozen=True)
class Made:
    """A question, made for a test."""

    label: str
    kind: str
    is_needed: bool = True
    most_words: int | None = None
    asked_if_id: UUID | None = None
    asked_if: str = ""
    id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class MadeCheck:
    """A check, made for a test."""

    left_id: UUID
    right_id: UUID | None = None
    comparison: str = "at_most"
    percent: int = WHOLE
    fixed: Money | None = None
    words: str = "Ask for half of the cost at most"


def question(kind: str, **fields: Any) -> Made:
    return Made(f"Made {kind}", kind, id=uuid4(), **fields)


COST, GRANT = question("money"), question("money")
HALF = MadeCheck(GRANT.id, COST.id, percent=5000)


def test_p10_a_later_answer_breaks_an_earlier_one() -> None:
    given = {str(COST.id): 8_000_000, str(GRANT.id): 4_000_000}
    assert faults([COST, GRANT], [HALF], answers=given, files={}) == []
    later = given | {str(COST.id): 6_000_000}
    assert [each.question_id for each in faults([COST, GRANT], [HALF], answers=later, files={})] == [GRANT.id]
    assert state_of(is_begun=True, is_finished=True, has_faults=True) is SectionState.IN_PROGRESS


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.integers(1, 100_000))
def test_a_share_is_compared_exactly(left: int, right: int, percent: int) -> None:
    check = MadeCheck(GRANT.id, COST.id, percent=percent)
    assert holds(check, {GRANT.id: left, COST.id: right}) == (
        Fraction(left) <= Fraction(right * percent, WHOLE)
    )


def test_a_fixed_sum_is_compared_too_and_what_is_not_answered_breaks_nothing() -> None:
    check = MadeCheck(GRANT.id, fixed=Money(5_000_000))
    assert holds(check, {GRANT.id: 5_000_000})
    assert not holds(check, {GRANT.id: 5_000_001})
    assert holds(check, {GRANT.id: None})
    assert not holds(MadeCheck(GRANT.id, fixed=Money(100), comparison="at_least"), {GRANT.id: 99})


def test_costs_are_added_to_the_penny() -> None:
    costs = question("costs")
    given = {str(costs.id): [["Tape", 10], ["Thread", 20]], str(GRANT.id): 30}
    assert faults([costs, GRANT], [MadeCheck(GRANT.id, costs.id)], answers=given, files={}) == []
    assert answer_in_words(costs, given[str(costs.id)]) == "Tape: £0.10\nThread: £0.20\nTogether: £0.30"


def test_a_question_that_hangs_on_another_is_asked_only_where_that_one_is() -> None:
    first = question("yes_no")
    second = question("yes_no", asked_if_id=first.id, asked_if="yes")
    third = question("text", asked_if_id=second.id, asked_if="yes")
    every = [first, second, third]
    yes = {str(first.id): "yes", str(second.id): "yes"}
    assert asked(every, yes) == every
    assert asked(every, yes | {str(first.id): "no"}) == [first]
    assert faults(every, [], answers={str(first.id): "no"}, files={}) == []


@pytest.mark.parametrize(
    ("made", "answer", "files", "fault"),
    [
        (question("text"), None, 0, "Answer this question"),
        (question("text", is_needed=False), None, 0, None),
        (question("long_text", most_words=3), "one two three", 0, None),
        (question("long_text", most_words=3), "one two three four", 0, "This is 1 word too long: 3 at most"),
        (question("file"), None, 0, "Add a file"),
        (question("file"), None, 1, None),
        (question("number"), 0, 0, None),
    ],
)
def test_what_an_answer_lacks_is_said(made: Made, answer: Any, files: int, fault: str | None) -> None:
    assert fault_of(made, answer, files=files) == fault


@pytest.mark.parametrize(
    ("kind", "answer", "words"),
    [
        ("money", 123450, "£1,234.50"),
        ("number", 1200, "1,200"),
        ("date", "2027-03-29", "29 March 2027"),
        ("yes_no", "yes", "Yes"),
        ("text", "Some words", "Some words"),
        ("text", None, ""),
    ],
)
def test_an_answer_is_read_in_words(kind: str, answer: Any, words: str) -> None:
    assert answer_in_words(question(kind), answer) == words


def test_a_check_is_read_in_words() -> None:
    labels = {COST.id: "Cost", GRANT.id: "Grant"}
    assert check_in_words(HALF, labels) == "“Grant” is at most 50 % of “Cost”"
    fixed = MadeCheck(GRANT.id, fixed=Money(100_000), comparison="at_least")
    assert check_in_words(fixed, labels) == "“Grant” is at least £1,000"
