"""The way of a referral: sent, answered, brought to an end, and opened again where that was too early."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from crm.kernel.workflow import Machine, move


class ReferralStatus(StrEnum):
    """Where a referral stands. Announced: the business was told and can still object. Sent, accepted and under way are
    outstanding; declined, lapsed, withdrawn and objected to are closed.
    """

    DRAFT = "draft"
    ANNOUNCED = "announced"
    SENT = "sent"
    ACCEPTED = "accepted"
    UNDER_WAY = "under_way"
    COMPLETED = "completed"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    OBJECTED = "objected"


class Outcome(StrEnum):
    """How a referral ended."""

    HELPED = "helped"
    FUNDED = "funded"
    GOES_ON = "goes_on"
    NOT_SUITABLE = "not_suitable"
    NO_REPLY = "no_reply"


class Act(StrEnum):
    """What can be done with referrals."""

    LIST = "list_referrals"
    VIEW = "view_referral"
    ASK = "ask_for_referral"
    DRAFT = "draft_referral"
    EDIT = "edit_referral"
    SEND = "send_referral"
    ANNOUNCE = "announce_referral"
    RELEASE = "release_referral"
    AGREE = "agree_to_referral"
    OBJECT = "object_to_referral"
    ACCEPT = "accept_referral"
    START = "start_referral"
    COMPLETE = "complete_referral"
    DECLINE = "decline_referral"
    LAPSE = "lapse_referral"
    CHASE = "chase_referral"
    WITHDRAW = "withdraw_referral"
    HAND = "hand_over_referral"
    REOPEN = "reopen_referral"
    CLOSE = "close_referral"
    OPEN_REPLY = "open_reply"
    OPEN_TOLD = "open_told"
    OPEN_HELPED = "open_helped"
    SAY_HELPED = "say_helped"
    VIEW_PROVIDER = "view_provider_record"


class Look(StrEnum):
    """What the rooms above are asked of a referral that was drafted from a page of theirs."""

    SOURCE = "see_whether_the_source_of_a_referral_was_withdrawn"


S = ReferralStatus
OUTSTANDING = (S.SENT, S.ACCEPTED, S.UNDER_WAY)
OPEN = (S.DRAFT, S.ANNOUNCED, *OUTSTANDING)
CLOSED = (S.DECLINED, S.LAPSED, S.WITHDRAWN, S.OBJECTED)


def why_not_send(referral: Any) -> str | None:
    """To a colleague it goes at once; to a provider only after the business was told."""
    return (
        None
        if referral.service_id is None
        else "Tell the business first: it can object before anything is sent."
    )


def why_not_announce(referral: Any) -> str | None:
    """A business is told before another organisation learns of it; a colleague is no other organisation."""
    return None if referral.service_id is not None else "This goes to a colleague, so send it directly."


REFERRALS = Machine(
    "referral",
    start=S.DRAFT,
    moves=[
        move(Act.SEND, S.DRAFT, S.SENT, unless=why_not_send),
        move(Act.ANNOUNCE, S.DRAFT, S.ANNOUNCED, unless=why_not_announce),
        move(Act.RELEASE, S.ANNOUNCED, S.SENT),
        move(Act.AGREE, S.ANNOUNCED, S.SENT),
        move(Act.OBJECT, S.ANNOUNCED, S.OBJECTED),
        move(Act.ACCEPT, S.SENT, S.ACCEPTED),
        move(Act.START, (S.SENT, S.ACCEPTED), S.UNDER_WAY),
        move(Act.COMPLETE, OUTSTANDING, S.COMPLETED),
        move(Act.DECLINE, OUTSTANDING, S.DECLINED),
        move(Act.LAPSE, S.SENT, S.LAPSED),
        move(Act.WITHDRAW, (S.DRAFT, S.ANNOUNCED, *OUTSTANDING), S.WITHDRAWN),
        move(Act.REOPEN, (S.DECLINED, S.LAPSED, S.WITHDRAWN), S.DRAFT),
        move(Act.CLOSE, (S.DECLINED, S.LAPSED, S.OBJECTED), S.WITHDRAWN),
    ],
)


def why_not_edit(referral: Any) -> str | None:
    """A draft is changed; what left stays as it was read."""
    return (
        None
        if referral.status is S.DRAFT
        else "The business was told of this or it was sent, so it cannot be changed. Withdraw it and draft another."
    )


def why_not_say_helped(referral: Any) -> str | None:
    """A business is asked once the referral is completed, and once only."""
    if referral.completed_at is None:
        return "This referral is not completed yet."
    return None if referral.helped is None else "You have already answered this. Thank you."
