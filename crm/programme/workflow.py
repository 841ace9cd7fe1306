"""The ways of the programme: a round is prepared, then published; an application is filled in, then handed in."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class RoundStatus(StrEnum):
    """Where a round stands. Whether a published one takes applications is told by its moments, not by its status."""

    DRAFT = "draft"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class QuestionKind(StrEnum):
    """What an answer to a question is."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    MONEY = "money"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    FILE = "file"
    COSTS = "costs"


class Comparison(StrEnum):
    """How one sum has to stand to another."""

    AT_MOST = "at_most"
    AT_LEAST = "at_least"


class ApplicationStatus(StrEnum):
    """Where an application stands. What its round's moments make of that is told by the round."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ASSESSED = "assessed"
    INELIGIBLE = "ineligible"
    WITHDRAWN = "withdrawn"


class ClearanceStatus(StrEnum):
    """Whether an adviser has found that a business can apply, where its answers did not say."""

    WAITING = "waiting"
    CLEARED = "cleared"
    DENIED = "denied"


class AssessmentStatus(StrEnum):
    """Where an assessment stands. What is excluded was handed in or begun by somebody who turned out to have an interest."""

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


class QueryStatus(StrEnum):
    """Where a query to an applicant stands."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class Act(StrEnum):
    """What can be done in the programme."""

    SEE_PROGRAMME = "see_programme"
    SEE_ROUND = "see_round"
    VIEW = "view"
    VIEW_ROUND = "view_round"
    PREPARE = "prepare_round"
    COPY = "copy_round"
    CHANGE = "change_round"
    PUBLISH = "publish_round"
    DISCARD = "discard_round"
    CHECK = "check_round"
    START = "start_application"
    LIST_APPLICATIONS = "list_applications"
    FILL_IN = "fill_in_application"
    ATTACH = "attach_to_application"
    REMOVE_FILE = "remove_from_application"
    SUBMIT = "submit_application"
    WITHDRAW = "withdraw_application"
    MISS_DEADLINE = "miss_deadline"
    EXTEND = "extend_application"
    CLEAR = "clear_application"
    DENY = "deny_application"
    RULE_OUT = "rule_out_application"
    READMIT = "readmit_application"
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
    VIEW_SCORES = "view_scores"
    VIEW_RANKING = "view_ranking"
    VIEW_PACK = "view_decision_pack"
    VIEW_ROUND_PACK = "view_round_pack"
    EXTRACT = "extract_ranking"
    MODERATE = "moderate_score"
    REVEAL = "reveal_scores"
    FINALISE = "finalise_application"
    ASSESS_AGAIN = "assess_again"
    OPEN_CRITERIA = "open_criteria"
    CLOSE_CRITERIA = "close_criteria"
    ERASE = "erase_application"
    ASK = "ask_applicant"
    ANSWER = "answer_query"
    CLOSE_QUERY = "close_query"


R, A, C = RoundStatus, ApplicationStatus, ClearanceStatus
S, Q = AssessmentStatus, QueryStatus

ROUNDS = Machine(
    "round",
    start=R.DRAFT,
    moves=[move(Act.PUBLISH, R.DRAFT, R.PUBLISHED), move(Act.DISCARD, R.DRAFT, R.DISCARDED)],
)

APPLICATIONS = Machine(
    "application",
    start=A.DRAFT,
    moves=[
        move(Act.SUBMIT, A.DRAFT, A.SUBMITTED),
        move(Act.WITHDRAW, (A.DRAFT, A.SUBMITTED, A.ASSESSED, A.INELIGIBLE), A.WITHDRAWN),
        move(Act.RULE_OUT, (A.SUBMITTED, A.ASSESSED), A.INELIGIBLE),
        move(Act.FINALISE, A.SUBMITTED, A.ASSESSED),
        move(Act.ASSESS_AGAIN, A.ASSESSED, A.SUBMITTED),
        move(Act.READMIT, A.INELIGIBLE, A.SUBMITTED),
    ],
)

CLEARANCES = Machine(
    "question of eligibility",
    start=C.WAITING,
    moves=[
        move(Act.CLEAR, (C.WAITING, C.DENIED), C.CLEARED),
        move(Act.DENY, (C.WAITING, C.CLEARED), C.DENIED),
    ],
)

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

QUERIES = Machine(
    "query",
    start=Q.OPEN,
    moves=[move(Act.ANSWER, Q.OPEN, Q.ANSWERED), move(Act.CLOSE_QUERY, Q.OPEN, Q.CLOSED)],
)
