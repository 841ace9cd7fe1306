"""What payments say of entries of the ledger: which of them a payment depends on, and what was paid about each subject."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, case, func, select

from crm.db.session import session
from crm.funding.envelopes.models import LedgerEntry
from crm.funding.envelopes.queries.beside import NONE, beside, moved, moved_beyond
from crm.funding.envelopes.queries.ledger import balances_of, entry, lying_about
from crm.funding.envelopes.rules import LedgerAccount, Line, Movement, Subject
from crm.funding.payments.models import Payment
from crm.funding.payments.queries.payments import OPEN, STATUS, open_about
from crm.funding.payments.workflow import PaymentStatus
from crm.kernel.money import NO_MONEY, Money

WAY = (LedgerAccount.CLAIMED, LedgerAccount.PAID)
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


def entries_held(entry_ids: Collection[int]) -> set[int]:
    """Which of some entries `why_entry_held` holds, for a list: three queries however many they are."""
    moved = (Movement.PAY, Movement.CLAIM)
    query = select(LedgerEntry).where(LedgerEntry.id.in_(entry_ids), LedgerEntry.movement.in_(moved))
    found = session().scalars(query).all()
    paid, waiting = _payments_about({each.subject_id for each in found})
    lying = lying_about({each.subject for each in found})
    held: set[int] = set()
    for each in found:
        place = (each.envelope_id, each.line, each.subject)
        if each.movement is Movement.PAY and place in paid:
            held.add(each.id)
        elif each.movement is Movement.CLAIM and place in waiting:
            claimed = lying[place][LedgerAccount.CLAIMED] if place in lying else NO_MONEY
            held |= {each.id} if each.amount > claimed - waiting[place] else set()
    return held


Place = tuple[UUID, Line, Subject]


def _payments_about(about_ids: Collection[UUID]) -> tuple[dict[Place, Money], dict[Place, Money]]:
    """What was paid about some things, and what may still be paid, by envelope, line and thing."""
    where = (Payment.envelope_id, Payment.line, Payment.about_table, Payment.about_id)
    total = func.sum(Payment.amount, type_=Payment.amount.type)
    query = select(*where, STATUS, total).where(Payment.about_id.in_(about_ids)).group_by(*where, STATUS)
    paid: dict[Place, Money] = {}
    waiting: dict[Place, Money] = {}
    for envelope_id, line, table, row_id, status, sum_ in session().execute(query):
        place = (envelope_id, line, Subject(table, row_id))
        into = paid if status is PaymentStatus.PAID else waiting if status in OPEN else None
        if into is not None:
            into[place] = into.get(place, NO_MONEY) + sum_
    return paid, waiting


def paid_beside() -> Subquery:
    """What was paid about each thing beside what the ledger says: things that no payment was ever asked for are left out."""
    paid = case((STATUS == PaymentStatus.PAID, Payment.amount), else_=NONE)
    ours = select(Payment.about_table, Payment.about_id, func.sum(paid, type_=Payment.amount.type))
    return beside(ours.group_by(Payment.about_table, Payment.about_id), moved(WAY, _is_asked_for()))


def paid_without() -> Subquery:
    """What the ledger says was paid, by envelope and thing, about things that no payment was ever asked for."""
    return moved_beyond(WAY, ~_is_asked_for())


def _is_asked_for() -> ColumnElement[bool]:
    """That a payment was asked for about the subject of an entry, whatever became of it."""
    query = select(Payment.id).where(Payment.about_table == LedgerEntry.subject_table)
    return query.where(Payment.about_id == LedgerEntry.subject_id).exists()


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
