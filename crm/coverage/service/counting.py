"""Storing what the worker counted: the cells and the emptiest of now, and one count with its totals for each day."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from sqlalchemy import delete, insert, select

from crm.coverage.models import CoverageCell, CoverageCount, CoverageGap, CoverageTotal
from crm.coverage.queries.counting import Counted, is_due
from crm.db.session import session
from crm.kernel.clock import now


def store(found: Counted) -> None:
    """Replace what the region has, and add the day's totals to the trend. Another worker's count of the same is left as it is."""
    if not is_due():
        return
    _forget(found)
    fields = {
        name: getattr(found, name) for name in ("on_day", "mark", "services", "unconfirmed", "businesses")
    }
    made = {"id": uuid4(), "at": now(), "source": found.source, "as_of": found.as_of, **fields}
    session().execute(insert(CoverageCount), [made])
    _fill(CoverageCell, [_cell(key, row) for key, row in found.cells.items()])
    _fill(CoverageTotal, [{"count_id": made["id"], **vars(each)} for each in found.totals])
    _fill(CoverageGap, _gaps(found))


def _forget(found: Counted) -> None:
    """Delete the cells of before, and the count that was made earlier on the same day."""
    same_day = select(CoverageCount.id).where(CoverageCount.on_day == found.on_day)
    session().execute(delete(CoverageTotal).where(CoverageTotal.count_id.in_(same_day)))
    session().execute(delete(CoverageCount).where(CoverageCount.on_day == found.on_day))
    session().execute(delete(CoverageCell))
    session().execute(delete(CoverageGap))


def _fill(table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        session().execute(insert(table.__table__), rows)


def _cell(key: tuple[str, str, str], row: tuple[int, ...]) -> dict[str, Any]:
    outcode, authority, need = key
    alone, micro, small, medium = row
    sizes = {"alone": alone, "micro": micro, "small": small, "medium": medium}
    return {"need": need, "outcode": outcode, "authority": authority, **sizes}


def _gaps(found: Counted) -> list[dict[str, Any]]:
    """The emptiest, with their place among those of their size."""
    places: dict[str, int] = {}
    rows = []
    for each in found.gaps:
        places[each.band] = places.get(each.band, 0) + 1
        rows.append({"position": places[each.band], **vars(each)})
    return rows
