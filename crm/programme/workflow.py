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
    INELIGIBLE = "ineligible"
    WITHDRAWN = "withdrawn"


class ClearanceStatus(StrEnum):
    """Whether an adviser has found that a business can apply, where its answers did not say."""

    WAITING = "waiting"
    CLEARED = "cleared"
    DENIED = "denied"


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


R, A, C = RoundStatus, ApplicationStatus, ClearanceStatus

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
        move(Act.WITHDRAW, (A.DRAFT, A.SUBMITTED, A.INELIGIBLE), A.WITHDRAWN),
        move(Act.RULE_OUT, A.SUBMITTED, A.INELIGIBLE),
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
