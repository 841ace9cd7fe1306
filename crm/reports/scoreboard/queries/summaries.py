"""Counts that were kept: which are still current, and what they come to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, select, tuple_

from crm.audit.models import AuditEntry
from crm.db.counting import Measure
from crm.db.session import session
from crm.reports.scoreboard.models import ReportCell, ReportCount
from crm.reports.scoreboard.queries.counting import Key, Pair, Part, authorities_of, parts, tallies
from crm.reports.scoreboard.rules.periods import Period
from crm.reports.scoreboard.rules.showing import NONE, Tally, Wanted

CELL, COUNT, ENTRY = ReportCell.__table__.c, ReportCount.__table__.c, AuditEntry.__table__.c
ABOUT_BUSINESSES = ("business", "yearly_figures")
"""A change of these can move a business to another part."""
FEW = 2_000
"""A number of so few rows is counted afresh whenever something changed; a larger one is renewed by the worker."""


def newest_entry() -> int:
    """The last entry of the audit trail."""
    return session().scalar(select(func.max(ENTRY.id))) or 0


def changed_since(entry: int) -> dict[str, int]:
    """The kinds of things that something was done to after an entry of the audit trail, each with its last entry."""
    query = select(ENTRY.thing_kind, func.max(ENTRY.id)).where(ENTRY.id > entry).group_by(ENTRY.thing_kind)
    return dict(session().execute(query).all())


def kept_counts(periods: Collection[Period]) -> dict[Key, ReportCount]:
    """When each measure was last counted for some periods."""
    days = [each.days for each in periods]
    query = select(ReportCount).where(tuple_(COUNT.first, COUNT.last).in_(days))
    return {(each.measure, each.first, each.last): each for each in session().scalars(query)}


def is_current(measure: Measure, kept: ReportCount, *, changed: dict[str, int]) -> bool:
    """Whether nothing that a measure counts changed since it was counted, and it is still defined so."""
    kinds = (measure.table, *measure.tables, *ABOUT_BUSINESSES)
    is_same = kept.definition == measure.version
    return is_same and all(changed.get(each, 0) <= kept.seen_entry for each in kinds)


def read(pairs: Sequence[Pair], wanted: Wanted) -> dict[Key, Tally]:
    """What each measure comes to in its period: as it was kept where that is current, else counted afresh.

    Many rows that changed a moment ago are not counted again for every look: the number then says when it was counted.
    """
    kept = kept_counts({period for _, period in pairs if period.is_kept})
    changed = changed_since(min((each.seen_entry for each in kept.values()), default=newest_entry()))
    afresh = [pair for pair in pairs if _must_count(pair, kept, changed)]
    found = {**_from_cells(set(kept), wanted), **tallies(afresh, wanted)}
    return {
        key: _dated(pair, found.get(key, Tally()), kept, changed) for pair in pairs for key in [_key(pair)]
    }


def _key(pair: Pair) -> Key:
    return (pair[0].key, *pair[1].days)


def _must_count(pair: Pair, kept: dict[Key, ReportCount], changed: dict[str, int]) -> bool:
    known = kept.get(_key(pair))
    if known is None or known.definition != pair[0].version:
        return True
    return known.rows <= FEW and not is_current(pair[0], known, changed=changed)


def _dated(pair: Pair, tally: Tally, kept: dict[Key, ReportCount], changed: dict[str, int]) -> Tally:
    """The number with the moment of its count, where something changed since."""
    known = kept.get(_key(pair))
    if known is None or _must_count(pair, kept, changed) or is_current(pair[0], known, changed=changed):
        return tally
    return Tally(tally.count, tally.amount, tally.behind, known.counted_at)


def _from_cells(keys: Collection[Key], wanted: Wanted) -> dict[Key, Tally]:
    """What was kept comes to, narrowed: one statement."""
    if not keys:
        return {}
    by = (CELL.measure, CELL.first, CELL.last)
    sums = (func.sum(CELL.count), func.sum(CELL.amount), func.sum(CELL.behind))
    days = {(first, last) for _, first, last in keys}
    query = select(*by, *sums).where(tuple_(CELL.first, CELL.last).in_(days), *_narrowed(wanted))
    rows = session().execute(query.group_by(*by))
    return {(key, first, last): Tally(int(c), int(a), int(b)) for key, first, last, c, a, b in rows}


def _narrowed(wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    for name, value in wanted.filters.items():
        if name == "area":
            yield CELL.authority.in_(authorities_of(value))
        else:
            yield CELL[name] == ("" if value == NONE else value)


def trend(measure: Measure, periods: Sequence[Period], *, wanted: Wanted) -> list[Tally]:
    """What a measure came to in some periods."""
    found = read([(measure, each) for each in periods], wanted)
    return [found[(measure.key, *each.days)] for each in periods]


def split(measure: Measure, period: Period, *, wanted: Wanted) -> dict[Part, Tally]:
    """The parts of one number that fit what is wanted: as they were kept where that is current, else counted afresh."""
    kept = kept_counts([period]).get((measure.key, *period.days)) if period.is_kept else None
    if kept is None or _must_count(
        (measure, period), {(measure.key, *period.days): kept}, changed_since(kept.seen_entry)
    ):
        found = parts(measure, period)
    else:
        found = cells_of(measure.key, period.days)
    return {part: each for part, each in found.items() if fits(part, wanted)}


def fits(part: Part, wanted: Wanted) -> bool:
    """Whether a part is of what is wanted."""
    of = dict(zip(("hub", "authority", "sector", "size"), part, strict=True))
    if wanted.area and of["authority"] not in authorities_of(wanted.area):
        return False
    asked = {name: "" if value == NONE else value for name, value in wanted.filters.items() if name != "area"}
    return all(of[name] == value for name, value in asked.items())


def cells_of(measure: str, days: tuple[date, date]) -> dict[Part, Tally]:
    """The parts of one number as they were kept."""
    query = select(ReportCell).where(CELL.measure == measure, CELL.first == days[0], CELL.last == days[1])
    return {
        (each.hub, each.authority, each.sector, each.size): Tally(each.count, each.amount, each.behind)
        for each in session().scalars(query)
    }
