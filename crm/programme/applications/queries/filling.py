"""How far an application is filled in: its answers, its files, what they lack, and the state of each section."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zlib import crc32

from crm.kernel.clock import day_of, today
from crm.kernel.money import Money
from crm.programme.applications.models import Application, ApplicationFile, SectionAnswers
from crm.programme.applications.queries.applications import files_of, latest_answers
from crm.programme.applications.rules.answering import (
    Fault,
    SectionState,
    asked,
    faults,
    state_of,
    sums_asked,
)
from crm.programme.rounds.models import RoundQuestion, RoundSection


@dataclass(frozen=True)
class Filled:
    """An application as it is filled in now. Sections and questions are looked up by id."""

    latest: Mapping[UUID, SectionAnswers]
    files: Mapping[UUID, list[ApplicationFile]]
    answers: Mapping[str, Any]
    faults: list[Fault]
    states: Mapping[UUID, SectionState]
    asked: list[RoundQuestion]

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to do before it is submitted."""
        return all(state is SectionState.COMPLETE for state in self.states.values())

    @property
    def sums(self) -> dict[str, Money | None]:
        """What is applied for, and the part of it for capital, as the application keeps them."""
        return sums_asked(self.asked, self.answers)

    @property
    def seal(self) -> int:
        """A number that is another one once any answer or file is: what somebody declares is what they read."""
        versions = sorted(f"{key} {each.version}" for key, each in self.latest.items())
        files = sorted(str(each.document_id) for rows in self.files.values() for each in rows)
        return crc32("\n".join([*versions, *files]).encode()) % 1_000_000_000

    def faults_in(self, section: RoundSection) -> dict[UUID, str]:
        """What a section lacks, by question."""
        own = {each.id for each in section.questions}
        return {each.question_id: each.words for each in self.faults if each.question_id in own}

    def faults_with(self, found: Application, typed: Mapping[str, Any]) -> dict[UUID, str]:
        """What the answers would lack, by question, if these were among them."""
        counts = {key: len(rows) for key, rows in self.files.items()}
        told: dict[str, Any] = {"answers": {**self.answers, **typed}, "files": counts, "on": judged_on(found)}
        return {
            each.question_id: each.words for each in faults(found.round.questions, found.round.checks, **told)
        }

    def asked_in(self, section: RoundSection) -> list[RoundQuestion]:
        """The questions of a section that are asked, given the answers."""
        return [each for each in self.asked if each.section_id == section.id]


def judged_on(found: Application) -> date:
    """The day on which answers are judged: that of submitting, today before it. What was sound then stays sound."""
    return day_of(found.submitted_at) if found.submitted_at else today()


def filled(found: Application) -> Filled:
    """How far an application is, in two queries. Its round with questions and checks must be loaded."""
    latest, files = latest_answers(found.id), files_of(found.id)
    answers = {name: value for each in latest.values() for name, value in each.answers.items()}
    questions = found.round.questions
    counts = {key: len(rows) for key, rows in files.items()}
    lacking = faults(questions, found.round.checks, answers=answers, files=counts, on=judged_on(found))
    states = {each.id: _state(each, latest.get(each.id), files, lacking) for each in found.round.sections}
    shown = [each for each in questions if each in asked(questions, answers)]
    return Filled(latest, files, answers, lacking, states, shown)


def _state(
    section: RoundSection,
    kept: SectionAnswers | None,
    files: Mapping[UUID, list[ApplicationFile]],
    lacking: list[Fault],
) -> SectionState:
    own = {each.id for each in section.questions}
    return state_of(
        is_begun=kept is not None or bool(own & files.keys()),
        is_finished=kept is not None and kept.is_finished,
        has_faults=any(each.question_id in own for each in lacking),
    )
