"""Question sets and answers: how they are read, what the answers say a business needs, and how it is passed on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from crm.kernel.errors import BadInput

LONGEST_NOTE = 10_000
SEVERITIES = {
    "0": "Not now",
    "1": "Some day",
    "2": "This year",
    "3": "Urgent",
}
"""How pressing something is, 0 to 3. A question that is left out is not known, which is none of these."""
PRESSING, MANY_AREAS = 2, 3
MOST_SEVERE = 3
NOT_SURE = "Not sure"
ALL_OF_IT = "All of it"
"""What it means to choose nothing of an area that matters (`needs_of`)."""
NOTHING = "nothing"
"""The choice that is made alone."""


class Kind(StrEnum):
    """What can be answered to a question."""

    SEVERITY = "severity"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"


@dataclass(frozen=True)
class TriageQuestion:
    """One question of a set. ``shown_if`` names a severity that must not be 0 for it to be asked."""

    key: str
    section: str
    kind: Kind
    text: str
    hint: str = ""
    needs: tuple[str, ...] = ()
    narrows: str = ""
    shown_if: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Need:
    """A need with its severity, 1 to 3, and its words."""

    name: str
    severity: int
    words: str


def read_questions(rows: Iterable[Mapping[str, Any]]) -> tuple[TriageQuestion, ...]:
    """The questions of a set as it is kept; raises ValueError for one that cannot be asked."""
    questions = tuple(
        TriageQuestion(
            key=row["key"],
            section=row["section"],
            kind=Kind(row["kind"]),
            text=row["text"],
            hint=row.get("hint", ""),
            needs=tuple(row.get("needs", ())),
            narrows=row.get("narrows", ""),
            shown_if=row.get("shown_if", ""),
            choices=dict(row.get("choices", {})),
        )
        for row in rows
    )
    keys = {each.key for each in questions}
    strangers = [each.key for each in questions if {each.narrows, each.shown_if} - {""} - keys]
    if len(keys) != len(questions) or strangers:
        raise ValueError(f"a question set asks twice, or refers to what it does not ask: {strangers}")
    return questions


def is_asked(question: TriageQuestion, answers: Mapping[str, Any]) -> bool:
    """Whether a question is asked, given the answers so far."""
    return not question.shown_if or int(answers.get(question.shown_if) or 0) > 0


def checked(questions: Sequence[TriageQuestion], given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that were really given. Raises `BadInput` for a stranger: a question or a choice of no such set."""
    known = {each.key: each for each in questions}
    strangers = [key for key in given if key not in known]
    if strangers:
        raise BadInput(f"There is no such question: {strangers[0][:60]}")
    return {
        key: _checked(known[key], value) for key, value in given.items() if value not in (None, "", [], ())
    }


def _checked(question: TriageQuestion, value: Any) -> Any:
    if question.kind is Kind.TEXT:
        text = str(value)
        if len(text) > LONGEST_NOTE:
            raise BadInput(f"This must be {LONGEST_NOTE:,} characters or fewer")
        return text
    allowed = SEVERITIES if question.kind is Kind.SEVERITY else question.choices
    chosen = [str(each) for each in value] if question.kind is Kind.CHOICES else [str(value)]
    if any(each not in allowed for each in chosen):
        raise BadInput("Choose one of the answers")
    fault = fault_in_choices(chosen, question.choices) if question.kind is Kind.CHOICES else None
    if fault:
        raise BadInput(fault)
    return list(dict.fromkeys(chosen)) if question.kind is Kind.CHOICES else chosen[0]


def fault_in_choices(chosen: Iterable[str], choices: Mapping[str, str]) -> str | None:
    """What is wrong with answers ticked together: "nothing" beside something; None where they go together."""
    if NOTHING not in choices or NOTHING not in set(chosen) or len(set(chosen)) == 1:
        return None
    return f"Choose “{choices[NOTHING]}” alone, or the others without it"


def needs_of(questions: Sequence[TriageQuestion], answers: Mapping[str, Any]) -> dict[str, int]:
    """What a business needs, with its severity, 1 to 3.

    An area that is pressing raises each of its needs as severely as the area; where it was said what exactly, only
    those. A need of two areas has the higher severity. What was not answered raises nothing.
    """
    narrowed = {each.narrows: answers.get(each.key) or () for each in questions if each.narrows}
    found: dict[str, int] = {}
    for each in questions:
        severity = int(answers.get(each.key) or 0) if each.kind is Kind.SEVERITY else 0
        for need in (narrowed.get(each.key) or each.needs) if severity else ():
            found[need] = max(severity, found.get(need, 0))
    return found


def warm_reasons(questions: Sequence[TriageQuestion], answers: Mapping[str, Any]) -> list[str]:
    """Why an adviser should go along rather than only point: each reason in words; none is a light route."""
    pressing = [int(answers.get(each.key) or 0) for each in questions if each.kind is Kind.SEVERITY]
    table = (
        (max(pressing, default=0) == MOST_SEVERE, "something is urgent"),
        (
            sum(each >= PRESSING for each in pressing) >= MANY_AREAS,
            f"{MANY_AREAS} or more areas matter this year",
        ),
        (answers.get("ambition") == "scale", "the business means to grow fast"),
        (answers.get("seeks_finance") == "yes", "the business is looking for finance"),
    )
    return [words for holds, words in table if holds]


def needs_in_words(questions: Sequence[TriageQuestion], needs: Mapping[str, int]) -> list[Need]:
    """Needs as they are shown: the most severe first, then by name."""
    words = {name: label for each in questions if each.narrows for name, label in each.choices.items()}
    rows = [Need(name, severity, words.get(name, name.replace("_", " "))) for name, severity in needs.items()]
    return sorted(rows, key=lambda need: (-need.severity, need.words))


def given_in_words(question: TriageQuestion, answers: Mapping[str, Any]) -> str:
    """What was answered to a question, as it is shown: nothing chosen of an area that matters is all of it."""
    matters = bool(question.narrows) and int(answers.get(question.narrows) or 0) > 0
    return (
        ALL_OF_IT
        if matters and not answers.get(question.key)
        else answer_in_words(question, answers.get(question.key))
    )


def answer_in_words(question: TriageQuestion, value: Any) -> str:
    """One answer as it is shown."""
    if value in (None, "", []):
        return NOT_SURE
    if question.kind is Kind.TEXT:
        return str(value)
    words = SEVERITIES if question.kind is Kind.SEVERITY else question.choices
    return "; ".join(words[each] for each in (value if isinstance(value, list) else [str(value)]))
