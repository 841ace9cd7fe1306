"""What is missing from the records of businesses, for the reports: each business is a row until it is filled in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, Text, exists, or_, type_coerce

from crm.businesses.models import Business, YearlyFigures
from crm.businesses.workflow import BusinessStatus
from crm.db.counting import DATA, Confidence, Kind, Measure, counted

BUSINESS, FIGURES = Business.__table__.c, YearlyFigures.__table__.c
SOURCE, VERSION = "Our own definition", "1, from 1 April 2026"


def _lacking(missing: Any) -> Select[tuple[object, ...]]:
    rows = counted(BUSINESS.id, at=BUSINESS.created_at, business=BUSINESS.id, by=BUSINESS.created_by_id)
    return rows.where(BUSINESS.status == BusinessStatus.ACTIVE, missing)


def _placeless() -> Select[tuple[object, ...]]:
    return _lacking(BUSINESS.authority.is_(None))


def _without_sector() -> Select[tuple[object, ...]]:
    groups = type_coerce(BUSINESS.dcms_groups, Text())
    return _lacking(or_(groups.is_(None), groups == ""))


def _without_size() -> Select[tuple[object, ...]]:
    known = exists().where(FIGURES.business_id == BUSINESS.id, FIGURES.employees.is_not(None))
    return _lacking(~known)


FOR_REPORTS = (
    Measure(
        key="without_authority",
        line=DATA,
        words="Businesses without a local authority",
        meaning="Active businesses whose postcode is missing or could not be placed. They are left out wherever a place is asked for.",
        source=SOURCE,
        version=VERSION,
        kind=Kind.BUSINESSES,
        confidence=Confidence.EITHER,
        table="business",
        rows=_placeless,
    ),
    Measure(
        key="without_sector",
        line=DATA,
        words="Businesses without a sub-sector",
        meaning="Active businesses with no creative sub-sector. They are left out wherever a sub-sector is asked for.",
        source=SOURCE,
        version=VERSION,
        kind=Kind.BUSINESSES,
        confidence=Confidence.EITHER,
        table="business",
        rows=_without_sector,
    ),
    Measure(
        key="without_size",
        line=DATA,
        words="Businesses without a number of employees",
        meaning="Active businesses with no year whose number of employees is known. They are left out wherever a size is asked for.",
        source=SOURCE,
        version=VERSION,
        kind=Kind.BUSINESSES,
        confidence=Confidence.EITHER,
        table="business",
        rows=_without_size,
    ),
)
