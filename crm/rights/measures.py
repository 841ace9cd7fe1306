"""What the register of rights counts for the reports."""

from __future__ import annotations

from sqlalchemy import Select

from crm.db.counting import Confidence, Kind, Measure, counted
from crm.rights.models import Right
from crm.rights.workflow import RightKind

COLUMNS = Right.__table__.c


def _recorded() -> Select[tuple[object, ...]]:
    who = {"business": COLUMNS.business_id, "by": COLUMNS.added_by_id}
    rows = counted(COLUMNS.id, at=COLUMNS.added_at, named=COLUMNS.title, **who)
    return rows.where(COLUMNS.removed_at.is_(None), COLUMNS.kind != RightKind.TRADE_SECRET)


FOR_REPORTS = (
    Measure(
        key="rights_recorded",
        line="6.5",
        words="Rights put on the register",
        meaning="Patents, marks, designs, works and domains by the day they were recorded here. Trade secrets are never counted.",
        source="Our own definition",
        version="1, from 1 April 2026",
        kind=Kind.THINGS,
        confidence=Confidence.REPORTED,
        table="ip_right",
        rows=_recorded,
    ),
)
