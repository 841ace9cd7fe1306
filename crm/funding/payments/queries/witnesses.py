"""Who says that something was paid: the bank in one of its answers, or two people by hand where it said nothing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, literal, select

from crm.funding.payments.models import BankAnswer, BankAnswerLine, Payment, RunLine, Settlement
from crm.funding.payments.queries.payments import STATUS
from crm.funding.payments.rules.answers import Verdict
from crm.funding.payments.workflow import PaymentStatus


def who_says_paid(table: str, cause_id: Any) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """The account that confirmed by hand that a row was paid, and in words whose word it is; empty where nobody's is kept."""
    paid = (Payment.cause_table == table, Payment.cause_id == cause_id, STATUS == PaymentStatus.PAID)
    by_bank = (
        select(func.max(literal("The bank’s answer, ") + BankAnswer.name))
        .join(BankAnswerLine, BankAnswerLine.answer_id == BankAnswer.id)
        .join(RunLine, RunLine.id == BankAnswerLine.run_line_id)
        .join(Payment, Payment.id == RunLine.payment_id)
        .where(*paid, BankAnswerLine.verdict == Verdict.PAID)
        .scalar_subquery()
    )
    by_hand = select(Settlement.decided_by_id).join(Payment, Payment.id == Settlement.payment_id)
    by_hand = by_hand.where(*paid, Settlement.is_confirmed.is_(True), Settlement.is_paid.is_(True))
    by_hand = by_hand.order_by(Settlement.decided_at.desc()).limit(1)
    return by_hand.scalar_subquery(), func.coalesce(by_bank, "")
