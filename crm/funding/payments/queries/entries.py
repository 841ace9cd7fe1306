"""What payments say of entries of the ledger: which of them a payment depends on, and what was paid about each subject."""

from __future__ import annotations

from sqlalchemy import select

from crm.db.session import session
from crm.funding.envelopes.models import LedgerEntry
from crm.funding.envelopes.queries.ledger import balances_of, entry
from crm.funding.envelopes.rules import LedgerAccount, Movement
from crm.funding.payments.models import Payment
from crm.funding.payments.queries.payments import STATUS, open_about
from crm.funding.payments.workflow import PaymentStatus
from crm.kernel.money import NO_MONEY

PAID = (
    "The bank made this payment, so its entry is not reversed here. If the bank returned the money, a finance officer records "
    "that on the page of the payment, and the ledger follows."
)


def why_entry_held(entry_id: int) -> str | None:
    """Why an entry of the ledger is not reversed by itself: a payment was made by it, or is to be made from it."""
    found = entry(entry_id)
    if found is not None and found.movement is Movement.PAY:
        return PAID if _is_payment(found) else None
    if found is not None and found.movement is Movement.CLAIM:
        return _why_awaited(found)
    return None


def _is_payment(found: LedgerEntry) -> bool:
    query = select(Payment.id).where(
        Payment.about_table == found.subject_table,
        Payment.about_id == found.subject_id,
        Payment.envelope_id == found.envelope_id,
        Payment.line == found.line,
        STATUS == PaymentStatus.PAID,
    )
    return session().scalar(query.limit(1)) is not None


def _why_awaited(found: LedgerEntry) -> str | None:
    """Why a claim is not reversed: its money is to be paid, or is on its way to the bank."""
    open_ = open_about(found.subject, envelope_id=found.envelope_id, line=found.line)
    waiting = sum((each.amount for each in open_), start=NO_MONEY)
    held = balances_of(found.subject, envelope_id=found.envelope_id, line=found.line)
    if not waiting or found.amount <= held[LedgerAccount.CLAIMED] - waiting:
        return None
    return (
        f"{waiting.in_full()} of what was claimed is to be paid, or on its way to the bank. Wait for the bank’s answer, or cancel "
        "what is still due on the page of its payment. Then the claim can be reversed."
    )
