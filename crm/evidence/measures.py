"""What evidence counts for the reports: claimed outputs and outcomes, finance that was sought, and what of it was not found."""

from __future__ import annotations

from sqlalchemy import Select

from crm.audit.models import AuditEntry
from crm.db.counting import DATA, Confidence, Kind, Measure, counted
from crm.evidence.models import Ask, Output
from crm.evidence.workflow import Act, AskStatus, OutputStatus

ASK, OUTPUT = Ask.__table__.c, Output.__table__.c
JOBS = "job_created"
PLAN = "Creative Industries Sector Plan, Action 6, line 6.4; our own definition"
VERSION = "1, from 1 April 2026"


def _claimed() -> Select[tuple[object, ...]]:
    rows = counted(OUTPUT.id, at=OUTPUT.happened_on, business=OUTPUT.business_id, by=OUTPUT.recorded_by_id)
    return rows.where(OUTPUT.status == OutputStatus.CLAIMED)


def _jobs() -> Select[tuple[object, ...]]:
    rows = counted(
        OUTPUT.id,
        at=OUTPUT.happened_on,
        business=OUTPUT.business_id,
        amount=OUTPUT.amount,
        by=OUTPUT.recorded_by_id,
    )
    return rows.where(OUTPUT.status == OutputStatus.CLAIMED, OUTPUT.indicator_code == JOBS)


def _asks() -> Select[tuple[object, ...]]:
    return counted(ASK.id, at=ASK.asked_on, business=ASK.business_id, by=ASK.recorded_by_id)


def _sought() -> Select[tuple[object, ...]]:
    rows = counted(
        ASK.id, at=ASK.asked_on, business=ASK.business_id, amount=ASK.amount, by=ASK.recorded_by_id
    )
    return rows.where(ASK.amount.is_not(None))


def _unmet() -> Select[tuple[object, ...]]:
    said_by = AuditEntry.last_doer(Act.LEAVE_UNMET, "ask", ASK.id)
    rows = counted(ASK.id, at=ASK.settled_on, business=ASK.business_id, by=said_by)
    return rows.where(ASK.status == AskStatus.UNMET)


def _unclaimed() -> Select[tuple[object, ...]]:
    rows = counted(OUTPUT.id, at=OUTPUT.happened_on, business=OUTPUT.business_id, by=OUTPUT.recorded_by_id)
    return rows.where(OUTPUT.status == OutputStatus.KEPT)


def _sum_unknown() -> Select[tuple[object, ...]]:
    return _asks().where(ASK.amount.is_(None), ASK.status == AskStatus.OPEN)


FOR_REPORTS = (
    Measure(
        key="outputs",
        line="6.1",
        words="Outputs and outcomes claimed",
        meaning="Outputs and outcomes with proof that a manager has claimed, by the day they happened. Each counts once for a business and programme.",
        source="The definitions of the indicators, as they held on the day",
        version=VERSION,
        kind=Kind.THINGS,
        confidence=Confidence.CONFIRMED,
        table="output",
        rows=_claimed,
    ),
    Measure(
        key="jobs_created",
        line="6.1",
        words="Jobs created (full-time equivalents)",
        meaning="New, permanent, paid work expected to last 12 months or more: the increase over a baseline set before support.",
        source="UKSPF outcome definitions",
        version=VERSION,
        kind=Kind.HUNDREDTHS,
        confidence=Confidence.CONFIRMED,
        table="output",
        rows=_jobs,
    ),
    Measure(
        key="asks",
        line="6.4",
        words="Requests for finance",
        meaning="Sums that businesses said they seek, by the day they said so. Requests of an unknown sum count too.",
        source=PLAN,
        version=VERSION,
        kind=Kind.THINGS,
        confidence=Confidence.REPORTED,
        table="ask",
        rows=_asks,
    ),
    Measure(
        key="asked_for",
        line="6.4",
        words="Finance sought",
        meaning="What those requests come to, where the sum is known: grants, loans and equity together. The fund case shows them apart.",
        source=PLAN,
        version=VERSION,
        kind=Kind.MONEY,
        confidence=Confidence.REPORTED,
        table="ask",
        rows=_sought,
        within="asks",
    ),
    Measure(
        key="asks_unmet",
        line="6.4",
        words="Requests for finance not met",
        meaning="Requests recorded as not found, or found only in part, by the day that was settled. Each has its reason.",
        source=PLAN,
        version=VERSION,
        kind=Kind.THINGS,
        confidence=Confidence.REPORTED,
        table="ask",
        rows=_unmet,
    ),
    Measure(
        key="outputs_unclaimed",
        line=DATA,
        words="Outputs and outcomes not claimed",
        meaning="Outputs and outcomes that were recorded and wait for proof or for a manager to claim them.",
        source="The definitions of the indicators",
        version=VERSION,
        kind=Kind.THINGS,
        confidence=Confidence.RECORDED,
        table="output",
        rows=_unclaimed,
    ),
    Measure(
        key="asks_without_sum",
        line=DATA,
        words="Open requests for finance of an unknown sum",
        meaning="Requests that count as demand, and add nothing to the sum that is sought.",
        source="Our own definition",
        version=VERSION,
        kind=Kind.THINGS,
        confidence=Confidence.REPORTED,
        table="ask",
        rows=_sum_unknown,
    ),
)
