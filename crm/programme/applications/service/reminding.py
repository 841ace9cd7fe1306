"""Reminding whoever has begun an application that its deadline comes near: once, and of no dry run."""

from __future__ import annotations

from datetime import timedelta

from crm.db.changes import amend
from crm.db.session import session
from crm.figures.queries import figure_on
from crm.kernel.clock import moment_in_words, now, today
from crm.kernel.permissions import SYSTEM
from crm.programme.applications.queries.applications import drafts_due
from crm.programme.applications.service.telling import tell

FAR = timedelta(days=3_660)
"""Later than any figure: whether there is anything to look at at all."""


def remind_all() -> int:
    """Write about every draft that is due within so many days; a skipped day is caught up. Returns how many there were."""
    moment = now()
    if not drafts_due(after=moment, before=moment + FAR):
        return 0
    days = timedelta(days=int(figure_on("programme.remind_days", on=today())))
    found = drafts_due(after=moment, before=moment + days)
    for each in found:
        amend(each, reminded_at=moment)
        tell(each, "application_due", actor=SYSTEM, due=moment_in_words(each.due_at))
    session().flush()
    return len(found)
