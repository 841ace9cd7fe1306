"""The way of a diagnosis: begun, then finished; and what can be done with one."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class DiagnosisStatus(StrEnum):
    """Where a diagnosis stands. A finished one never changes: a new one is begun instead."""

    OPEN = "open"
    FINISHED = "finished"


class AnsweredBy(StrEnum):
    """Who gave the answers."""

    BUSINESS = "business"
    ADVISER = "adviser"
    TOGETHER = "together"


class Route(StrEnum):
    """How a business is passed on: pointed at services, or taken to them by an adviser."""

    LIGHT = "light"
    WARM = "warm"


class Act(StrEnum):
    """What can be done with question sets and diagnoses."""

    VIEW_QUESTIONS = "view_question_sets"
    VIEW = "view_diagnosis"
    BEGIN = "begin_diagnosis"
    ANSWER = "answer_diagnosis"
    FINISH = "finish_diagnosis"


MACHINE = Machine(
    "diagnosis",
    start=DiagnosisStatus.OPEN,
    moves=[move(Act.FINISH, DiagnosisStatus.OPEN, DiagnosisStatus.FINISHED)],
)
