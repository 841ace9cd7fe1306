"""What the worker counts: the directory, the businesses that are known, and what they asked for in vain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from crm.businesses.models import Business
from crm.coverage.models import CoverageCount
from crm.coverage.queries.parts import parts
from crm.coverage.queries.weighing import FIGURES, businesses_by_district, figures_in_use, in_use_first
from crm.coverage.rules.bands import Band
from crm.coverage.rules.counting import Counts, Key, counted
from crm.coverage.rules.gaps import (
    NEED_OF_ASK,
    Gap,
    How,
    Total,
    Where,
    emptiest,
    gaps_of,
    need_of,
    totals_of,
)
from crm.db.session import session
from crm.directory.models import Service
from crm.directory.queries import all_services
from crm.directory.rules.labels import NEEDS
from crm.directory.workflow import ServiceStatus
from crm.evidence.models import Ask, ShutOut
from crm.evidence.workflow import AskStatus
from crm.kernel.clock import today
from crm.signposting.models import ActionPlan
from crm.signposting.workflow import PlanStatus

OWNERS, SERVICES = Business.__table__.c, Service.__table__.c
ASKS, PLANS, OUTS = Ask.__table__.c, ActionPlan.__table__.c, ShutOut.__table__.c
MOST_EVIDENCE = 500_000


@dataclass(frozen=True)
class Counted:
    """One count of the region, before it is stored. ``source`` says who counted the businesses; "" is that we know them."""

    on_day: date
    mark: str
    services: int
    unconfirmed: int
    businesses: int
    source: str
    as_of: date | None
    cells: Mapping[Key, Counts]
    totals: Sequence[Total]
    gaps: Sequence[Gap]


def mark_now() -> str:
    """Which directory a count made now would be of: it changes with any service, with the figures in use, and with the day."""
    used = in_use_first(FIGURES.id).scalar_subquery()
    changes = func.coalesce(func.sum(SERVICES.version), 0), func.max(SERVICES.changed_at)
    count, versions, changed_at, used = session().execute(select(func.count(), *changes, used)).one()
    return f"{today()} {count} {versions} {changed_at} {used or ''}".rstrip()


def is_due() -> bool:
    """Whether the directory has changed, or another day has come, since the last count."""
    last = session().scalar(select(CoverageCount.mark).order_by(CoverageCount.on_day.desc()).limit(1))
    return last != mark_now()


def count_region() -> Counted:
    """Count the region as it is today. It only reads, and takes its time before anything is written."""
    day, services = today(), all_services()
    cells = counted(services, parts(), on=day)
    in_use = figures_in_use()
    there = businesses_by_district(in_use)
    gaps = gaps_of(cells, parts(), businesses=there, asked=_numbers(asked_in_vain()))
    return Counted(
        on_day=day,
        mark=mark_now(),
        services=sum(each.is_available(on=day) for each in services),
        unconfirmed=sum(each.status is ServiceStatus.CHECK for each in services),
        businesses=sum(there.values()),
        source=in_use.source if in_use else "",
        as_of=in_use.as_of if in_use else None,
        cells=cells,
        totals=totals_of(gaps, dict.fromkeys((*NEEDS, *(each.need for each in gaps)))),
        gaps=[each for band in Band for each in emptiest(gaps, band)],
    )


def _numbers(found: Mapping[Where, set[UUID]]) -> dict[Where, int]:
    return {where: len(owners) for where, owners in found.items()}


@dataclass(frozen=True)
class Vain:
    """A business of a district that asked for a need in vain, and how that is known."""

    outcode: str | None
    need: str
    owner_id: UUID
    how: How


def asked_in_vain() -> dict[Where, set[UUID]]:
    """Which businesses of each district asked in vain for each need: finance not found, needs a plan could not meet, rules that excluded."""
    found: dict[Where, set[UUID]] = {}
    for each in every_vain():
        if each.outcode and each.need:
            found.setdefault((each.outcode, each.need), set()).add(each.owner_id)
    return found


def every_vain(outcode: str = "") -> Iterable[Vain]:
    """Each time a business asked in vain: in one district, or everywhere."""
    yield from (*_unmet_asks(outcode), *_unmet_needs(outcode), *_shut_out(outcode))


def _rows(outcode: str, *columns: Any, of: Any, where: Iterable[Any] = ()) -> Iterable[Any]:
    query = select(OWNERS.trading_outcode, *columns, OWNERS.id).join(Business, OWNERS.id == of.business_id)
    here = [OWNERS.trading_outcode == outcode] if outcode else []
    return session().execute(query.where(*where, *here).limit(MOST_EVIDENCE))


def _unmet_asks(where: str) -> Iterable[Vain]:
    for outcode, instrument, owner in _rows(
        where, ASKS.instrument, of=ASKS, where=[ASKS.status == AskStatus.UNMET]
    ):
        yield Vain(outcode, NEED_OF_ASK[instrument], owner, How.NOT_FOUND)


def _unmet_needs(where: str) -> Iterable[Vain]:
    for outcode, unmet, owner in _rows(
        where, PLANS.unmet_needs, of=PLANS, where=[PLANS.status == PlanStatus.SENT]
    ):
        yield from (Vain(outcode, each["name"], owner, How.NOT_IN_PLAN) for each in unmet)


def _shut_out(where: str) -> Iterable[Vain]:
    for outcode, wanted, owner in _rows(where, OUTS.wanted, of=OUTS):
        yield Vain(outcode, need_of(wanted), owner, How.SHUT_OUT)
