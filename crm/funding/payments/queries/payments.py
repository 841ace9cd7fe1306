"""Reads of payments, the runs that carry them to the bank, and what was said of them by hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crm.businesses.models import Business
from crm.db.paging import Order, Slice, slice_of
from crm.db.remembering import remembered
from crm.db.session import session
from crm.funding.envelopes.rules import Line, Subject
from crm.funding.payments.models import (
    BankAnswerLine,
    Payment,
    PaymentRun,
    RunLine,
    Settlement,
)
from crm.funding.payments.workflow import PaymentStatus, RunStatus
from crm.kernel.clock import is_past
from crm.kernel.money import Money

MOST = 200
OPEN = (PaymentStatus.DUE, PaymentStatus.IN_RUN, PaymentStatus.SENT, PaymentStatus.FAILED)
STATUS = Payment.__table__.c.status
RUN_STATUS = PaymentRun.__table__.c.status
NEWEST_FIRST = Order(
    (Payment.__table__.c.requested_at, Payment.__table__.c.id),
    lambda each: (each.requested_at, each.id),
    is_descending=True,
)
NEWEST_RUN_FIRST = Order(
    (PaymentRun.__table__.c.made_at, PaymentRun.__table__.c.id),
    lambda each: (each.made_at, each.id),
    is_descending=True,
)


@dataclass(frozen=True)
class PaymentSearch:
    """Which payments are looked for; empty parts ask nothing."""

    status: PaymentStatus | None = None
    business_id: UUID | None = None


def payment(payment_id: UUID) -> Payment | None:
    """One payment with its business, envelope, and every try to pay it."""
    query = _payments().options(selectinload(Payment.tries).joinedload(RunLine.run))
    return session().scalar(query.where(Payment.id == payment_id))


def _payments() -> Select[Payment]:
    return select(Payment).options(
        joinedload(Payment.business).undefer(Business.shared),
        joinedload(Payment.envelope),
        joinedload(Payment.approved_by),
    )


def _found(search: PaymentSearch) -> Select[Payment]:
    query = _payments()
    if search.status is not None:
        query = query.where(STATUS.in_([search.status]))
    if search.business_id is not None:
        query = query.where(Payment.business_id == search.business_id)
    return query


def payments(search: PaymentSearch, cursor: str | None = None) -> Slice[Payment]:
    """One page of payments, the newest first."""
    return slice_of(_found(search), NEWEST_FIRST, cursor=cursor)


def every_payment(search: PaymentSearch) -> Sequence[Payment]:
    """Every payment that a search finds, the newest first: for a file."""
    query = _found(search).options(selectinload(Payment.tries))
    return session().scalars(query.order_by(Payment.requested_at.desc(), Payment.id)).all()


def sums_by_status() -> list[tuple[PaymentStatus, int, Money]]:
    """How many payments are in each state, and what they add up to, in the order of a payment's life."""
    total = func.sum(Payment.amount, type_=Payment.amount.type)
    rows = session().execute(select(STATUS, func.count(), total).group_by(STATUS))
    known = {status: (count, sum_) for status, count, sum_ in rows}
    return [(each, *known[each]) for each in PaymentStatus if each in known]


def found_sum(search: PaymentSearch) -> tuple[int, Money]:
    """How many payments a search finds, and what they add up to."""
    found = _found(search).with_only_columns(Payment.id, Payment.amount).subquery()
    count, total = session().execute(select(func.count(), func.sum(found.c.amount)).select_from(found)).one()
    return count, Money(int(total.pence if isinstance(total, Money) else total or 0))


def payments_of(business_id: UUID) -> Sequence[Payment]:
    """The newest payments to a business."""
    query = _found(PaymentSearch(business_id=business_id)).options(selectinload(Payment.tries))
    return session().scalars(query.order_by(Payment.requested_at.desc(), Payment.id).limit(MOST)).all()


@remembered
def payments_about(subject: Subject) -> Sequence[Payment]:
    """Every payment of a subject of the ledger, or that this thing asked for, the oldest first."""
    theirs = or_(
        and_(Payment.about_table == subject.table, Payment.about_id == subject.id),
        and_(Payment.cause_table == subject.table, Payment.cause_id == subject.id),
    )
    query = _payments().where(theirs).order_by(Payment.requested_at, Payment.id)
    return session().scalars(query.limit(MOST)).all()


def payments_for(cause: Subject) -> list[Payment]:
    """Every payment that this thing asked for, the oldest first: one that counts, and those that were cancelled."""
    return [each for each in payments_about(cause) if each.cause == cause]


