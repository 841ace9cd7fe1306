"""Figures of how many creative businesses each district has: brought in with their source and day, put to use, removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from crm.audit import service as audit
from crm.coverage.models import DistrictFigures
from crm.coverage.policy import POLICY
from crm.coverage.workflow import Act
from crm.db.changes import created
from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.errors import Conflict
from crm.kernel.permissions import Actor


@dataclass(frozen=True)
class FiguresDetails:
    """How many there are in each district, who says so, and of which day."""

    source: str
    as_of: date
    businesses: Mapping[str, int]


def bring(details: FiguresDetails, *, by: Actor) -> DistrictFigures:
    """Save figures to be looked through. The map is weighed by them once somebody puts them to use."""
    POLICY.require(by, Act.BRING_FIGURES)
    made = DistrictFigures(
        source=details.source,
        as_of=details.as_of,
        businesses=dict(details.businesses),
        brought_at=now(),
        brought_by_id=by.account_id,
    )
    session().add(made)
    session().flush()
    told = created(source=made.source, as_of=made.as_of, businesses=made.total)
    audit.record(Act.BRING_FIGURES, made, told, by=by)
    return made


def use(found: DistrictFigures, *, by: Actor) -> None:
    """Weigh the emptiest places by these figures, from the next count on."""
    POLICY.require(by, Act.USE_FIGURES, found)
    if found.used_at is not None:
        raise Conflict(
            "These figures are in use already, or were used before. Upload them again to use them."
        )
    found.used_at = now()
    audit.record(Act.USE_FIGURES, found, {"used_at": (None, found.used_at)}, by=by)


def remove(found: DistrictFigures, *, by: Actor) -> None:
    """Delete figures. Where they were in use, those before them are again, or the businesses that we know."""
    POLICY.require(by, Act.REMOVE_FIGURES, found)
    audit.record(Act.REMOVE_FIGURES, found, {"source": (found.source, None)}, by=by)
    session().delete(found)
