"""The way of bank details, payments, payment runs and the bank's answers, and what can be done with them."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class DetailsStatus(StrEnum):
    """Where bank details stand. Only confirmed ones are paid to; a business has one of these at most."""

    ENTERED = "entered"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


class PaymentStatus(StrEnum):
    """Where a payment stands. Only the bank's answer makes it paid or failed."""

    DUE = "due"
    IN_RUN = "in_run"
    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"


class RunStatus(StrEnum):
    """Where a payment run stands. There is a file for the bank once it is released."""

    MADE = "made"
    RELEASED = "released"
    DISCARDED = "discarded"


class AnswerStatus(StrEnum):
    """Where a file of the bank stands. Nothing follows from it before it is recorded."""

    UPLOADED = "uploaded"
    RECORDED = "recorded"
    DISCARDED = "discarded"


class Act(StrEnum):
    """What can be done with payments."""

    LIST = "list_payments"
    VIEW = "view_payment"
    VIEW_DETAILS = "view_bank_details"
    CHECK_DETAILS = "check_bank_details"
    ENTER = "enter_bank_details"
    WITHDRAW = "withdraw_bank_details"
    CONFIRM = "confirm_bank_details"
    REFUSE = "refuse_bank_details"
    REPLACE = "replace_bank_details"
    REVEAL = "reveal_account_number"
    REQUEST = "request_payment"
    REQUEST_AGAIN = "request_payment_again"
    MAKE = "make_payment_run"
    JOIN = "join_payment_run"
    RELEASE = "release_payment_run"
    SEND = "send_payment"
    DISCARD = "discard_payment_run"
    LEAVE = "leave_payment_run"
    DOWNLOAD = "download_payment_run"
    UPLOAD = "upload_bank_answer"
    RECORD = "record_bank_answer"
    DROP = "discard_bank_answer"
    PAY = "record_as_paid"
    FAIL = "record_as_failed"
    NOTE_PART = "note_part_paid"
    RETURN = "take_back_payment"
    REDATE = "correct_paid_day"
    RESOLVE = "resolve_bank_line"
    PROPOSE = "propose_settlement"
    SETTLE = "confirm_settlement"
    REJECT = "refuse_settlement"
    RETRY = "retry_payment"
    CANCEL = "cancel_payment"
    EXTRACT = "extract_payments"


D, P, R, A = DetailsStatus, PaymentStatus, RunStatus, AnswerStatus
DETAILS = Machine(
    "set of bank details",
    start=D.ENTERED,
    moves=[
        move(Act.CONFIRM, D.ENTERED, D.CONFIRMED),
        move(Act.REFUSE, D.ENTERED, D.REFUSED),
        move(Act.WITHDRAW, D.ENTERED, D.WITHDRAWN),
        move(Act.REPLACE, D.CONFIRMED, D.REPLACED),
    ],
)
PAYMENTS = Machine(
    "payment",
    start=P.DUE,
    moves=[
        move(Act.JOIN, P.DUE, P.IN_RUN),
        move(Act.LEAVE, P.IN_RUN, P.DUE),
        move(Act.SEND, P.IN_RUN, P.SENT),
        move(Act.PAY, P.SENT, P.PAID),
        move(Act.FAIL, P.SENT, P.FAILED),
        move(Act.RETURN, P.PAID, P.FAILED),
        move(Act.RETRY, P.FAILED, P.DUE),
        move(Act.CANCEL, {P.DUE, P.FAILED}, P.CANCELLED),
    ],
)
RUNS = Machine(
    "payment run",
    start=R.MADE,
    moves=[
        move(Act.RELEASE, R.MADE, R.RELEASED),
        move(Act.DISCARD, R.MADE, R.DISCARDED),
    ],
)
ANSWERS = Machine(
    "answer of the bank",
    start=A.UPLOADED,
    moves=[
        move(Act.RECORD, A.UPLOADED, A.RECORDED),
        move(Act.DROP, A.UPLOADED, A.DISCARDED),
    ],
)
