"""The life of an application: filled in, submitted, assessed; and of the questions that it raises."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class ApplicationStatus(StrEnum):
    """Where an application stands. What its round's moments make of that is told by the round."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ASSESSED = "assessed"
    RULED_OUT = "ineligible"  # stored so; a verdict on facts is `kernel.eligibility.Verdict`
    WITHDRAWN = "withdrawn"


class ClearanceStatus(StrEnum):
    """Whether an adviser has found that a business can apply, where its answers did not say."""

    WAITING = "waiting"
    CLEARED = "cleared"
    DENIED = "denied"


class QueryStatus(StrEnum):
    """Where a query to an applicant stands."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class Act(StrEnum):
    """What can be done with applications."""

    CHECK = "check_round"
    START = "start_application"
    VIEW = "view"
    LIST_APPLICATIONS = "list_applications"
    FILL_IN = "fill_in_application"
    TAKE_OVER = "take_over_answers"
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
    CONCLUDE = "conclude_assessing"
    RESUME = "resume_assessing"
    ASK = "ask_applicant"
    ANSWER = "answer_query"
    CLOSE_QUERY = "close_query"
    ERASE = "erase_application"


A, C, Q = ApplicationStatus, ClearanceStatus, QueryStatus

APPLICATIONS = Machine(
    "application",
    start=A.DRAFT,
    moves=[
        move(Act.SUBMIT, A.DRAFT, A.SUBMITTED),
        move(Act.WITHDRAW, (A.DRAFT, A.SUBMITTED, A.ASSESSED), A.WITHDRAWN),
        move(Act.RULE_OUT, (A.SUBMITTED, A.ASSESSED), A.RULED_OUT),
        move(Act.CONCLUDE, A.SUBMITTED, A.ASSESSED),
        move(Act.RESUME, A.ASSESSED, A.SUBMITTED),
        move(Act.READMIT, A.RULED_OUT, A.SUBMITTED),
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

QUERIES = Machine(
    "query",
    start=Q.OPEN,
    moves=[move(Act.ANSWER, Q.OPEN, Q.ANSWERED), move(Act.CLOSE_QUERY, Q.OPEN, Q.CLOSED)],
)
