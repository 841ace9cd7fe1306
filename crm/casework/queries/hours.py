"""Reads of hours of support."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import ceil
from uuid import UUID

from sqlalchemy import Uuid, column, func, or_, select, table
from sqlalchemy.orm import joinedload

from crm.businesses.models import Business
from crm.casework.models import (
    SupportHours,
)
from crm.casework.workflow import HoursStatus
from crm.db.session import session
from crm.db.types import UtcDateTime

SUPPORT_HOURS = SupportHours.__table__.c
QUARTER = timedelta(minutes=15)
FEW = 10


def hours(hours_id: UUID) -> SupportHours | None:
    """Hours with the business that they were for."""
    query = select(SupportHours).options(joinedload(SupportHours.business).undefer(Business.shared))
    return session().scalar(query.where(SupportHours.id == hours_id, SupportHours.voided_at.is_(None)))


def most_of_workshop(workshop_id: UUID) -> int | None:
    """The most quarter-hours that a business can have of a workshop: as long as it takes, rounded up."""
    columns = table(
        "workshop", column("id", Uuid()), column("starts_at", UtcDateTime()), column("ends_at", UtcDateTime())
    ).c
    found = (
        session().execute(select(columns.starts_at, columns.ends_at).where(columns.id == workshop_id)).first()
    )
    return ceil((found.ends_at - found.starts_at) / QUARTER) if found else None


def hours_of(business_id: UUID) -> Sequence[SupportHours]:
    """The hours that a business was given, the latest first."""
    query = select(SupportHours).where(
        SUPPORT_HOURS.business_id == business_id, SUPPORT_HOURS.voided_at.is_(None)
    )
    return (
        session().scalars(query.order_by(SUPPORT_HOURS.happened_on.desc(), SUPPORT_HOURS.id).limit(500)).all()
    )


def hours_from(conversation_id: UUID) -> SupportHours | None:
    """The hours that a conversation stands for."""
    query = select(SupportHours).options(joinedload(SupportHours.business).undefer(Business.shared))
    return session().scalar(query.where(SUPPORT_HOURS.conversation_id == conversation_id))


def hours_at(workshop_id: UUID, business_id: UUID) -> SupportHours | None:
    """The hours that a business had at a workshop."""
    sought = (SUPPORT_HOURS.workshop_id == workshop_id, SUPPORT_HOURS.business_id == business_id)
    return session().scalar(select(SupportHours).where(*sought))


def stated(business_id: UUID) -> list[SupportHours]:
    """The hours that a business has not answered for."""
    return [each for each in hours_of(business_id) if each.status is HoursStatus.STATED]


def asked_about(business_id: UUID) -> list[SupportHours]:
    """The hours that a business was asked to confirm and has not answered for."""
    return [each for each in stated(business_id) if each.asked_at is not None]


def settled(business_id: UUID) -> list[SupportHours]:
    """The hours that a business was asked about and need not answer for any more: answered, or withdrawn. The latest few."""
    query = select(SupportHours).where(
        SUPPORT_HOURS.business_id == business_id,
        SUPPORT_HOURS.asked_at.is_not(None),
        or_(SUPPORT_HOURS.status != HoursStatus.STATED, SUPPORT_HOURS.voided_at.is_not(None)),
    )
    query = query.order_by(SUPPORT_HOURS.asked_at.desc(), SUPPORT_HOURS.happened_on.desc(), SUPPORT_HOURS.id)
    return list(session().scalars(query.limit(FEW)))


def quarters_on(business_id: UUID, day: date, *, but: UUID | None = None) -> int:
    """How many quarter-hours a business was given on a day, without those of one row."""
    on_it = (
        SUPPORT_HOURS.business_id == business_id,
        SUPPORT_HOURS.happened_on == day,
        SUPPORT_HOURS.voided_at.is_(None),
    )
    query = select(func.sum(SUPPORT_HOURS.quarters)).where(*on_it)
    if but is not None:
        query = query.where(SUPPORT_HOURS.id != but)
    return session().scalar(query) or 0
