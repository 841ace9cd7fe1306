"""What applications count for the reports."""

from __future__ import annotations

from sqlalchemy import Select

from crm.db.counting import Confidence, Kind, Measure, counted
from crm.programme.applications.models import Application
from crm.programme.rounds.policy import READERS

COLUMNS = Application.__table__.c


def _submitted() -> Select[tuple[object, ...]]:
    rows = counted(
        COLUMNS.id,
        at=COLUMNS.submitted_at,
        business=COLUMNS.business_id,
        by=COLUMNS.submitted_by_id,
        by_name=COLUMNS.declared_by,
    )
    return rows.where(COLUMNS.submitted_at.is_not(None))


FOR_REPORTS = (
    Measure(
        key="applications",
        line="6.2",
        words="Applications submitted",
        meaning="Applications to the scale-up programme by the day they were submitted, also those withdrawn or ruled out later.",
        source="Creative Industries Sector Plan, Action 6, line 6.2; our own definition",
        version="1, from 1 April 2026",
        kind=Kind.THINGS,
        confidence=Confidence.CONFIRMED,
        table="application",
        rows=_submitted,
        readers=READERS,
    ),
)
