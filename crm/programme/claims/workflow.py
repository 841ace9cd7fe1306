"""The way of a claim from draft to paid, of evidence for a milestone, of a change to an award, and of money paid back."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from crm.kernel.proposals import TwoPeople
from crm.kernel.workflow import Machine, move


class ClaimStatus(StrEnum):
    """Where a claim is. ``APPROVED`` is waiting for the payment."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    PAID = "paid"
    REJECTED = "rejected"
    DISCARDED = "discarded"


class EvidenceStatus(StrEnum):
    """What became of the evidence that a milestone is met. A draft was not handed in yet, or was taken back."""

    DRAFT = "draft"
    HANDED_IN = "handed_in"
    ACCEPTED = "accepted"
    SENT_BACK = "sent_back"


class ChangeStatus(StrEnum):
    """What became of a change that a business asked for. One that moves money is supported first, and then approved."""

    ASKED = "asked"
    SUPPORTED = "supported"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class RecoveryStatus(StrEnum):
    """Where a request to pay money back is. What was received is free again only after it is released (P46)."""

    ASKED = "asked"
    RECEIVED = "received"
    RELEASED = "released"
    CANCELLED = "cancelled"


class ChangeKind(StrEnum):
    """What of an award is to change."""

    TIME = "time"
    SCOPE = "scope"
    MONEY = "money"


class MoneyProposalKind(StrEnum):
    """What two people decide about the money of an award: that an approved claim is returned unpaid, or that money is paid back."""

    RETURN = "return"
    REPAYMENT = "repayment"


