"""Keep the summaries: counted afresh where something changed, written only where a number did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete

from crm.db.counting import Measure
from crm.db.session import session
from crm.kernel.clock import now, today
from crm.reports.scoreboard.models import ReportCell, ReportCount
from crm.reports.scoreboard.queries import summaries
from crm.reports.scoreboard.queries.counting import Pair, Part, parts
from crm.reports.scoreboard.rules.periods import Period, offered
from crm.reports.scoreboard.rules.showing import Tally

CELL, COUNT = ReportCell.__table__.c, ReportCount.__table__.c


@dataclass(frozen=True)
class Counted:
    """What a measure came to in a period, by part; and up to which entry of the audit trail."""

    pair: Pair
    found: dict[Part, Tally]
    seen_entry: int
    at: datetime


def count_changed(measures: Iterable[Measure], *, all_again: bool = False) -> list[Counted]:
    """Count afresh each measure and period whose rows changed since the last count, or all of them. Nothing is written."""
    periods, at = offered(today()), now()
    kept, seen = summaries.kept_counts(periods), summaries.newest_entry()
    changed = summaries.changed_since(min((each.seen_entry for each in kept.values()), default=seen))
    wanted: list[Pair] = []
    for measure in measures:
        for period in periods:
            known = kept.get((measure.key, *period.days))
            if all_again or known is None or not summaries.is_current(measure, known, changed=changed):
                wanted.append((measure, period))
    return [Counted(pair, parts(*pair), seen, at) for pair in wanted]


def keep(counted: Iterable[Counted]) -> int:
    """Write what was counted over what was kept: only parts that differ. Says how many did."""
    return sum(_keep(each) for each in counted)


def _keep(counted: Counted) -> int:
    measure, period = counted.pair
    before = summaries.cells_of(measure.key, period.days)
    gone = [part for part in before if part not in counted.found]
    new = {part: each for part, each in counted.found.items() if before.get(part) != each}
    for part in (*gone, *(each for each in new if each in before)):
        session().execute(delete(ReportCell).where(*_is(measure, period), *_is_part(part)))
    session().add_all(_cell(counted.pair, part, tally=tally) for part, tally in new.items())
    _stamp(counted)
    session().flush()
    return len(gone) + len(new)


def _is(measure: Measure, period: Period) -> tuple[ColumnElement[bool], ...]:
    return CELL.measure == measure.key, CELL.first == period.first, CELL.last == period.last


def _is_part(part: Part) -> tuple[ColumnElement[bool], ...]:
    return tuple(
        CELL[name] == value for name, value in zip(("hub", "authority", "sector", "size"), part, strict=True)
    )


def _cell(pair: Pair, part: Part, *, tally: Tally) -> ReportCell:
    hub, authority, sector, size = part
    about = {"hub": hub, "authority": authority, "sector": sector, "size": size}
    sums = {"count": tally.count, "amount": tally.amount, "behind": tally.behind}
    return ReportCell(measure=pair[0].key, first=pair[1].first, last=pair[1].last, **about, **sums)


def _stamp(counted: Counted) -> None:
    measure, period = counted.pair
    kept = session().get(ReportCount, (measure.key, *period.days))
    if kept is None:
        kept = ReportCount(measure=measure.key, first=period.first, last=period.last)
        session().add(kept)
    kept.definition, kept.counted_at, kept.seen_entry = measure.version, counted.at, counted.seen_entry
    kept.rows = sum(each.count for each in counted.found.values())
