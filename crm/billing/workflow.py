"""How a membership was paid for, where a payment by card stands, and what can be done about either."""

from __future__ import annotations

from enum import StrEnum


class Way(StrEnum):
    """How a period came to be."""

    INVOICE = "invoice"
    TRANSFER = "transfer"
    WAIVER = "waiver"
    CARD = "card"


class Stage(StrEnum):
    """How far an attempt to pay by card came: in this order, and never back."""

    STARTED = "started"
    OPEN = "open"
    WAITING = "waiting"
    EXPIRED = "expired"
    FAILED = "failed"
    COMPLETE = "complete"


class Standing(StrEnum):
    """Where a subscription stands, in Stripe's own words."""

    INCOMPLETE = "incomplete"
    INCOMPLETE_EXPIRED = "incomplete_expired"
    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    UNPAID = "unpaid"
    PAUSED = "paused"
    CANCELED = "canceled"


class Invoiced(StrEnum):
    """Where an invoice stands, in Stripe's own words."""

    DRAFT = "draft"
    OPEN = "open"
    PAID = "paid"
    UNCOLLECTIBLE = "uncollectible"
    VOID = "void"


class Dispute(StrEnum):
    """What became of a payment that the card's holder disputes at their bank."""

    NONE = "none"
    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Outcome(StrEnum):
    """What became of an event that Stripe sent."""

    DONE = "done"
    IGNORED = "ignored"
    NOT_OURS = "not_ours"
    WRONG_MODE = "wrong_mode"
    FAILED = "failed"


class Act(StrEnum):
    """What can be done about memberships."""

    VIEW_OWN = "view_own_membership"
    LIST = "list_memberships"
    VIEW = "view_membership"
    RECORD = "record_membership"
    VOID = "void_membership"
    REMIND = "remind_of_membership"
    ASK_BACK = "ask_for_refund"
    PAY = "pay_for_membership"
    CHANGE_CARD = "change_card"
    OPEN_RECEIPT = "open_receipt"
    STOP_RENEWING = "stop_renewing_membership"
    RESUME_RENEWING = "resume_renewing_membership"
    MOVE_RENEWAL = "move_renewal"
    CLOSE_PAGE = "close_payment_page"
    SETTLE = "settle_partial_refund"
    HEAR = "hear_from_stripe"
    LIST_EVENTS = "list_stripe_events"
    REPLAY = "replay_stripe_event"
    CLOSE_EVENT = "close_stripe_event"
    ASK_CHECK = "ask_for_stripe_check"
    CHECK = "check_with_stripe"


LIVE = (Standing.TRIALING, Standing.ACTIVE, Standing.PAST_DUE, Standing.UNPAID, Standing.PAUSED)
"""A person has one of these at most: a second would be paid for twice."""
OWED = (Standing.PAST_DUE, Standing.UNPAID)
"""A payment has failed, and Stripe tries it again."""
UNDER_WAY = (Stage.STARTED, Stage.OPEN, Stage.WAITING)
IN_DISPUTE = ("needs_response", "under_review")


def dispute_of(word: str) -> Dispute:
    """Stripe's word for a dispute as the membership reads it: an inquiry moves no money yet, so that it changes nothing."""
    if word in IN_DISPUTE:
        return Dispute.OPEN
    return {"won": Dispute.WON, "lost": Dispute.LOST}.get(word, Dispute.NONE)


def stage_of(status: str, payment_status: str, *, has_bounced: bool) -> Stage:
    """How far a visit to the payment page came, by Stripe's words for it. A delayed payment that failed looks as if it waited."""
    if status != "complete":
        return {"expired": Stage.EXPIRED}.get(status, Stage.OPEN)
    if payment_status in ("paid", "no_payment_required"):
        return Stage.COMPLETE
    return Stage.FAILED if has_bounced else Stage.WAITING
