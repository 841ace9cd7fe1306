"""What the log of strategic decisions counts for the reports."""

from __future__ import annotations

from sqlalchemy import Select

from crm.db.counting import Confidence, Kind, Measure, counted
from crm.ip.decisions.models import StrategicDecision

COLUMNS = StrategicDecision.__table__.c


def _decided() -> Select[tuple[object, ...]]:
    return counted(
        COLUMNS.id,
        at=COLUMNS.decided_on,
        business=COLUMNS.business_id,
        by=COLUMNS.recorded_by_id,
        by_name=COLUMNS.decided_by,
    )


FOR_REPORTS = (
    Measure(
        key="ip_decisions",
        line="6.5",
        words="IP decisions on record",
        meaning="Decisions of businesses about their ideas, with what was known, by the day they were taken.",
        source="Creative Industries Sector Plan, Action 6, line 6.5; our own definition",
        version="1, from 1 April 2026",
        kind=Kind.THINGS,
        confidence=Confidence.EITHER,
        table="strategic_decision",
        rows=_decided,
    ),
)
