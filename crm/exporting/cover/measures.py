"""What export cover counts for the reports: contracts that were checked, and businesses shut out by turnover."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, func

from crm.db.counting import Confidence, Kind, Measure, counted
from crm.evidence.models import ShutOut
from crm.exporting.cover.models import CoverCheck
from crm.exporting.cover.queries import BY_COVER, CHECKS, IS_WITHDRAWN, OUTS
from crm.exporting.cover.rules.checking import TURNOVER

SOURCE, VERSION = (
    "Creative Industries Sector Plan, Action 6, line 6.7; our own definition",
    "1, from 1 April 2026",
)


def _checked() -> Select[tuple[object, ...]]:
    rows = counted(CHECKS.id, at=CHECKS.at, business=CHECKS.business_id, by=CHECKS.by_id)
    return rows.where(CHECKS.withdrawn_at.is_(None))


def _contract() -> ColumnElement[object]:
    return func.coalesce(CHECKS.first_id, CHECKS.id)


def _shut_out() -> Select[tuple[object, ...]]:
    said = OUTS.offer_name + ": " + OUTS.actual + ", needed " + OUTS.needed
    rows = counted(
        func.coalesce(CHECKS.id, OUTS.id),
        at=OUTS.happened_on,
        business=OUTS.business_id,
        by=OUTS.by_id,
        named=said,
    )
    rows = rows.select_from(ShutOut).outerjoin(CoverCheck, CHECKS.shut_out_id == OUTS.id)
    return rows.where(BY_COVER, OUTS.rule == TURNOVER, ~IS_WITHDRAWN)


FOR_REPORTS = (
    Measure(
        key="cover_checks",
        line="6.7",
        words="Export contracts checked",
        meaning="Contracts checked for insurance and finance in the period, by the day of the check. A contract that was checked again counts once, by its latest check in the period. Withdrawn checks do not count.",
        source=SOURCE,
        version=VERSION,
        kind=Kind.THINGS,
        confidence=Confidence.EITHER,
        table="cover_check",
        rows=_checked,
        latest_of=_contract,
    ),
    Measure(
        key="shut_out",
        line="6.7",
        words="Businesses shut out by turnover",
        meaning="Businesses for which a check of an export contract found, in the period, that a threshold of turnover keeps them from an offer. Each business counts once. What plans, enquiries and the support finder found is under “Shut out by rules”.",
        source=SOURCE,
        version=VERSION,
        kind=Kind.BUSINESSES,
        confidence=Confidence.EITHER,
        table="cover_check",
        tables=("shut_out",),
        rows=_shut_out,
    ),
)
