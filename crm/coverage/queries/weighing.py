"""By how many businesses the emptiest places are weighed: a published figure where one is in use, else those that we know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from crm.businesses.models import Business
from crm.businesses.workflow import BusinessStatus
from crm.coverage.models import DistrictFigures
from crm.coverage.queries.parts import outcodes
from crm.db.session import session

OWNERS, FIGURES = Business.__table__.c, DistrictFigures.__table__.c
MOST_FIGURES = 50


def in_use_first(wanted: Any) -> Select[Any]:
    """What is wanted of the figures by which the emptiest places are weighed: those that were put to use last."""
    query = select(wanted).where(FIGURES.used_at.is_not(None))
    return query.order_by(FIGURES.used_at.desc(), FIGURES.id).limit(1)


def figures_in_use() -> DistrictFigures | None:
    """The figures by which the emptiest places are weighed; None where it is by the businesses that we know."""
    found: DistrictFigures | None = session().scalar(in_use_first(DistrictFigures))
    return found


def figures(figures_id: UUID) -> DistrictFigures | None:
    """Figures that somebody brought in."""
    query = select(DistrictFigures).where(FIGURES.id == figures_id)
    return session().scalar(query.options(joinedload(DistrictFigures.brought_by)))


def all_figures() -> Sequence[DistrictFigures]:
    """Every set of figures, the latest first."""
    query = select(DistrictFigures).options(joinedload(DistrictFigures.brought_by))
    return session().scalars(query.order_by(FIGURES.brought_at.desc(), FIGURES.id).limit(MOST_FIGURES)).all()


def businesses_known() -> dict[str, int]:
    """How many active creative businesses we know in each district of the region."""
    query = select(OWNERS.trading_outcode, func.count()).where(
        OWNERS.status == BusinessStatus.ACTIVE,
        OWNERS.dcms_groups != (),
        OWNERS.trading_outcode.in_(outcodes()),
    )
    rows = session().execute(query.group_by(OWNERS.trading_outcode))
    return {row.trading_outcode: row[1] for row in rows}


def businesses_by_district(in_use: DistrictFigures | None) -> dict[str, int]:
    """How many creative businesses each district has, by the figures in use or else as we know them."""
    return dict(in_use.businesses) if in_use else businesses_known()
