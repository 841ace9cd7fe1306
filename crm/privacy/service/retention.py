"""Deleting what is over: planned once a day, done some rows at a time, counted in the audit log."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.exc import InterfaceError, OperationalError

from crm.audit import service as audit
from crm.db.ending import Ends, count_left, end_rows, ids_left, table_of
from crm.db.session import Database, session
from crm.kernel.clock import now, today
from crm.kernel.permissions import SYSTEM
from crm.privacy.models import RetentionRun
from crm.privacy.queries import retention as queries
from crm.privacy.rules import AT_ONCE, first_kept, too_many, why_held
from crm.privacy.workflow import Act

log = logging.getLogger("crm.retention")
REASON = "The retention period is over"
FAILED = "It could not be deleted, because of a fault in this service. The log says more. Nothing else was stopped by it."


def plan(kinds: Sequence[Ends], *, with_many: bool = False) -> None:
    """Note what is due of each kind that the worker ends. What is improbably much is held back until a person has looked.

    A kind whose figure is not loaded yet is left: nothing is deleted by a time that nobody here has agreed to.
    """
    open_runs = {each.kind: each for each in queries.open_runs_now()}
    for kind in kinds:
        run, value = open_runs.get(kind.name), queries.value_of(kind)
        if kind.then is not None and value is not None and (run is None or run.held):
            _plan(kind, run, before=first_kept(kind, value, on=today()), with_many=with_many)


def _plan(kind: Ends, run: RetentionRun | None, *, before: datetime, with_many: bool) -> None:
    due, over = count_left(kind, before), count_left(kind, now() + timedelta(days=1))
    held = why_held(due, of=over) if too_many(due, of=over) and not with_many else ""
    if run is None and not due:
        return
    if run is None:
        run = RetentionRun(kind=kind.name, planned_at=now(), before=before, found=due, held=held)
        session().add(run)
    run.before, run.found, run.held = before, due, held
    if held:
        log.error("%s: %s", kind.what, held)


def end_next(database: Database, kinds: Sequence[Ends]) -> bool:
    """Delete some rows of the first kind that was planned, in a transaction of its own; return whether there was one.

    A kind that cannot be deleted is held back, so that the others go on.
    """
    with database.reading():
        if queries.next_run() is None:
            return False
    try:
        with database.transaction():
            _end_some({each.name: each for each in kinds})
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("what is over could not be deleted")
        with database.transaction():
            run = queries.next_run()
            if run is not None:
                run.held = FAILED
    return True


def _end_some(kinds: dict[str, Ends]) -> None:
    run = queries.next_run()
    if run is None:
        return
    kind = kinds.get(run.kind)
    ids = ids_left(kind, run.before, most=AT_ONCE) if kind else ()
    if kind is not None and kind.then is not None and ids:
        audit.erase_values_about(kind.table, ids, reason=REASON, by=SYSTEM)
        end_rows(table_of(kind), ids, then=kind.then)
        run.done += len(ids)
    if len(ids) < AT_ONCE:
        run.finished_at = now()
        session().flush()
        audit.record(Act.END_RETENTION, run, {"kind": run.kind, "done": run.done}, by=SYSTEM)
