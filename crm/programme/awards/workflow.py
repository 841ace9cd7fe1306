"""The life of an award: its offer is prepared, sent and answered; then it runs until it is completed or ended early."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from crm.kernel.calendar import day_in_words
from crm.kernel.clock import is_past, today
from crm.kernel.proposals import TwoPeople
from crm.kernel.workflow import Machine, move


class AwardStatus(StrEnum):
    """Where an award stands."""

    PREPARED = "prepared"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"
    COMPLETED = "completed"


class ClosingStatus(StrEnum):
    """What became of a proposal to close an award. Nothing is released before it is confirmed."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ClosingKind(StrEnum):
    """How an award is closed: early, or complete."""

    END = "end"
    COMPLETE = "complete"


class Strand(StrEnum):
    """What a milestone works towards."""

    IP = "ip"
    SALES = "sales"
    MARKETS = "markets"


class Act(StrEnum):
    """What can be done with awards."""

    VIEW = "view_award"
    LIST_AWARDS = "list_awards"
    LIST_OWN = "list_own_awards"
    PREPARE = "prepare_offer"
    CHANGE = "change_offer"
    CHECK_COMPANY = "check_company_of_award"
    OFFER = "send_offer"
    SEND_AGAIN = "send_offer_again"
    ACCEPT = "accept_offer"
    DECLINE = "decline_offer"
    LAPSE = "lapse_offer"
    WITHDRAW = "withdraw_offer"
    END = "end_award"
    COMPLETE = "complete_award"
    VIEW_CLOSING = "view_award_closing"
    PROPOSE_CLOSING = "propose_award_closing"
    CONFIRM_CLOSING = "confirm_award_closing"
    REFUSE_CLOSING = "refuse_award_closing"
    WITHDRAW_CLOSING = "withdraw_award_closing"
    READ_CLOSING = "read_award_closing"


def why_not_answered(award: Any) -> str | None:
    """An offer is answered by its last day, the whole of that day included, also before the day's work lets it lapse."""
    if award.status is not AwardStatus.OFFERED or not is_past(award.offer_expires_on, on=today()):
        return None
    return f"This offer ended on {day_in_words(award.offer_expires_on)}. It cannot be accepted, declined or sent again now."


def why_not_lapsed(award: Any) -> str | None:
    """An offer lapses the day after its last day."""
    if is_past(award.offer_expires_on, on=today()):
        return None
    return f"This offer can be accepted until the end of {day_in_words(award.offer_expires_on)}."


S = AwardStatus
CHECKED = (S.PREPARED, S.ACCEPTED, S.ENDED, S.COMPLETED)
"""Where a company is checked: before its offer, and before each payment, which may be the last one of an award that is over."""
MACHINE = Machine(
    "award",
    start=S.PREPARED,
    moves=[
        move(Act.CHANGE, S.PREPARED, S.PREPARED),
        *(move(Act.CHECK_COMPANY, state, state) for state in CHECKED),
        move(Act.OFFER, S.PREPARED, S.OFFERED),
        move(Act.SEND_AGAIN, S.OFFERED, S.OFFERED, unless=why_not_answered),
        move(Act.ACCEPT, S.OFFERED, S.ACCEPTED, unless=why_not_answered),
        move(Act.DECLINE, S.OFFERED, S.DECLINED, unless=why_not_answered),
        move(Act.LAPSE, S.OFFERED, S.LAPSED, unless=why_not_lapsed),
        move(Act.WITHDRAW, {S.PREPARED, S.OFFERED, S.ACCEPTED}, S.WITHDRAWN),
        move(Act.END, S.ACCEPTED, S.ENDED),
        move(Act.COMPLETE, S.ACCEPTED, S.COMPLETED),
    ],
)
CLOSINGS = TwoPeople(
    "proposal to close an award",
    start=ClosingStatus.PROPOSED,
    confirm=Act.CONFIRM_CLOSING,
    refuse=Act.REFUSE_CLOSING,
    withdraw=Act.WITHDRAW_CLOSING,
    read=Act.READ_CLOSING,
)
OVER = (S.DECLINED, S.LAPSED, S.WITHDRAWN, S.ENDED, S.COMPLETED)
"""Where nothing more happens with an award."""
RUNNING = (S.ACCEPTED, S.ENDED, S.COMPLETED)
"""Where the business accepted the offer."""
