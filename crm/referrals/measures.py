"""What referrals count for the reports: those that were sent, and those that came to something."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func

from crm.db.counting import Confidence, Kind, Measure, counted
from crm.directory.models import Service
from crm.referrals.models import Referral
from crm.referrals.workflow import Outcome

COLUMNS, SERVICE = Referral.__table__.c, Service.__table__.c
COLLEAGUE = "To a colleague"
SOURCE, VERSION = "Growth Hub reporting practice; our own definition", "1, from 1 April 2026"
WENT_WELL = (Outcome.HELPED, Outcome.FUNDED, Outcome.GOES_ON)


def _sent() -> Select[tuple[object, ...]]:
    who = {"business": COLUMNS.business_id, "by": COLUMNS.created_by_id}
    return _named(at=COLUMNS.sent_at, **who).where(COLUMNS.sent_at.is_not(None))


def _named(**told: Any) -> Select[tuple[object, ...]]:
    """The rows, each called by the service that it was for."""
    rows = counted(COLUMNS.id, named=func.coalesce(SERVICE.name, COLLEAGUE), **told)
    return rows.join_from(Referral, Service, COLUMNS.service_id == SERVICE.id, isouter=True)


def _helped() -> Select[tuple[object, ...]]:
    rows = _named(
        at=COLUMNS.completed_at,
        business=COLUMNS.business_id,
        by=COLUMNS.completed_by_id,
        by_name=COLUMNS.completed_by,
    )
    return rows.where(COLUMNS.completed_at.is_not(None), COLUMNS.outcome.in_(WENT_WELL))


FOR_REPORTS = (
    Measure(
        key="referrals_sent",
        line="6.1",
        words="Referrals sent",
        meaning="Referrals to a provider or a colleague by the day they were sent, whatever became of them.",
        source=SOURCE,
        version=VERSION,
        kind=Kind.THINGS,
        confidence=Confidence.RECORDED,
        table="referral",
        rows=_sent,
    ),
    Measure(
        key="referrals_helped",
        line="6.1",
        words="Referrals that led to help",
        meaning="Referrals by the day they were completed, where the business was helped or funded or the help continues.",
        source=SOURCE,
        version=VERSION,
        kind=Kind.THINGS,
        confidence=Confidence.EITHER,
        table="referral",
        rows=_helped,
        target="target.referrals_helped",
    ),
)
