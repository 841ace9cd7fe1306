"""Which services need checking, for the reports."""

from __future__ import annotations

from sqlalchemy import Select

from crm.db.counting import DATA, Confidence, Kind, Measure, counted
from crm.directory.models import Provider, Service
from crm.directory.policy import CHECKERS
from crm.directory.queries import is_to_check
from crm.figures.queries import figure_on
from crm.kernel.clock import today
from crm.kernel.roles import Role

SERVICE, PROVIDER = Service.__table__.c, Provider.__table__.c


def _stale() -> Select[tuple[object, ...]]:
    months = int(figure_on("directory.fresh_months", on=today()))
    rows = counted(SERVICE.id, at=SERVICE.changed_at, by_name=PROVIDER.name, named=SERVICE.name)
    rows = rows.join_from(Service, Provider, PROVIDER.id == SERVICE.provider_id)
    return rows.where(is_to_check(today(), months=months))


FOR_REPORTS = (
    Measure(
        key="stale_services",
        line=DATA,
        words="Services to check",
        meaning="Services that were never checked, were checked too long ago or are marked to be checked. Their provider can confirm them.",
        source="Dated figure: how long a checked service counts as fresh",
        version="1, from 1 April 2026",
        kind=Kind.THINGS,
        confidence=Confidence.EITHER,
        table="service",
        rows=_stale,
        readers=(*CHECKERS, Role.AUDITOR),
        opens_with_business=False,
    ),
)
