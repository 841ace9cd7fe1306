"""Reads of the bank's answers: the files, their lines, and the tries that they are about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from crm.db.session import session
from crm.funding.payments.models import (
    BankAnswer,
    BankAnswerLine,
    Payment,
    PaymentRun,
    RunLine,
)
from crm.funding.payments.rules.answers import TO_RESOLVE, Known, Said
from crm.funding.payments.workflow import AnswerStatus, PaymentStatus, RunStatus
from crm.kernel.clock import day_of, today

MOST = 200
RUN_STATUS = PaymentRun.__table__.c.status
ANSWER_STATUS = BankAnswer.__table__.c.status


def answer(answer_id: UUID) -> BankAnswer | None:
    """One file of the bank with its lines."""
    return session().scalar(_answers().where(BankAnswer.id == answer_id))


def answers() -> Sequence[BankAnswer]:
    """The newest files of the bank."""
    query = _answers().order_by(BankAnswer.uploaded_at.desc(), BankAnswer.id)
    return session().scalars(query.limit(MOST)).all()


def answers_to_record() -> Sequence[BankAnswer]:
    """The files of the bank that were uploaded and neither recorded nor discarded, the oldest first."""
    query = _answers().where(ANSWER_STATUS == AnswerStatus.UPLOADED)
    return session().scalars(query.order_by(BankAnswer.uploaded_at).limit(MOST)).all()


def recorded_with(digest: str) -> BankAnswer | None:
    """The recorded file with this content."""
    query = _answers().where(BankAnswer.digest == digest, ANSWER_STATUS == AnswerStatus.RECORDED)
    return session().scalar(query)


def _answers() -> Select[BankAnswer]:
    return select(BankAnswer).options(joinedload(BankAnswer.uploaded_by), selectinload(BankAnswer.lines))


def line(line_id: UUID) -> BankAnswerLine | None:
    """One line of a file of the bank."""
    query = select(BankAnswerLine).options(
        joinedload(BankAnswerLine.answer), joinedload(BankAnswerLine.resolved_by)
    )
    return session().scalar(query.where(BankAnswerLine.id == line_id))


def tries_of(lines: Collection[BankAnswerLine]) -> Mapping[UUID, RunLine]:
    """The try that each of some lines is about, by its id, with its payment and business; of lines that are none of ours, none."""
    query = select(RunLine).where(RunLine.id.in_([each.run_line_id for each in lines if each.run_line_id]))
    query = query.options(joinedload(RunLine.run), joinedload(RunLine.payment).joinedload(Payment.business))
    return {each.id: each for each in session().scalars(query)}


def to_resolve() -> Sequence[BankAnswerLine]:
    """The lines that nobody has looked into yet, in the order in which they came."""
    query = select(BankAnswerLine).join(BankAnswer, BankAnswer.id == BankAnswerLine.answer_id)
    query = query.where(
        ANSWER_STATUS == AnswerStatus.RECORDED,
        BankAnswerLine.verdict.in_(TO_RESOLVE),
        BankAnswerLine.resolved_at.is_(None),
    )
    query = query.options(joinedload(BankAnswerLine.answer))
    return (
        session().scalars(query.order_by(BankAnswer.uploaded_at, BankAnswerLine.position).limit(MOST)).all()
    )


def said_before(end_to_end_ids: Collection[str]) -> set[Said]:
    """What recorded files said about these ids that a person has to look into, or has."""
    query = select(BankAnswerLine).join(BankAnswer, BankAnswer.id == BankAnswerLine.answer_id)
    query = query.where(ANSWER_STATUS == AnswerStatus.RECORDED, BankAnswerLine.verdict.in_(TO_RESOLVE))
    query = query.where(BankAnswerLine.end_to_end_id.in_(list(end_to_end_ids)))
    return {each.said for each in session().scalars(query)}


def lines_settled_by(found: RunLine, *, is_paid: bool) -> Sequence[BankAnswerLine]:
    """The lines about a try that nobody has resolved yet, and that say of it what it came to: paid means this sum."""
    query = select(BankAnswerLine).where(BankAnswerLine.run_line_id == found.id)
    query = query.where(BankAnswerLine.verdict.in_(TO_RESOLVE), BankAnswerLine.resolved_at.is_(None))
    query = query.where(BankAnswerLine.is_paid.is_(is_paid))
    if is_paid:
        query = query.where(BankAnswerLine.amount == found.amount)
    return session().scalars(query.order_by(BankAnswerLine.answer_id, BankAnswerLine.position)).all()


def tries_by(end_to_end_ids: Collection[str], *, is_held: bool = False) -> Mapping[str, RunLine]:
    """The tries of these ids that went to the bank, each with its payment; ``is_held`` locks the payments."""
    query = select(RunLine).join(PaymentRun, PaymentRun.id == RunLine.run_id)
    query = query.where(RunLine.end_to_end_id.in_(list(end_to_end_ids)), RUN_STATUS == RunStatus.RELEASED)
    query = query.options(joinedload(RunLine.run), joinedload(RunLine.payment).joinedload(Payment.business))
    found = {each.end_to_end_id: each for each in session().scalars(query.order_by(RunLine.end_to_end_id))}
    if is_held:
        ids = [each.payment_id for each in found.values()]
        held = select(Payment).where(Payment.id.in_(ids)).order_by(Payment.id).with_for_update()
        session().scalars(held, execution_options={"populate_existing": True}).all()
        return tries_by(end_to_end_ids)
    return found


def lines_of_run(reference: str) -> Sequence[RunLine]:
    """The tries of the run with this reference, if it was released."""
    query = select(RunLine).join(PaymentRun, PaymentRun.id == RunLine.run_id)
    query = query.where(PaymentRun.reference == reference, RUN_STATUS == RunStatus.RELEASED)
    return session().scalars(query.order_by(RunLine.end_to_end_id)).all()


def known(tries: Mapping[str, RunLine]) -> dict[str, Known]:
    """What is known of some tries: what was counted for each."""
    ids: dict[Any, str] = {each.id: key for key, each in tries.items()}
    query = select(BankAnswerLine.run_line_id, BankAnswerLine.is_paid, BankAnswerLine.paid_on).where(
        BankAnswerLine.run_line_id.in_(list(ids)), BankAnswerLine.verdict.in_(("paid", "rejected"))
    )
    counted: dict[str, tuple[bool | None, date | None]] = {
        ids[line_id]: (is_paid, paid_on) for line_id, is_paid, paid_on in session().execute(query)
    }
    back = _returned([line for key, line in tries.items() if counted.get(key, (None, None))[0]])
    return {
        key: Known(
            each.amount,
            each.is_open,
            counted=counted.get(key, (None, None))[0],
            days=days_of(each.run),
            # where the file that settled it named no day, that of its run counts
            paid_on=counted.get(key, (None, None))[1] or each.run.pay_on,
            is_returned=each.id in back,
        )
        for key, each in tries.items()
    }


def _returned(paid: Collection[RunLine]) -> set[UUID]:
    """Of tries that the bank paid, those whose money came back: their payment is unpaid again, or was put in a later run."""
    newest = select(RunLine.payment_id, func.max(PaymentRun.made_at)).join(RunLine.run)
    newest = newest.where(RunLine.payment_id.in_([each.payment_id for each in paid]))
    rows = session().execute(newest.group_by(RunLine.payment_id)) if paid else ()
    last = {row[0]: row[1] for row in rows}
    return {
        each.id
        for each in paid
        if each.payment.status is not PaymentStatus.PAID or last[each.payment_id] > each.run.made_at
    }


def days_of(run: PaymentRun) -> tuple[date, date]:
    """The first and last day on which the bank can have made the payments of a run: from the day that it was told, until today."""
    return max(day_of(run.released_at or run.made_at), run.pay_on), today()


def open_lines(payment_ids: Collection[UUID]) -> dict[UUID, list[BankAnswerLine]]:
    """Of each of some payments that has any, the lines of the bank that nobody has resolved yet, about it or another for the same cause.

    A payment that was cancelled may have been paid all the same: then the one that was asked for after it must wait.
    """
    asked, tried = aliased(Payment), aliased(Payment)
    is_same = (tried.cause_table == asked.cause_table) & (tried.cause_id == asked.cause_id)
    query = select(asked.id, BankAnswerLine).join(RunLine, RunLine.id == BankAnswerLine.run_line_id)
    query = query.join(tried, tried.id == RunLine.payment_id).join(asked, is_same)
    query = query.where(
        asked.id.in_(list(payment_ids)),
        BankAnswerLine.verdict.in_(TO_RESOLVE),
        BankAnswerLine.resolved_at.is_(None),
    )
    found: dict[UUID, list[BankAnswerLine]] = {}
    order = (BankAnswerLine.answer_id, BankAnswerLine.position)
    for payment_id, line in session().execute(query.order_by(*order)):
        found.setdefault(payment_id, []).append(line)
    return found
