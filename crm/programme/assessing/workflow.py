"""The life of an assessment: allocated, accepted, submitted."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class AssessmentStatus(StrEnum):
    """Where an assessment stands. What is excluded was submitted or begun by somebody who turned out to have an interest."""

    ALLOCATED = "allocated"
    ACCEPTED = "accepted"
    SUBMITTED = "submitted"
    DECLINED = "declined"
    EXCLUDED = "excluded"
    CLOSED = "closed"


class DeclineReason(StrEnum):
    """Why an assessor does not take an application on."""

    INTEREST = "interest"
    CAPACITY = "capacity"
    EXPERTISE = "expertise"


class Act(StrEnum):
    """What can be done in assessing."""

    VIEW = "view_assessing"
    VIEW_PANEL = "view_assessors"
    ADD_ASSESSOR = "add_assessor"
    REMOVE_ASSESSOR = "remove_assessor"
    ALLOCATE = "allocate_assessment"
    TAKE_BACK = "take_back_assessment"
    DECLARE = "declare_interest"
    END_INTEREST = "end_interest"
    LIST_ASSESSMENTS = "list_assessments"
    VIEW_ASSESSMENT = "view_assessment"
    ACCEPT = "accept_assessment"
    DECLINE = "decline_assessment"
    SCORE = "score_assessment"
    HAND_IN = "hand_in_assessment"
    EXCLUDE = "exclude_assessment"
    CLOSE = "close_assessment"
    RETURN = "return_assessment"
    ALLOW_LATE = "allow_late_assessment"
    REMIND = "remind_assessor"
    VIEW_SCORES = "view_scores"
    VIEW_RANKING = "view_ranking"
    VIEW_PACK = "view_decision_pack"
    VIEW_ROUND_PACK = "view_round_pack"
    EXTRACT = "extract_ranking"
    MODERATE = "moderate_score"
    REVEAL = "reveal_scores"
    FINALISE = "finalise_application"
    ASSESS_AGAIN = "assess_again"


S = AssessmentStatus

ASSESSMENTS = Machine(
    "assessment",
    start=S.ALLOCATED,
    moves=[
        move(Act.ACCEPT, S.ALLOCATED, S.ACCEPTED),
        move(Act.DECLINE, (S.ALLOCATED, S.ACCEPTED), S.DECLINED),
        move(Act.HAND_IN, S.ACCEPTED, S.SUBMITTED),
        move(Act.RETURN, S.SUBMITTED, S.ACCEPTED),
        move(Act.EXCLUDE, (S.ALLOCATED, S.ACCEPTED, S.SUBMITTED), S.EXCLUDED),
        move(Act.CLOSE, (S.ALLOCATED, S.ACCEPTED), S.CLOSED),
        move(Act.ALLOCATE, (S.DECLINED, S.CLOSED), S.ALLOCATED),
    ],
)
