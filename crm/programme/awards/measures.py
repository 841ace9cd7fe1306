"""What awards count for the reports: those that were accepted, and what they come to."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select

from crm.db.counting import Confidence, Kind, Measure, counted
from crm.programme.awards.models import Award
from crm.programme.rounds.policy import READERS

COLUMNS = Award.__table__.c
SOURCE, VERSION = (
    "Creative Industries Sector Plan, Action 6, line 6.2; our own definition",
    "1, from 1 April 2026",
)


def _accepted(amount: Any = None) -> Select[tuple[object, ...]]:
    rows = counted(
        COLUMNS.id,
        at=COLUMNS.accepted_at,
        business=COLUMNS.business_id,
        amount=amount,
        by=COLUMNS.accepted_by_id,
        by_name=COLUMNS.accepted_name,
    )
    return rows.where(COLUMNS.accepted_at.is_not(None))


FOR_REPORTS = (
    Measure(
        key="awards",
        line="6.2",
        words="Grants accepted",
        meaning="Grant offers by the day the business accepted, also those ended early later.",
        source=SOURCE,
        version=VERSION,
        kind=Kind.THINGS,
        confidence=Confidence.CONFIRMED,
        table="award",
        rows=_accepted,
        readers=READERS,
    ),
    Measure(
        key="awarded",
        line="6.2",
        words="Grant money accepted",
        meaning="What those grants come to, as each award stands now.",
        source=SOURCE,
        version=VERSION,
        kind=Kind.MONEY,
        confidence=Confidence.LEDGER,
        table="award",
        rows=lambda: _accepted(COLUMNS.amount),
        target="programme.budget",
        is_target_of_all=True,
        within="awards",
        readers=READERS,
    ),
)
