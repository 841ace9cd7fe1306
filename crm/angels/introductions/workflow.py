"""An investor and a business agree to meet, or do not."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class IntroductionStatus(StrEnum):
    """Where a request of an investor to meet a business stands. Contacts are shown in ``AGREED`` alone."""

    REQUESTED = "requested"
    HELD = "held"
    AGREED = "agreed"
    DECLINED = "declined"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"
    TAKEN_BACK = "taken_back"
    EXPIRED = "expired"


class DeclineReason(StrEnum):
    """Why a business does not want to meet an investor."""

    NOT_NOW = "not_now"
    RAISED = "raised"
    TICKET = "ticket"
    FIT = "fit"
    OTHER = "other"


class Act(StrEnum):
    """What can be done with introductions."""

    REQUEST = "request_introduction"
    LIST_INTRODUCTIONS = "list_introductions"
    VIEW = "view_introduction"
    AGREE = "agree_to_introduction"
    TURN_DOWN = "turn_down_introduction"
    HOLD = "hold_introduction"
    RELEASE = "release_introduction"
    LAPSE = "lapse_introduction"
    EXPIRE = "expire_introduction"
    CANCEL = "cancel_introduction"
    TAKE_BACK = "take_back_request"
    REMIND = "remind_of_introduction"
    END = "end_introduction"


M = IntroductionStatus
INTRODUCTIONS = Machine(
    "introduction",
    start=M.REQUESTED,
    moves=[
        move(Act.AGREE, M.REQUESTED, M.AGREED),
        move(Act.HOLD, M.REQUESTED, M.HELD),
        move(Act.RELEASE, M.HELD, M.AGREED),
        move(Act.TURN_DOWN, M.REQUESTED, M.DECLINED),
        move(Act.LAPSE, M.REQUESTED, M.LAPSED),
        move(Act.EXPIRE, M.HELD, M.EXPIRED),
        move(Act.CANCEL, (M.REQUESTED, M.HELD), M.CANCELLED),
        move(Act.END, M.REQUESTED, M.CANCELLED),
        move(Act.TAKE_BACK, (M.REQUESTED, M.HELD), M.TAKEN_BACK),
    ],
)
