"""Counting the region anew when the directory has changed and once a day; and for the demonstration."""

from __future__ import annotations

from collections.abc import Callable

from crm.coverage.queries.counting import count_region, is_due
from crm.coverage.service.counting import store
from crm.db.session import Database


def work_on_coverage(database: Database, _pause: Callable[[], bool]) -> bool:
    """Count the region where a count is due; return whether it was. It is counted before anything is written."""
    with database.reading():
        if not is_due():
            return False
        found = count_region()
    with database.transaction():
        store(found)
    return True


def load_demo() -> dict[str, int]:
    """A count of the demonstration's directory, so that its map is there before a worker runs."""
    if not is_due():
        return {"demo counts of coverage": 0}
    store(count_region())
    return {"demo counts of coverage": 1}
