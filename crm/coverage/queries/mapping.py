"""What the pages of coverage read: a few statements each, whatever the size of the directory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sqlalchemy import func, select

from crm.coverage.models import CoverageCell, CoverageCount, CoverageGap, CoverageTotal, DistrictFigures
from crm.coverage.queries.parts import parts
from crm.coverage.queries.weighing import businesses_by_district
from crm.coverage.rules.bands import Band
from crm.coverage.rules.counting import Level, Part, levels
from crm.coverage.rules.explaining import Explained, explain
from crm.coverage.rules.gaps import Gap
from crm.coverage.rules.imagining import Change, Imagined, changes, reach_of
from crm.db.session import session
from crm.directory.queries import all_services
from crm.directory.rules.labels import NEEDS
from crm.kernel.clock import today
from crm.kernel.eligibility import one_of

CELLS = CoverageCell.__table__.c
MOST_CELLS, MOST_DAYS, GAPS_SHOWN = 1_000, 60, 10


def last_count() -> CoverageCount | None:
    """The latest count of the region; None before the worker made the first."""
    return session().scalar(select(CoverageCount).order_by(CoverageCount.on_day.desc()).limit(1))


def levels_for(need: str, band: Band) -> dict[str, Level]:
    """What each district has for one need and size; without a need, how many of all needs are met there."""
    size = CELLS[band.value]
    if need:
        query = select(CELLS.outcode, CELLS.authority, size).where(CELLS.need == need)
    else:
        query = select(CELLS.outcode, CELLS.authority, func.count()).where(size > 0)
        query = query.group_by(CELLS.outcode, CELLS.authority)
    rows = session().execute(query.limit(MOST_CELLS))
    return levels(parts(), {(outcode, authority): count for outcode, authority, count in rows})


def with_service(imagined: Imagined, band: Band, *, in_use: DistrictFigures | None) -> list[Change]:
    """What each district has for the need of an imagined service, and would have with it."""
    size = CELLS[band.value]
    query = select(CELLS.outcode, CELLS.authority, size).where(CELLS.need == imagined.need).limit(MOST_CELLS)
    now = {(outcode, authority): count for outcode, authority, count in session().execute(query)}
    added = reach_of(imagined, parts(), band=band, on=today())
    then = {where: now.get(where, 0) + more for where, more in added.items()}
    there = businesses_by_district(in_use)
    return changes(levels(parts(), now), levels(parts(), then), businesses=there)


def gaps_shown(need: str, band: Band) -> list[Gap]:
    """The emptiest of a size, or those of them that are about one need."""
    query = select(CoverageGap).where(CoverageGap.band == band).order_by(CoverageGap.position)
    if need:
        query = query.where(CoverageGap.need == need)
    rows = session().scalars(query.limit(GAPS_SHOWN)).all()
    return [
        Gap(each.outcode, each.need, each.band, each.unreached, each.businesses, each.asked) for each in rows
    ]


def totals_now(found: CoverageCount, band: Band) -> Sequence[CoverageTotal]:
    """How much of the region has nothing, for each need of a size: the emptiest need first."""
    query = select(CoverageTotal).where(CoverageTotal.count_id == found.id, CoverageTotal.band == band)
    ordered = query.order_by(
        CoverageTotal.uncovered.desc(), CoverageTotal.unserved.desc(), CoverageTotal.need
    )
    return session().scalars(ordered.limit(MOST_CELLS)).all()


def trend_of(need: str, band: Band) -> list[tuple[date, int]]:
    """Hundredths of districts with nothing for a need and size on each day that was counted, the earliest first."""
    query = select(CoverageCount.on_day, CoverageTotal.uncovered).join(CoverageTotal)
    query = query.where(CoverageTotal.need == need, CoverageTotal.band == band)
    rows = session().execute(query.order_by(CoverageCount.on_day.desc()).limit(MOST_DAYS))
    return [(on_day, uncovered) for on_day, uncovered in rows][::-1]


def turns(trend: Sequence[tuple[date, int]]) -> list[tuple[date, int]]:
    """The first day of a trend and each day on which it came to another number, the latest first."""
    changed = [each for before, each in pairwise(trend) if each[1] != before[1]]
    return [*trend[:1], *changed][::-1]


@dataclass(frozen=True)
class Cell:
    """One district, and one need where one is named."""

    outcode: str
    need: str = ""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of the district in the region."""
        return tuple(each for each in parts() if each.outcode == self.outcode)

    @property
    def lies_in(self) -> str:
        """The authorities that it lies in, in words."""
        return one_of((each.authority for each in self.parts), joined_by="and")


def cell(outcode: str, need: str = "") -> Cell | None:
    """A district of the region, with a need of the directory; None where there is no such one."""
    is_known = any(each.outcode == outcode for each in parts()) and (not need or need in NEEDS)
    return Cell(outcode, need) if is_known else None


def needs_of(found: Cell, band: Band) -> dict[str, Level]:
    """What a district has for each need."""
    query = select(CELLS.need, CELLS.authority, CELLS[band.value]).where(CELLS.outcode == found.outcode)
    counts: dict[str, dict[tuple[str, str], int]] = {need: {} for need in NEEDS}
    for need, authority, count in session().execute(query.limit(MOST_CELLS)):
        counts.setdefault(need, {})[found.outcode, authority] = count
    return {need: levels(found.parts, here)[found.outcode] for need, here in counts.items()}


def explained(found: Cell, band: Band) -> Explained:
    """Every service for the need, with whether it counts here."""
    offered = [each for each in all_services() if found.need in each.needs]
    return explain(offered, found.parts, band=band, on=today())
