"""What meetings count for the reports: those who came to a workshop."""

from __future__ import annotations

from sqlalchemy import Select

from crm.audit.models import AuditEntry
from crm.db.counting import Confidence, Kind, Measure, counted
from crm.meetings.models import Workshop, WorkshopPlace
from crm.meetings.workflow import Act, PlaceStatus

PLACE, WORKSHOP = WorkshopPlace.__table__.c, Workshop.__table__.c


def _attended() -> Select[tuple[object, ...]]:
    rows = counted(
        PLACE.id,
        at=WORKSHOP.starts_at,
        business=PLACE.business_id,
        by=AuditEntry.last_doer(Act.ATTEND, "workshop_place", PLACE.id),
        named=PLACE.business_name,
    ).join_from(WorkshopPlace, Workshop, PLACE.workshop_id == WORKSHOP.id)
    return rows.where(PLACE.status == PlaceStatus.ATTENDED)


FOR_REPORTS = (
    Measure(
        key="workshop_places",
        line="6.1",
        words="Workshop places attended",
        meaning="People who came to a workshop, by the day of the workshop. A person who came to 2 workshops counts twice.",
        source="Growth Hub reporting practice; our own definition",
        version="1, from 1 April 2026",
        kind=Kind.THINGS,
        confidence=Confidence.RECORDED,
        table="workshop_place",
        tables=("workshop",),
        rows=_attended,
    ),
)
