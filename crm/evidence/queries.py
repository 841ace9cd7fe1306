"""Reads of asks."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from crm.businesses.models import Business
from crm.db.session import session
from crm.evidence.models import Ask
from crm.evidence.workflow import AskStatus, Instrument
from crm.kernel.money import Money

COLUMNS = Ask.__table__.c


def _whole() -> Select[Ask]:
    return select(Ask).options(joinedload(Ask.business).selectinload(Business.shares))


def ask(ask_id: UUID) -> Ask | None:
    """One ask with its business."""
    return session().scalar(_whole().where(Ask.id == ask_id))


def asks_of(business_id: UUID) -> Sequence[Ask]:
    """What a business seeks or sought, the newest first."""
    query = _whole().where(Ask.business_id == business_id)
    return session().scalars(query.order_by(Ask.asked_on.desc(), Ask.id).limit(100)).all()


def totals(business_id: UUID | None = None) -> dict[tuple[Instrument, AskStatus], tuple[int, Money]]:
    """How many asks there are and what they come to, by instrument and standing. Instruments are never added up.

    An ask whose amount is not known is counted, and adds nothing.
    """
    query = select(Ask.instrument, COLUMNS.status, func.count(), func.sum(Ask.amount))
    if business_id is not None:
        query = query.where(Ask.business_id == business_id)
    rows = session().execute(query.group_by(Ask.instrument, COLUMNS.status))
    return {(instrument, status): (count, total or Money(0)) for instrument, status, count, total in rows}
