"""Reads of the register."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.businesses.models import Business
from crm.db.session import session
from crm.rights.models import Right

MOST = 200


def right(right_id: UUID) -> Right | None:
    """One entry that was not removed, with its business."""
    query = select(Right).where(Right.id == right_id, Right.removed_at.is_(None))
    return session().scalar(query.options(joinedload(Right.business).selectinload(Business.shares)))


def rights_of(business_id: UUID) -> Sequence[Right]:
    """What a business owns or uses, by title."""
    query = select(Right).where(Right.business_id == business_id, Right.removed_at.is_(None))
    return session().scalars(query.order_by(Right.title, Right.id).limit(MOST)).all()
