"""What outcomes count for the reports: confirmed reports of awarded businesses."""

from __future__ import annotations

from sqlalchemy import Select

from crm.db.counting import DATA, Confidence, Kind, Measure, counted
from crm.kernel.clock import is_past, today
from crm.programme.applications.models import Application
from crm.programme.outcomes.models import OutcomeReport
from crm.programme.outcomes.workflow import ReportStatus
from crm.programme.rounds.policy import READERS

REPORT, APPLICATION = OutcomeReport.__table__.c, Application.__table__.c


def _confirmed() -> Select[tuple[object, ...]]:
    rows = counted(
        REPORT.id, at=REPORT.confirmed_at, business=APPLICATION.business_id, by=REPORT.confirmed_by_id
    ).join_from(OutcomeReport, Application, REPORT.application_id == APPLICATION.id)
    return rows.where(REPORT.confirmed_at.is_not(None))


def _overdue() -> Select[tuple[object, ...]]:
    rows = counted(
        REPORT.id, at=REPORT.due_on, business=APPLICATION.business_id, by=APPLICATION.submitted_by_id
    )
    rows = rows.join_from(OutcomeReport, Application, REPORT.application_id == APPLICATION.id)
    return rows.where(REPORT.status == ReportStatus.ASKED, is_past(REPORT.due_on, on=today()))


FOR_REPORTS = (
    Measure(
        key="outcome_reports",
        line="6.2",
        words="Outcome reports confirmed",
        meaning="Reports of awarded businesses on turnover, jobs, exports and finance, by the day a manager confirmed them.",
        source="Our own definition",
        version="1, from 1 April 2026",
        kind=Kind.THINGS,
        confidence=Confidence.CONFIRMED,
        table="outcome_report",
        rows=_confirmed,
        readers=READERS,
    ),
    Measure(
        key="outcomes_overdue",
        line=DATA,
        words="Outcome reports that are overdue",
        meaning="Reports that awarded businesses were asked for, whose day is past and that did not come.",
        source="Our own definition",
        version="1, from 1 April 2026",
        kind=Kind.THINGS,
        confidence=Confidence.RECORDED,
        table="outcome_report",
        rows=_overdue,
        readers=READERS,
    ),
)
