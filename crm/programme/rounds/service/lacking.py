"""What keeps a draft round from being published, each with the part of the round where it is mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crm.programme.rounds.models import Round
from crm.programme.rounds.rules.composing import repeated
from crm.programme.rounds.rules.weights import weight_fault
from crm.programme.rounds.workflow import QuestionKind


@dataclass(frozen=True)
class Lack:
    """One thing that is missing or wrong, in words. ``part`` and ``id`` say where it is mended: a section with this id …"""

    words: str
    part: str
    id: UUID


def lacking(found: Round, *, at: datetime) -> list[Lack]:
    """Everything that keeps a round from being published."""
    return [*_of_questions(found), *_of_criteria(found), *_of_dates(found, at)]


def _of_questions(found: Round) -> Iterator[Lack]:
    if not found.sections:
        yield Lack("Add at least one section of questions", "sections", found.id)
    for each in found.sections:
        if not each.questions:
            yield Lack(f"{each.title}: add at least one question", "section", each.id)
    if not any(each.is_sum_asked for each in found.questions):
        yield Lack("Say which question asks for the amount applied for", *_where_sum_is_asked(found))
    for each in repeated(found.sections, lambda row: row.title):
        yield Lack(f"Two sections are called “{each.title}”: rename one", "renamed", each.id)
    for asked in repeated(found.questions, lambda row: row.label):
        yield Lack(f"“{asked.label}” is asked twice: change one of the questions", "question", asked.id)


def _where_sum_is_asked(found: Round) -> tuple[str, UUID]:
    """A question that could ask for it, or where one is added."""
    sums = [each for each in found.questions if each.kind is QuestionKind.MONEY]
    if sums:
        return "question", sums[-1].id
    return ("section", found.sections[-1].id) if found.sections else ("sections", found.id)


def _of_criteria(found: Round) -> Iterator[Lack]:
    fault = weight_fault([each.weight for each in found.criteria])
    if fault and found.criteria:
        yield Lack(fault, "criterion", found.criteria[-1].id)
    elif fault:
        yield Lack(fault, "criteria", found.id)
    for each in repeated(found.criteria, lambda row: row.title):
        yield Lack(f"Two criteria are called “{each.title}”: rename one", "criterion", each.id)


def _of_dates(found: Round, at: datetime) -> Iterator[Lack]:
    if found.deadline_at <= at:
        yield Lack("The deadline has passed: set a later one", "dates", found.id)
