"""What payments bring to the house."""

from __future__ import annotations

from crm.db.erasing import wholly
from crm.db.holding import HoldOfMany
from crm.db.processing import PUBLIC_TASK, Processing
from crm.funding.envelopes.rules import LINES
from crm.funding.payments.jobs import load_demo
from crm.funding.payments.policy import POLICY
from crm.funding.payments.queries.entries import entries_held, paid_beside, paid_without, why_entry_held
from crm.funding.payments.rules.answers import VERDICTS
from crm.funding.payments.rules.labels import (
    ANSWER_STATUSES,
    DETAILS_STATUSES,
    PAYMENT_STATUSES,
    RUN_STATUSES,
)
from crm.funding.payments.views import bank_answers, bank_details, payment_runs, payments, settlements
from crm.funding.payments.workflow import (
    ANSWERS,
    DETAILS,
    PAYMENTS,
    RUNS,
    Act,
    AnswerStatus,
    DetailsStatus,
    PaymentStatus,
    RunStatus,
)
from crm.kernel.roles import Role
from crm.web.beside import Beside
from crm.web.feature import Area, Feature, NavigationItem, Panel, Tab, Waiting

AWARD = ("award",)
"""The pages of the rooms above on which what waits here is listed too."""
OFFICERS = (Role.FINANCE_OFFICER,)
FEATURE = Feature(
    name="payments",
    blueprints=tuple(
        each.blueprint for each in (bank_details, payments, payment_runs, bank_answers, settlements)
    ),
    policy=POLICY,
    machines=(DETAILS, PAYMENTS, RUNS, ANSWERS),
    navigation=(
        NavigationItem("Payments", "payments.payments", Act.LIST, Area.FUNDING, order=41),
        NavigationItem("Payment runs", "payment_runs.runs", Act.LIST, Area.FUNDING, order=42),
        NavigationItem("Bank’s answers", "bank_answers.answers", Act.LIST, Area.FUNDING, order=43),
    ),
    panels=(Panel("Payments", "funding/payments/_panel.html", 46, bank_details.load_panel, Tab.MONEY),),
    waits=(
        Waiting(
            "Bank details to check",
            OFFICERS,
            Act.CONFIRM,
            bank_details.to_call_back,
            (DetailsStatus.ENTERED,),
        ),
        Waiting("Payments due", OFFICERS, Act.MAKE, payments.to_put_into_a_run, (PaymentStatus.DUE,)),
        Waiting(
            "Payments rejected",
            OFFICERS,
            Act.CANCEL,
            payments.rejected,
            (PaymentStatus.FAILED,),
            AWARD,
        ),
        Waiting(
            "Payments that wait for bank details",
            (Role.FOUNDER,),
            Act.ENTER,
            payments.to_enter_again,
            pages=AWARD,
        ),
        Waiting(
            "Payment runs to check",
            (*OFFICERS, Role.APPROVER),
            Act.RELEASE,
            payment_runs.to_check,
            (RunStatus.MADE,),
        ),
        Waiting(
            "Payment runs that cannot be released",
            (*OFFICERS, Role.APPROVER),
            Act.DISCARD,
            payment_runs.to_discard,
            (RunStatus.MADE,),
        ),
        Waiting(
            "Files to give to the bank", OFFICERS, Act.DOWNLOAD, payment_runs.to_give, (RunStatus.RELEASED,)
        ),
        Waiting(
            "Bank’s answers to record", OFFICERS, Act.RECORD, bank_answers.to_record, (AnswerStatus.UPLOADED,)
        ),
        Waiting(
            "Payments without an answer",
            OFFICERS,
            Act.PROPOSE,
            settlements.unanswered,
            (PaymentStatus.SENT,),
            AWARD,
        ),
        Waiting(
            "Payments to settle by hand",
            (*OFFICERS, Role.APPROVER),
            Act.SETTLE,
            settlements.to_confirm,
            pages=AWARD,
        ),
        Waiting("Bank’s lines to resolve", OFFICERS, Act.RESOLVE, bank_answers.to_resolve),
    ),
    demo=load_demo,
    pages={
        "bank_details": (bank_details.ONE, "details_id"),
        "payment": (payments.PAGE, "payment_id"),
        "payment_run": (payment_runs.PAGE, "run_id"),
        "bank_answer": (bank_answers.PAGE, "answer_id"),
    },
    holds={"ledger_entry": HoldOfMany(why_entry_held, entries_held)},
    finder=payment_runs.find,
    beside=(
        Beside(
            "Payments beside the ledger",
            ("award or business", "awards and businesses"),
            "paid",
            "paid in the ledger",
            paid_beside,
            alone=paid_without,
            alone_words="Entries with no payment",
            alone_why=(
                "Grants that were paid before payments were made here are taken over from older books: each says "
                "who entered it, when, and from which paper."
            ),
        ),
    ),
    walls={
        "uq_payment_run_line_open": ("payments", "Another run holds one of these payments. Choose again"),
        "uq_bank_details_entered": (
            "account_number",
            "Bank details of this business are already waiting for our call",
        ),
        "uq_payment_cause": ("", "A payment for this was asked for already"),
        "uq_payment_settlement_waiting": ("", "Another person has just said what became of this payment"),
        "uq_bank_answer_recorded": ("file", "This file was recorded already"),
    },
    fields={
        "payment.is_paid": "Paid by the bank",
        "payment.part_paid": "Part that the bank says it paid",
        "payment_settlement.is_paid": "Paid by the bank",
        "payment_settlement.is_confirmed": "Confirmed",
        "payment_settlement.paid_on": "Paid on",
        "bank_answer_line.is_paid": "Paid by the bank",
        "payment_run_line.is_open": "Waits for the bank",
    },
    words={
        "bank_details": "bank details",
        "payment": "payment",
        "payment_run": "payment run",
        "bank_answer": "answer of the bank",
        "payment_settlement": "settlement of a payment by hand",
        "bank_answer_line": "line of the bank’s answer",
        "bank_details.status": DETAILS_STATUSES,
        "payment.line": LINES,
        "payment.status": PAYMENT_STATUSES,
        "payment_run.status": RUN_STATUSES,
        "bank_answer.status": ANSWER_STATUSES,
        "bank_answer_line.verdict": VERDICTS,
    },
    processing=Processing(
        "Bank details and payments",
        "to pay grants to the right account, and to prove it",
        "people at businesses with an award, and staff who approve payments",
        PUBLIC_TASK,
        "the bank that pays",
    ),
    erasure={
        **wholly(
            "Bank details and payments",
            "the law on accounts and tax asks for records of payments",
            *("bank_details", "payment", "payment_run", "payment_run_line", "payment_settlement"),
            *("bank_answer", "bank_answer_line"),
        ),
    },
)
