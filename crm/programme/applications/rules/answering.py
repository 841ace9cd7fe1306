"""Answers: which questions are asked, what an answer lacks, how sums stand to each other, and when a section is complete.

An answer is kept as JSON can: text as text, money in pence, whole numbers as numbers, days as ISO dates, a choice as its
words, "yes" or "no", and costs as a list of pairs of words and pence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from crm.kernel.calendar import day_in_words
from crm.kernel.clock import is_past
from crm.kernel.money import Money
from crm.programme.rounds.rules.asking import NUMERIC, Check, Question
from crm.programme.rounds.rules.weights import WHOLE

Answers = Mapping[str, Any]
"""What was answered, by the id of the question."""


class SectionState(StrEnum):
    """How far a section is filled in."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETE = "complete"


@dataclass(frozen=True)
class Fault:
    """What an answer lacks, in words for whoever gives it."""

    question_id: UUID
    words: str


def asked(questions: Iterable[Question], answers: Answers) -> list[Question]:
    """Those questions that are asked, given the answers: one that hangs on another only where that one is asked too."""
    every = list(questions)
    by_id = {each.id: each for each in every}
    return [each for each in every if _is_asked(each, by_id, answers)]


def hanging_on(questions: Iterable[Question], ids: Collection[UUID]) -> list[Question]:
    """The questions that are asked only for an answer to one of these, at one remove or more."""
    every, reached = list(questions), set(ids)
    while True:
        more = {each.id for each in every if each.asked_if_id in reached} - reached
        if not more:
            return [each for each in every if each.id in reached - set(ids)]
        reached |= more


def _is_asked(question: Question, by_id: Mapping[UUID, Question], answers: Answers) -> bool:
    current: Question | None = question
    while current is not None and current.asked_if_id is not None:
        if answers.get(str(current.asked_if_id)) != current.asked_if:
            return False
        current = by_id.get(current.asked_if_id)
    return True


def words_in(text: str) -> int:
    """How many words a text has: what stands between blanks."""
    return len(text.split())


def fault_of(question: Question, answer: Any, *, files: int = 0, on: date) -> str | None:
    """What an answer to a question that is asked lacks on a day; None where nothing does."""
    if question.kind == "file":
        return "Add a file" if question.is_needed and not files else None
    if answer in (None, "", []):
        return "Answer this question" if question.is_needed else None
    if question.is_ahead and is_past(date.fromisoformat(answer), on=on):
        return "This day must be today or later"
    if question.is_sum_asked and answer <= 0:
        return "Enter an amount of more than £0"
    over = (
        words_in(answer) - question.most_words if question.kind == "long_text" and question.most_words else 0
    )
    if over > 0:
        return f"This is {over:,} word{'' if over == 1 else 's'} too long: {question.most_words:,} at most"
    return None


def amount_of(question: Question, answer: Any) -> int | None:
    """The sum in pence, or the number, that an answer gives; None where it gives none."""
    if answer in (None, "", []) or question.kind not in NUMERIC:
        return None
    return sum(pence for _, pence in answer) if question.kind == "costs" else int(answer)


def holds(check: Check, amounts: Mapping[UUID, int | None]) -> bool:
    """Whether a check holds. What is not answered yet breaks nothing."""
    left = amounts.get(check.left_id)
    right = check.fixed.pence if check.fixed is not None else amounts.get(check.right_id or check.left_id)
    if left is None or right is None:
        return True
    given, wanted = left * WHOLE, right * check.percent
    return given <= wanted if check.comparison == "at_most" else given >= wanted


def faults(
    questions: Sequence[Question],
    checks: Iterable[Check],
    *,
    answers: Answers,
    files: Mapping[UUID, int],
    on: date,
) -> list[Fault]:
    """Everything that answers lack on a day, in the order of the questions; what is not asked lacks nothing."""
    shown = asked(questions, answers)
    found = [
        Fault(each.id, words)
        for each in shown
        if (words := fault_of(each, answers.get(str(each.id)), files=files.get(each.id, 0), on=on))
    ]
    amounts = {each.id: amount_of(each, answers.get(str(each.id))) for each in shown}
    found += [Fault(each.left_id, each.words) for each in checks if not holds(each, amounts)]
    found += _faults_of_capital(shown, answers)
    order = {each.id: place for place, each in enumerate(shown)}
    return sorted(found, key=lambda fault: order.get(fault.question_id, 0))


def _faults_of_capital(shown: Sequence[Question], answers: Answers) -> list[Fault]:
    """The part for capital is never more than the whole amount applied for."""
    whole, part = sum_asked(shown, answers), capital_asked(shown, answers)
    if whole is None or part is None or part <= whole:
        return []
    one = next(each for each in shown if each.is_capital_asked)
    return [Fault(one.id, f"The part for capital must not be more than the {Money(whole)} applied for")]


def capital_asked(questions: Iterable[Any], answers: Answers) -> int | None:
    """The part of the sum that is for capital, in pence: the answer to the one question that asks for it, if there is one."""
    ids = [str(each.id) for each in questions if each.is_capital_asked]
    return answers.get(ids[0]) if ids else None


def sums_asked(questions: Sequence[Any], answers: Answers) -> dict[str, Money | None]:
    """What is applied for and its part for capital, as an application keeps them."""
    found = {"asked_for": sum_asked(questions, answers), "asked_capital": capital_asked(questions, answers)}
    return {name: None if pence is None else Money(pence) for name, pence in found.items()}


def sum_asked(questions: Iterable[Any], answers: Answers) -> int | None:
    """The sum that is applied for, in pence: the answer to the one question that asks for it, if it is asked."""
    ids = [str(each.id) for each in questions if each.is_sum_asked]
    return answers.get(ids[0]) if ids else None


def state_of(*, is_begun: bool, is_finished: bool, has_faults: bool) -> SectionState:
    """How far a section is: complete only as long as nothing in it lacks anything, whatever was said once."""
    if not is_begun:
        return SectionState.NOT_STARTED
    return SectionState.COMPLETE if is_finished and not has_faults else SectionState.IN_PROGRESS


def answer_in_words(question: Question, answer: Any) -> str:
    """An answer as it is read; nothing where there is none."""
    if answer in (None, "", []):
        return ""
    ways = {
        "money": lambda: str(Money(answer)),
        "number": lambda: f"{answer:,}",
        "date": lambda: day_in_words(date.fromisoformat(answer)),
        "yes_no": lambda: str(answer).capitalize(),
        "costs": lambda: "\n".join(
            [*(f"{item}: {Money(pence)}" for item, pence in answer), f"Total: {total_of_costs(answer)}"]
        ),
    }
    return ways[str(question.kind)]() if str(question.kind) in ways else str(answer)


def total_of_costs(costs: Iterable[Sequence[Any]]) -> Money:
    """What costs come to."""
    return Money(sum(pence for _, pence in costs))