class MoneyProposalStatus(StrEnum):
    """What became of a proposal about the money of an award. No money moves before another person confirms it."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Reminder(StrEnum):
    """Whether a business is reminded before the day of a milestone, or after it."""

    BEFORE = "before"
    AFTER = "after"


class Act(StrEnum):
    """What can be done with claims and what belongs to them."""

    VIEW = "view_claim"
    LIST = "list_claims"
    EXTRACT = "extract_claims"
    READ = "read_what_was_handed_in"
    BEGIN = "begin_claim"
    ADD_COST = "add_cost"
    EDIT_COST = "edit_cost"
    REMOVE_COST = "remove_cost"
    ATTACH = "attach_invoice"
    REMOVE_FILE = "remove_invoice"
    SUBMIT = "submit_claim"
    DISCARD = "discard_claim"
    TAKE_BACK_CLAIM = "take_back_claim"
    RETURN = "return_claim"
    APPROVE = "approve_claim"
    REJECT = "reject_claim"
    MARK_PAID = "mark_claim_paid"
    REOPEN = "reopen_paid_claim"
    PAY_AGAIN = "pay_claim_again"
    RETURN_UNPAID = "return_unpaid_claim"
    NOTE_REJECTED = "note_payment_rejected"
    NOTE_CANCELLED = "note_payment_cancelled"
    BEGIN_EVIDENCE = "begin_evidence"
    EDIT_EVIDENCE = "edit_evidence"
    ADD_FILES = "add_evidence_files"
    DROP_FILE = "remove_evidence_file"
    HAND_IN = "hand_in_evidence"
    TAKE_BACK = "take_back_evidence"
    ACCEPT = "accept_evidence"
    SEND_BACK = "send_back_evidence"
    ASK_BACK = "ask_for_repayment"
    RECEIVE = "record_repayment"
    NOTE_REST = "note_rest_of_repayment"
    CORRECT = "correct_repayment"
    RELEASE = "release_repayment"
    CANCEL = "cancel_repayment"
    VIEW_PROPOSAL = "view_money_proposal"
    PROPOSE_RETURN = "propose_claim_return"
    PROPOSE_REPAYMENT = "propose_repayment"
    CONFIRM_PROPOSAL = "confirm_money_proposal"
    REFUSE_PROPOSAL = "refuse_money_proposal"
    WITHDRAW_PROPOSAL = "withdraw_money_proposal"
    READ_PROPOSAL = "read_money_proposal"
    ASK_CHANGE = "request_award_change"
    SUPPORT_CHANGE = "support_award_change"
    APPROVE_CHANGE = "approve_award_change"
    REFUSE_CHANGE = "refuse_award_change"
    WITHDRAW_CHANGE = "withdraw_award_change"


def why_not_supported(change: Any) -> str | None:
    """Only a change that moves money takes two people."""
    if change.kind is ChangeKind.MONEY:
        return None
    return "No money moves in this change, so one person approves it."


def why_not_approved_yet(change: Any) -> str | None:
    """A change that moves money is approved by a second person, after the first supported it."""
    if change.kind is not ChangeKind.MONEY or change.status is ChangeStatus.SUPPORTED:
        return None
    return "This change moves money. A programme manager supports it first, and another person approves it."


C, E, R, X = ClaimStatus, EvidenceStatus, RecoveryStatus, ChangeStatus
CLAIMS = Machine(
    "claim on an award",
    start=C.DRAFT,
    moves=[
        move(Act.SUBMIT, {C.DRAFT, C.RETURNED}, C.SUBMITTED),
        move(Act.DISCARD, {C.DRAFT, C.RETURNED}, C.DISCARDED),
        move(Act.TAKE_BACK_CLAIM, C.SUBMITTED, C.DRAFT),
        move(Act.RETURN, C.SUBMITTED, C.RETURNED),
        move(Act.APPROVE, C.SUBMITTED, C.APPROVED),
        move(Act.REJECT, C.SUBMITTED, C.REJECTED),
        move(Act.MARK_PAID, C.APPROVED, C.PAID),
        move(Act.REOPEN, C.PAID, C.APPROVED),
        move(Act.PAY_AGAIN, C.APPROVED, C.APPROVED),
        move(Act.RETURN_UNPAID, C.APPROVED, C.RETURNED),
    ],
)
EVIDENCE = Machine(
    "evidence for a milestone",
    start=E.DRAFT,
    moves=[
        move(Act.HAND_IN, E.DRAFT, E.HANDED_IN),
        move(Act.TAKE_BACK, E.HANDED_IN, E.DRAFT),
        move(Act.ACCEPT, E.HANDED_IN, E.ACCEPTED),
        move(Act.SEND_BACK, E.HANDED_IN, E.SENT_BACK),
    ],
)
RECOVERIES = Machine(
    "repayment",
    start=R.ASKED,
    moves=[
        move(Act.RECEIVE, R.ASKED, R.RECEIVED),
        move(Act.CORRECT, R.RECEIVED, R.RECEIVED),
        move(Act.RELEASE, R.RECEIVED, R.RELEASED),
        move(Act.CANCEL, R.ASKED, R.CANCELLED),
    ],
)
MONEY = TwoPeople(
    "proposal about the money of an award",
    start=MoneyProposalStatus.PROPOSED,
    confirm=Act.CONFIRM_PROPOSAL,
    refuse=Act.REFUSE_PROPOSAL,
    withdraw=Act.WITHDRAW_PROPOSAL,
    read=Act.READ_PROPOSAL,
)
OPEN_CHANGES = (X.ASKED, X.SUPPORTED)
CHANGES = Machine(
    "change to an award",
    start=X.ASKED,
    moves=[
        move(Act.SUPPORT_CHANGE, X.ASKED, X.SUPPORTED, unless=why_not_supported),
        move(Act.APPROVE_CHANGE, OPEN_CHANGES, X.APPROVED, unless=why_not_approved_yet),
        move(Act.REFUSE_CHANGE, OPEN_CHANGES, X.REFUSED),
        move(Act.WITHDRAW_CHANGE, OPEN_CHANGES, X.WITHDRAWN),
    ],
)
OPEN_CLAIMS = (C.DRAFT, C.SUBMITTED, C.RETURNED)
EDITABLE = (C.DRAFT, C.RETURNED)
UNSENT = (*EDITABLE, C.DISCARDED)
"""Claims whose costs and files are the business's own: they were not submitted as they are now."""
