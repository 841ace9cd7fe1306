"""The way of an enquiry through the queue and of an action plan to the business, and what can be done on the way."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from crm.kernel.workflow import Machine, move


class EnquiryStatus(StrEnum):
    """Where an enquiry stands. The service-level clock runs until it is answered."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    ANSWERED = "answered"
    CLOSED = "closed"


class PlanStatus(StrEnum):
    """Where an action plan stands. A business has one that is sent at most: a newer one takes its place."""

    DRAFT = "draft"
    SENT = "sent"
    SUPERSEDED = "superseded"
    DISCARDED = "discarded"


class Way(StrEnum):
    """How an enquiry came."""

    WEB = "web"
    PHONE = "phone"
    EMAIL = "email"
    EVENT = "event"


class CloseReason(StrEnum):
    """Why an enquiry was closed."""

    HELPED = "helped"
    POINTED_ELSEWHERE = "pointed_elsewhere"
    OUT_OF_AREA = "out_of_area"
    NO_REPLY = "no_reply"
    NOT_WANTED = "not_wanted"
    DUPLICATE = "duplicate"
    SPAM = "spam"


class StepOwner(StrEnum):
    """Whose step it is."""

    BUSINESS = "business"
    ADVISER = "adviser"
    PROVIDER = "provider"


class Act(StrEnum):
    """What can be done here."""

    FIND_SUPPORT = "find_support"
    ENQUIRE = "enquire"
    RESUME = "resume_enquiry"
    FOLLOW = "follow_enquiry"
    WITHDRAW = "withdraw_enquiry"
    TAKE_DOWN = "take_down_enquiry"
    LIST = "list_enquiries"
    VIEW = "view_enquiry"
    EXTRACT = "extract_enquiries"
    CLAIM = "claim_enquiry"
    RELEASE = "release_enquiry"
    ASSIGN = "assign_enquiry"
    HAND_OVER = "hand_over_enquiry"
    ANSWER = "answer_enquiry"
    CLOSE = "close_enquiry"
    REOPEN = "reopen_enquiry"
    NOTE = "note_on_enquiry"
    ATTACH = "attach_enquiry"
    TRIAGE = "triage"
    VIEW_CAPACITY = "view_capacity"
    SET_CAPACITY = "set_capacity"
    RECORD_ABSENCE = "record_absence"
    CHANGE_ABSENCE = "change_absence"
    END_ABSENCE = "end_absence"
    VIEW_PLAN = "view_plan"
    OPEN_PLAN = "open_plan"
    DRAFT_PLAN = "draft_plan"
    EDIT_PLAN = "edit_plan"
    SEND_PLAN = "send_plan"
    SUPERSEDE_PLAN = "supersede_plan"
    DISCARD_PLAN = "discard_plan"
    HAND_PLAN = "hand_over_plan"
    TICK_STEP = "tick_step"


S, P = EnquiryStatus, PlanStatus
IN_HAND = (S.CLAIMED, S.ANSWERED)
WITHDRAWN = "Withdrawn by the person who sent it."
"""The note of an enquiry that its sender withdrew."""


def why_not_reopen(enquiry: Any) -> str | None:
    """Its sender was told, when withdrawing it, that no adviser contacts them about it."""
    if enquiry.close_note != WITHDRAWN:
        return None
    return "The person who sent this enquiry withdrew it, so it cannot be reopened. They can send a new one."


ENQUIRIES = Machine(
    "enquiry",
    start=S.WAITING,
    moves=[
        move(Act.CLAIM, S.WAITING, S.CLAIMED),
        move(Act.RELEASE, IN_HAND, S.WAITING),
        move(Act.ASSIGN, (S.WAITING, S.CLAIMED), S.CLAIMED),
        move(Act.ASSIGN, S.ANSWERED, S.ANSWERED),
        move(Act.HAND_OVER, (S.WAITING, *IN_HAND), S.WAITING),
        move(Act.ANSWER, IN_HAND, S.ANSWERED),
        move(Act.CLOSE, (S.WAITING, *IN_HAND), S.CLOSED),
        move(Act.WITHDRAW, (S.WAITING, *IN_HAND), S.CLOSED),
        move(Act.REOPEN, S.CLOSED, S.WAITING, unless=why_not_reopen),
    ],
)

PLANS = Machine(
    "plan",
    start=P.DRAFT,
    moves=[
        move(Act.SEND_PLAN, P.DRAFT, P.SENT),
        move(Act.SUPERSEDE_PLAN, P.SENT, P.SUPERSEDED),
        move(Act.DISCARD_PLAN, P.DRAFT, P.DISCARDED),
    ],
)
