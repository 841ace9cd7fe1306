"""What export cover counts for the reports: contracts that were checked, and businesses shut out by turnover."""

from __future__ import annotations

from sqlalchemy import Select

from crm.db.counting import Confidence, Kind, Measure, counted
from crm.exporting.cover.queries import BY_COVER, CHECKS, IS_WITHDRAWN, OUTS
from crm.exporting.cover.rules.checking import TURNOVER

SOURCE, VERSION = (
    "Creative Industries Sector Plan, Action 6, line 6.7; our own definition",
    "1, from 1 April 2026",
)


def _checked() -> Select[tuple[object, ...]]:
    rows = counted(CHECKS.id, at=CHECKS.at, business=CHECKS.business_id, by=CHECKS.by_id)
    return rows.where(CHECKS.withdrawn_at.is_(None))


def _shut_out() -> Select[tuple[object, ...]]:
    rows = counted(OUTS.id, at=OUTS.happened_on, business=OUTS.business_id, by=OUTS.by_id)
    return rows.where(BY_COVER, OUTS.rule == TURNOVER, ~IS_WITHDRAWN)


FOR_REPORTS = (
    Measure(
        key="cover_checks",
        line="6.7",
        words="Export contracts checked",
        meaning="Contracts checked for insurance and finance, by the day of the check. Withdrawn checks do not count.",
        source=SOURCE,
        version=VERSION,
        kind=Kind.THINGS,
        confidence=Confidence.RECORDED,
        table="cover_check",
        rows=_checked,
    ),
    Measure(
        key="shut_out",
        line="6.7",
        words="Businesses shut out by turnover",
        meaning="Businesses that a threshold of turnover kept from an offer in the period. Each business counts once, whatever it asked for.",
        source=SOURCE,
        version=VERSION,
        kind=Kind.BUSINESSES,
        confidence=Confidence.RECORDED,
        table="shut_out",
        tables=("cover_check",),
        rows=_shut_out,
    ),
)
