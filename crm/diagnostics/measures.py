"""What diagnostics counts for the reports: businesses that were triaged, and finished readiness assessments."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Select

from crm.db.counting import Confidence, Kind, Measure, counted
from crm.diagnostics.models import Diagnosis, ReadinessCheck
from crm.diagnostics.rules.readiness import EXPORT, IP

DIAGNOSIS, CHECK = Diagnosis.__table__.c, ReadinessCheck.__table__.c


def _triaged() -> Select[tuple[object, ...]]:
    rows = counted(
        DIAGNOSIS.id, at=DIAGNOSIS.finished_at, business=DIAGNOSIS.business_id, by=DIAGNOSIS.finished_by_id
    )
    return rows.where(DIAGNOSIS.finished_at.is_not(None))


def _assessed(name: str) -> Select[tuple[object, ...]]:
    rows = counted(CHECK.id, at=CHECK.finished_at, business=CHECK.business_id, by=CHECK.finished_by_id)
    return rows.where(CHECK.finished_at.is_not(None), CHECK.set_name == name)


FOR_REPORTS = (
    Measure(
        key="triaged",
        line="6.1",
        words="Businesses triaged",
        meaning="Businesses whose needs were diagnosed in the period. Each business counts once; those only pointed elsewhere do not count.",
        source="Growth Hub reporting practice: triaged is counted apart from supported",
        version="1, from 1 April 2026",
        kind=Kind.BUSINESSES,
        confidence=Confidence.EITHER,
        table="diagnosis",
        rows=_triaged,
    ),
    Measure(
        key="ip_assessed",
        line="6.5",
        words="Businesses assessed for IP readiness",
        meaning="Businesses that finished an IP readiness assessment in the period. Each business counts once.",
        source="Our own definition",
        version="1, from 1 April 2026",
        kind=Kind.BUSINESSES,
        confidence=Confidence.EITHER,
        table="readiness_check",
        rows=partial(_assessed, IP),
    ),
    Measure(
        key="export_assessed",
        line="6.6",
        words="Businesses assessed for export readiness",
        meaning="Businesses that finished an export readiness assessment in the period. Each business counts once.",
        source="Our own definition",
        version="1, from 1 April 2026",
        kind=Kind.BUSINESSES,
        confidence=Confidence.EITHER,
        table="readiness_check",
        rows=partial(_assessed, EXPORT),
    ),
)
