"""What answers lack, and how they are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.money import Money
from crm.programme.applications.rules.answering import (
    SectionState,
    answer_in_words,
    asked,
    fault_of,
    faults,
    holds,
    state_of,
)
from crm.programme.rounds.rules.asking import check_in_words
from crm.programme.rounds.rules.weights import WHOLE


@dataclass(frozen=True)
class Made:
    """A question, made for a test."""

    label: str
    kind: str
    is_needed: bool = True
    most_words: int | None = None
    asked_if_id: UUID | None = None
    asked_if: str = ""
    is_sum_asked: bool = False
    is_ahead: bool = False
    is_capital_asked: bool = False
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


DAY = date(2026, 6, 1)
COST, GRANT = question("money"), question("money")
HALF = MadeCheck(GRANT.id, COST.id, percent=5000)


def test_k20_nothing_is_not_a_sum_to_ask_for() -> None:
    sum_asked, turnover = question("money", is_sum_asked=True), question("money")
    assert [fault_of(sum_asked, pence, on=DAY) for pence in (0, 1)] == [
        "Enter an amount of more than £0",
        None,
    ]
    assert fault_of(turnover, 0, on=DAY) is None


def test_p10_a_later_answer_breaks_an_earlier_one() -> None:
    given = {str(COST.id): 8_000_000, str(GRANT.id): 4_000_000}
    assert faults([COST, GRANT], [HALF], answers=given, files={}, on=DAY) == []
    later = given | {str(COST.id): 6_000_000}
    assert [each.question_id for each in faults([COST, GRANT], [HALF], answers=later, files={}, on=DAY)] == [
        GRANT.id
    ]
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
    assert faults([costs, GRANT], [MadeCheck(GRANT.id, costs.id)], answers=given, files={}, on=DAY) == []
    assert answer_in_words(costs, given[str(costs.id)]) == "Tape: £0.10\nThread: £0.20\nTotal: £0.30"


def test_a_question_that_hangs_on_another_is_asked_only_where_that_one_is() -> None:
    first = question("yes_no")
    second = question("yes_no", asked_if_id=first.id, asked_if="yes")
    third = question("text", asked_if_id=second.id, asked_if="yes")
    every = [first, second, third]
    yes = {str(first.id): "yes", str(second.id): "yes"}
    assert asked(every, yes) == every
    assert asked(every, yes | {str(first.id): "no"}) == [first]
    assert faults(every, [], answers={str(first.id): "no"}, files={}, on=DAY) == []


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
    assert fault_of(made, answer, files=files, on=DAY) == fault


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
    assert check_in_words(HALF, labels) == "“Grant” is at most 50% of “Cost”"
    fixed = MadeCheck(GRANT.id, fixed=Money(100_000), comparison="at_least")
    assert check_in_words(fixed, labels) == "“Grant” is at least £1,000"


@pytest.mark.parametrize(
    ("answer", "fault"),
    [("2026-05-31", "This day must be today or later"), ("2026-06-01", None), ("2026-06-02", None)],
)
def test_k9_a_day_that_must_be_today_or_later_can_be_today(answer: str, fault: str | None) -> None:
    assert fault_of(question("date", is_ahead=True), answer, on=DAY) == fault
    assert fault_of(question("date"), answer, on=DAY) is None
