"""What awards count for the reports: those that were accepted, and what they come to."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Select, case, type_coerce

from crm.db.counting import Confidence, Kind, Measure, counted
from crm.funding.envelopes.queries.ledger import taken_in_sql
from crm.programme.awards.models import Award
from crm.programme.awards.queries.listing import CLOSED
from crm.programme.rounds.policy import READERS

COLUMNS = Award.__table__.c
SOURCE, VERSION = (
    "Creative Industries Sector Plan, Action 6, line 6.2; our own definition",
    "1, from 1 April 2026",
)


_stands = case(
    (COLUMNS.status.in_(CLOSED), taken_in_sql("decision", COLUMNS.decision_id)),
    else_=type_coerce(COLUMNS.amount, BigInteger()),
)
"""What an award comes to now, in pence: of one that is over, what the ledger still has for it."""


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
        meaning="What those grants come to. Of one that was ended early or completed, what was approved and not what was released.",
        source=SOURCE,
        version=VERSION,
        kind=Kind.MONEY,
        confidence=Confidence.LEDGER,
        table="award",
        tables=("award_claim", "award_recovery", "decision", "ledger_entry", "payment"),
        rows=lambda: _accepted(_stands),
        target="programme.budget",
        is_target_of_all=True,
        within="awards",
        readers=READERS,
    ),
)
