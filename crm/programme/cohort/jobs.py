"""The work of cohorts that a person asked for, done by the worker."""

from __future__ import annotations

from collections.abc import Callable

from crm.db.session import Database
from crm.gateways.solver import Highs
from crm.programme.cohort.service.working import work_on_next


def work_on_proposals(database: Database, pause: Callable[[], bool]) -> bool:
    """Work out one proposal; return whether there was one."""
    return work_on_next(database, Highs(), pause=pause)
