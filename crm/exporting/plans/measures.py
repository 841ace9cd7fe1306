"""What export plans count for the reports: visits to markets, and countries where a business made a first sale."""

from __future__ import annotations

from sqlalchemy import Select, case

from crm.audit.models import AuditEntry
from crm.db.counting import Confidence, Kind, Measure, counted
from crm.exporting.plans.models import ExportCountry, Market, MarketEdition, MarketVisit
from crm.exporting.plans.rules.countries import abroad
from crm.exporting.plans.workflow import Act, CountryStatus, VisitStatus

VISIT, EDITION, COUNTRY = MarketVisit.__table__.c, MarketEdition.__table__.c, ExportCountry.__table__.c
MARKET = Market.__table__.c
SOURCE, VERSION = (
    "Creative Industries Sector Plan, Action 6, line 6.6; our own definition",
    "1, from 1 April 2026",
)


def _visited() -> Select[tuple[object, ...]]:
    rows = counted(
        VISIT.id,
        at=EDITION.starts_on,
        business=VISIT.business_id,
        by=AuditEntry.last_doer(Act.ATTEND, "market_visit", VISIT.id),
        named=MARKET.name + " " + EDITION.title,
    ).join_from(MarketVisit, MarketEdition, VISIT.edition_id == EDITION.id)
    rows = rows.join(Market, EDITION.market_id == MARKET.id)
    return rows.where(VISIT.status == VisitStatus.WENT)


def _won() -> Select[tuple[object, ...]]:
    rows = counted(
        COUNTRY.id,
        at=COUNTRY.won_on,
        business=COUNTRY.business_id,
        by=AuditEntry.last_doer(Act.WIN_COUNTRY, "export_country", COUNTRY.id),
        named=case(abroad(), value=COUNTRY.country, else_=COUNTRY.country),
    )
    return rows.where(COUNTRY.status == CountryStatus.WON)


FOR_REPORTS = (
    Measure(
        key="market_visits",
        line="6.6",
        words="Visits to festivals and markets",
        meaning="Visits of businesses that went, by the first day of the festival or market.",
        source=SOURCE,
        version=VERSION,
        kind=Kind.THINGS,
        confidence=Confidence.EITHER,
        table="market_visit",
        tables=("market_edition",),
        rows=_visited,
        target="target.market_visits",
    ),
    Measure(
        key="countries_won",
        line="6.6",
        words="First sales in a new country",
        meaning="Countries of export plans in which a business made its first sale, by the day of that sale.",
        source=SOURCE,
        version=VERSION,
        kind=Kind.THINGS,
        confidence=Confidence.EITHER,
        table="export_country",
        rows=_won,
    ),
)
