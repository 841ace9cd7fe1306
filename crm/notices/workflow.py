"""The way of a letter from the outbox to its reader."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class LetterStatus(StrEnum):
    """Where a letter is. ``UNSURE`` was cut off between the mail server's yes and our note of it."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNSURE = "unsure"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNSENT = (LetterStatus.QUEUED, LetterStatus.SENDING, LetterStatus.UNSURE)
"""Still to be sent, wherever they are on the way."""

OVER = (LetterStatus.SENT, LetterStatus.CANCELLED)
"""Nothing more is done with them. One that failed waits for a person."""


class Act(StrEnum):
    """What can be done with a letter, by the worker or by an administrator."""

    LIST = "list_letters"
    VIEW = "view_letters"
    TAKE = "take"
    MARK_SENT = "mark_sent"
    POSTPONE = "postpone"
    LOSE_SIGHT = "lose_sight"
    GIVE_UP = "give_up"
    CANCEL = "cancel_letter"
    SEND_AGAIN = "send_again"
    SEND_ALL_AGAIN = "send_all_failed_emails_again"


S = LetterStatus
MACHINE = Machine(
    "letter",
    start=S.QUEUED,
    moves=[
        move(Act.TAKE, (S.QUEUED, S.UNSURE), S.SENDING),
        move(Act.MARK_SENT, (S.SENDING, S.UNSURE), S.SENT),
        move(Act.POSTPONE, S.SENDING, S.QUEUED),
        move(Act.LOSE_SIGHT, S.SENDING, S.UNSURE),
        move(Act.GIVE_UP, S.SENDING, S.FAILED),
        move(Act.CANCEL, (S.QUEUED, S.UNSURE, S.FAILED), S.CANCELLED),
        move(Act.SEND_AGAIN, S.FAILED, S.QUEUED),
    ],
)