def payment_for(cause: Subject) -> Payment | None:
    """The payment that this thing asked for: the one that counts, or the newest of those that were cancelled."""
    made = payments_for(cause)
    counting = [each for each in made if each.status is not PaymentStatus.CANCELLED]
    return next(iter(counting or made[::-1]), None)


def open_about(about: Subject, *, envelope_id: UUID, line: Line) -> Sequence[Payment]:
    """The payments of a subject that may still be paid out of a line."""
    query = select(Payment).where(
        Payment.about_table == about.table,
        Payment.about_id == about.id,
        Payment.envelope_id == envelope_id,
        Payment.line == line,
        STATUS.in_(OPEN),
    )
    return session().scalars(query.order_by(Payment.requested_at, Payment.id)).all()


def due() -> Sequence[Payment]:
    """Every payment that is due, the one that waits longest first."""
    query = _payments().where(STATUS == PaymentStatus.DUE)
    return session().scalars(query.order_by(Payment.requested_at, Payment.id).limit(MOST)).all()


def failed(business_ids: Collection[UUID] | None = None) -> Sequence[Payment]:
    """Every payment that the bank rejected and nobody has seen to, of some businesses or of all, the oldest first."""
    query = _payments().where(STATUS == PaymentStatus.FAILED)
    if business_ids is not None:
        query = query.where(Payment.business_id.in_(list(business_ids)))
    return session().scalars(query.order_by(Payment.requested_at, Payment.id).limit(MOST)).all()


def hold_due(payment_ids: Collection[UUID]) -> Sequence[Payment]:
    """Lock some payments, in order, and read them anew: the ones of them that are due."""
    query = _payments().where(Payment.id.in_(list(payment_ids)), STATUS == PaymentStatus.DUE)
    query = query.order_by(Payment.requested_at, Payment.id).with_for_update(of=Payment)
    return session().scalars(query, execution_options={"populate_existing": True}).all()


def tries_of(payment_id: UUID) -> Sequence[RunLine]:
    """Every try to pay a payment."""
    query = select(RunLine).where(RunLine.payment_id == payment_id)
    return session().scalars(query.order_by(RunLine.end_to_end_id)).all()


def open_try(payment_id: UUID, *, is_held: bool = False) -> RunLine | None:
    """The try of a payment that went to the bank and was not answered, with its run; ``is_held`` locks the payment."""
    if is_held:
        held = select(Payment).where(Payment.id == payment_id).with_for_update()
        session().scalars(held, execution_options={"populate_existing": True}).all()
    query = select(RunLine).join(PaymentRun, PaymentRun.id == RunLine.run_id)
    query = query.where(
        RunLine.payment_id == payment_id, RunLine.is_open, RUN_STATUS == RunStatus.RELEASED
    ).options(
        joinedload(RunLine.run),
        joinedload(RunLine.payment).joinedload(Payment.business).undefer(Business.shared),
    )
    return session().scalar(query, execution_options={"populate_existing": is_held})


def last_try(payment_id: UUID) -> RunLine | None:
    """The try of a payment that went to the bank last, with its run."""
    query = select(RunLine).join(PaymentRun, PaymentRun.id == RunLine.run_id)
    query = query.where(RunLine.payment_id == payment_id, RUN_STATUS == RunStatus.RELEASED)
    query = query.options(joinedload(RunLine.run)).order_by(PaymentRun.released_at.desc(), RunLine.id)
    return session().scalar(query.limit(1))


def settlement(settlement_id: UUID) -> Settlement | None:
    """One proposal of what became of a payment."""
    return session().scalar(_settlements().where(Settlement.id == settlement_id))


def _settlements() -> Select[Settlement]:
    return select(Settlement).options(
        joinedload(Settlement.proposed_by),
        joinedload(Settlement.payment).options(
            joinedload(Payment.business).undefer(Business.shared), joinedload(Payment.approved_by)
        ),
    )


def settlement_waiting(payment_id: UUID) -> Settlement | None:
    """The proposal about a payment that waits for a second person: one at most."""
    query = _settlements().where(Settlement.payment_id == payment_id, Settlement.is_confirmed.is_(None))
    return session().scalar(query)


def said_by_hand(payment_ids: Collection[UUID]) -> set[UUID]:
    """Of some payments, those of which it was said by hand what became of them, and that wait for a second person."""
    query = select(Settlement.payment_id).where(Settlement.payment_id.in_(list(payment_ids)))
    return set(session().scalars(query.where(Settlement.is_confirmed.is_(None))))


