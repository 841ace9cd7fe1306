"""How diagnoses, readiness assessments and their question sets move on, and what can be done with each."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class DiagnosisStatus(StrEnum):
    """Where a diagnosis stands. A finished one never changes: a new one is begun instead."""

    OPEN = "open"
    FINISHED = "finished"


class ReadinessStatus(StrEnum):
    """Where a readiness assessment stands. A finished one never changes: a new one is begun instead."""

    ANSWERING = "answering"
    FINISHED = "finished"


class SetStatus(StrEnum):
    """Where a version of a readiness question set stands: only a published one is begun, only a draft is edited."""

    DRAFT = "draft"
    DISCARDED = "discarded"
    PUBLISHED = "published"
    RETIRED = "retired"


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
    """What can be done with question sets, diagnoses and readiness assessments."""

    VIEW_QUESTIONS = "view_question_sets"
    VIEW = "view_diagnosis"
    BEGIN = "begin_diagnosis"
    ANSWER = "answer_diagnosis"
    FINISH = "finish_diagnosis"
    LIST_READINESS = "list_readiness_assessments"
    VIEW_COHORT = "view_readiness_cohort"
    EXTRACT_READINESS = "extract_readiness_assessments"
    ANSWER_OPENLY = "answer_readiness_without_account"
    BRING_READINESS = "bring_readiness_answers"
    BEGIN_READINESS = "begin_readiness_assessment"
    ANSWER_READINESS = "answer_readiness_assessment"
    FINISH_READINESS = "finish_readiness_assessment"
    DRAFT_SET = "draft_question_set"
    EDIT_SET = "edit_question_set"
    PUBLISH_SET = "publish_question_set"
    RETIRE_SET = "retire_question_set"
    DISCARD_SET = "discard_question_set"


MACHINE = Machine(
    "diagnosis",
    start=DiagnosisStatus.OPEN,
    moves=[move(Act.FINISH, DiagnosisStatus.OPEN, DiagnosisStatus.FINISHED)],
)
READINESS = Machine(
    "readiness assessment",
    start=ReadinessStatus.ANSWERING,
    moves=[move(Act.FINISH_READINESS, ReadinessStatus.ANSWERING, ReadinessStatus.FINISHED)],
)
SETS = Machine(
    "question set",
    start=SetStatus.DRAFT,
    moves=[
        move(Act.PUBLISH_SET, SetStatus.DRAFT, SetStatus.PUBLISHED),
        move(Act.DISCARD_SET, SetStatus.DRAFT, SetStatus.DISCARDED),
        move(Act.RETIRE_SET, SetStatus.PUBLISHED, SetStatus.RETIRED),
    ],
)
