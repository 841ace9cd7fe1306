"""What the register of rights counts for the reports."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select

from crm.audit.models import AuditEntry
from crm.db.counting import Confidence, Kind, Measure, counted
from crm.rights.models import Right, RightPart
from crm.rights.workflow import Act, RightKind

COLUMNS, PART = Right.__table__.c, RightPart.__table__.c


def _recorded() -> Select[tuple[object, ...]]:
    who = {"business": COLUMNS.business_id, "by": COLUMNS.added_by_id}
    rows = counted(COLUMNS.id, at=COLUMNS.added_at, named=COLUMNS.title, **who)
    return rows.where(*_is_shown())


def _is_shown() -> tuple[ColumnElement[bool], ...]:
    """What is still on the register, and is no trade secret."""
    return COLUMNS.removed_at.is_(None), COLUMNS.kind != RightKind.TRADE_SECRET


def _assigned() -> Select[tuple[object, ...]]:
    """Each part of a work at the moment at which its signed assignment was attached; one taken off again counts no more."""
    said_by = AuditEntry.last_doer(Act.ATTACH_ASSIGNMENT, "right_part", PART.id)
    who = {"business": COLUMNS.business_id, "by": said_by}
    rows = counted(COLUMNS.id, at=PART.assigned_at, named=COLUMNS.title + ": " + PART.title, **who)
    rows = rows.join_from(RightPart, Right, PART.right_id == COLUMNS.id)
    return rows.where(PART.assigned_at.is_not(None), PART.removed_at.is_(None), *_is_shown())


FOR_REPORTS = (
    Measure(
        key="rights_recorded",
        line="6.5",
        words="Rights put on the register",
        meaning="Patents, marks, designs, works and domains by the day they were recorded here. Trade secrets are never counted.",
        source="Our own definition",
        version="1, from 1 April 2026",
        kind=Kind.THINGS,
        confidence=Confidence.EITHER,
        table="ip_right",
        rows=_recorded,
    ),
    Measure(
        key="assignments_signed",
        line="6.5",
        words="Signed assignments attached",
        meaning="Parts of works whose maker signed the rights over, by the day the paper was attached. One taken off is not counted.",
        source="Our own definition",
        version="1, from 1 April 2026",
        kind=Kind.THINGS,
        confidence=Confidence.EITHER,
        table="ip_right",
        tables=("right_part",),
        rows=_assigned,
    ),
)
