"""Payments and payment runs found by the reference under which the bank knows them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from crm.db.session import session
from crm.funding.payments.models import Payment, PaymentRun, RunLine


def runs_named(words: str, *, most: int) -> Sequence[PaymentRun]:
    """The runs whose reference has these words, the newest first."""
    query = select(PaymentRun).where(PaymentRun.reference.icontains(words, autoescape=True))
    query = query.options(selectinload(PaymentRun.lines)).order_by(PaymentRun.made_at.desc(), PaymentRun.id)
    return session().scalars(query.limit(most)).all()


def tries_named(words: str, *, most: int) -> Sequence[RunLine]:
    """The tries whose reference has these words, the newest first, each with its payment and business."""
    query = select(RunLine).where(RunLine.end_to_end_id.icontains(words, autoescape=True))
    query = query.options(joinedload(RunLine.payment).joinedload(Payment.business))
    return session().scalars(query.order_by(RunLine.end_to_end_id.desc()).limit(most)).all()
