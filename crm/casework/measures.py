"""What casework counts for the reports: conversations, the businesses in them, and hours of support."""

from __future__ import annotations

from sqlalchemy import Select, func

from crm.audit.models import AuditEntry
from crm.casework.models import SupportHours
from crm.casework.queries.conversations import COLUMNS, COUNTS
from crm.casework.workflow import Act, HoursStatus
from crm.db.counting import DATA, Confidence, Kind, Measure, counted

SUPPORT = SupportHours.__table__.c
SOURCE, VERSION = (
    "Growth Hub reporting practice: businesses and interactions are counted apart",
    "1, from 1 April 2026",
)


def _conversations() -> Select[tuple[object, ...]]:
    rows = counted(
        COLUMNS.id, at=COLUMNS.happened_on, business=COLUMNS.business_id, by=COLUMNS.recorded_by_id
    )
    return rows.where(*COUNTS)


def _hours(*, is_confirmed: bool) -> Select[tuple[object, ...]]:
    rows = counted(
        SUPPORT.id,
        at=SUPPORT.happened_on,
        business=SUPPORT.business_id,
        amount=SUPPORT.quarters,
        by=func.coalesce(
            AuditEntry.first_doer(Act.COMPLETE, SupportHours.__tablename__, SUPPORT.id), SUPPORT.asker_id
        ),
        by_name=SUPPORT.answered_by,
    ).where(SUPPORT.voided_at.is_(None))
    return rows.where(SUPPORT.status == HoursStatus.CONFIRMED) if is_confirmed else rows


def _unconfirmed() -> Select[tuple[object, ...]]:
    rows = counted(
        SUPPORT.id,
        at=SUPPORT.happened_on,
        business=SUPPORT.business_id,
        amount=SUPPORT.quarters,
        by=SUPPORT.asker_id,
    )
    return rows.where(SUPPORT.status == HoursStatus.STATED, SUPPORT.voided_at.is_(None))


FOR_REPORTS = (
    Measure(
        key="businesses_spoken_with",
        line="6.1",
        words="Businesses that advisers spoke with",
        meaning="Businesses with at least one completed conversation in the period. 3 conversations with 1 business count once.",
        source=SOURCE,
        version=VERSION,
        kind=Kind.BUSINESSES,
        confidence=Confidence.RECORDED,
        table="conversation",
        rows=_conversations,
        target="target.businesses_spoken_with",
    ),
    Measure(
        key="conversations",
        line="6.1",
        words="Conversations",
        meaning="Completed conversations by the day they took place. Drafts and voided conversations do not count.",
        source=SOURCE,
        version=VERSION,
        kind=Kind.THINGS,
        confidence=Confidence.RECORDED,
        table="conversation",
        rows=_conversations,
    ),
    Measure(
        key="hours",
        line="6.1",
        words="Hours of support",
        meaning="Hours that advisers recorded for a business, by the day of the support, confirmed or not.",
        source=SOURCE,
        version=VERSION,
        kind=Kind.HOURS,
        confidence=Confidence.RECORDED,
        table="support_hours",
        rows=lambda: _hours(is_confirmed=False),
    ),
    Measure(
        key="hours_confirmed",
        line="6.1",
        words="Hours confirmed by the business",
        meaning="The hours of support that the business itself confirmed, by the day of the support.",
        source="Growth Hub practice: hours count once the business has confirmed them",
        version=VERSION,
        kind=Kind.HOURS,
        confidence=Confidence.CONFIRMED,
        table="support_hours",
        rows=lambda: _hours(is_confirmed=True),
        within="hours",
        target="target.hours_confirmed",
    ),
    Measure(
        key="hours_unconfirmed",
        line=DATA,
        words="Hours of support not confirmed",
        meaning="Hours that the business has not confirmed or disputed. They count for no output until it confirms them.",
        source="Growth Hub practice: hours count once the business has confirmed them",
        version=VERSION,
        kind=Kind.HOURS,
        confidence=Confidence.RECORDED,
        table="support_hours",
        rows=_unconfirmed,
    ),
)