def settlements_waiting() -> Sequence[Settlement]:
    """Every proposal that waits for a second person, the oldest first."""
    query = _settlements().where(Settlement.is_confirmed.is_(None))
    return session().scalars(query.order_by(Settlement.proposed_at, Settlement.id).limit(MOST)).all()


def unanswered(day: date) -> Sequence[RunLine]:
    """The tries that no answer of the bank settled, and that no one proposed to settle by hand.

    The bank was to pay them before a day, or a person looked into an answer about them that settled nothing.
    """
    proposed = select(Settlement.payment_id).where(Settlement.is_confirmed.is_(None))
    query = select(RunLine).join(PaymentRun, PaymentRun.id == RunLine.run_id)
    is_late = or_(is_past(PaymentRun.pay_on, on=day), RunLine.id.in_(_looked_into()))
    query = query.where(RunLine.is_open, RUN_STATUS == RunStatus.RELEASED, is_late)
    query = query.where(RunLine.payment_id.not_in(proposed)).options(
        joinedload(RunLine.run), joinedload(RunLine.payment).joinedload(Payment.business)
    )
    return session().scalars(query.order_by(PaymentRun.pay_on, RunLine.end_to_end_id).limit(MOST)).all()


def _looked_into() -> Select[Any]:
    return select(BankAnswerLine.run_line_id).where(
        BankAnswerLine.run_line_id.is_not(None), BankAnswerLine.resolved_at.is_not(None)
    )


def was_looked_into(line: RunLine) -> bool:
    """Whether a person looked into an answer of the bank about a try, and it settled nothing."""
    query = _looked_into().where(BankAnswerLine.run_line_id == line.id)
    return session().scalar(query.limit(1)) is not None


def run(run_id: UUID) -> PaymentRun | None:
    """One payment run with its people and lines."""
    return session().scalar(_runs().where(PaymentRun.id == run_id))


def hold_run(run_id: UUID) -> PaymentRun | None:
    """Lock a run until this transaction ends, and read it anew."""
    query = _runs().where(PaymentRun.id == run_id).with_for_update(of=PaymentRun)
    return session().scalar(query, execution_options={"populate_existing": True})


def _runs() -> Select[PaymentRun]:
    return select(PaymentRun).options(
        joinedload(PaymentRun.made_by),
        joinedload(PaymentRun.released_by),
        selectinload(PaymentRun.lines)
        .joinedload(RunLine.payment)
        .options(
            joinedload(Payment.business).undefer(Business.shared),
            joinedload(Payment.approved_by),
            joinedload(Payment.envelope),
        ),
    )


def runs(status: RunStatus | None = None, cursor: str | None = None) -> Slice[PaymentRun]:
    """One page of payment runs, the newest first."""
    query = _runs() if status is None else _runs().where(RUN_STATUS.in_([status]))
    return slice_of(query, NEWEST_RUN_FIRST, cursor=cursor)


def runs_holding(payment_ids: Collection[UUID]) -> Sequence[PaymentRun]:
    """The runs in which some payments are now, the oldest first."""
    query = _runs().where(PaymentRun.lines.any(RunLine.is_open & RunLine.payment_id.in_(list(payment_ids))))
    return session().scalars(query.order_by(PaymentRun.made_at).limit(MOST)).all()


def run_named(reference: str) -> PaymentRun | None:
    """The run with this reference, whatever became of it."""
    return session().scalar(_runs().where(PaymentRun.reference == reference))


def runs_to_check() -> Sequence[PaymentRun]:
    """Every run that waits for a second person, the oldest first."""
    query = _runs().where(RUN_STATUS == RunStatus.MADE)
    return session().scalars(query.order_by(PaymentRun.made_at).limit(MOST)).all()


def runs_at_the_bank() -> Sequence[PaymentRun]:
    """Every released run with a payment that no answer has settled, the one that the bank is to pay first at the top."""
    query = _runs().where(RUN_STATUS == RunStatus.RELEASED, PaymentRun.lines.any(RunLine.is_open))
    return session().scalars(query.order_by(PaymentRun.pay_on, PaymentRun.reference).limit(MOST)).all()


def runs_starting(prefix: str) -> int:
    """How many runs have a reference that begins so."""
    query = select(func.count()).select_from(PaymentRun).where(PaymentRun.reference.startswith(prefix))
    return session().scalar(query) or 0
