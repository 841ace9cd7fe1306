"""Reminding a business of a milestone: once before its day and once after it, however often the work is run (P47)."""

from __future__ import annotations

from datetime import date, timedelta

from crm.db.session import session
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import is_past, now, today
from crm.kernel.permissions import SYSTEM
from crm.programme.claims.models import MilestoneReminder
from crm.programme.claims.queries import evidence as queries
from crm.programme.claims.queries.evidence import MilestoneOf
from crm.programme.claims.service.telling import tell_business
from crm.programme.claims.workflow import Reminder

AHEAD = timedelta(days=14)


def remind_all(*, on: date | None = None) -> int:
    """Write about each milestone that is due within 14 days, or overdue; return how many letters' milestones there were."""
    day = on or today()
    sent = {kind: queries.reminded(kind) for kind in Reminder}
    rows = queries.unmet_until(day + AHEAD)
    due = [each for each in rows if (each.milestone.id, each.milestone.due_on) not in sent[_kind(each, day)]]
    for each in due:
        _remind(each, _kind(each, day))
    session().flush()
    return len(due)


def _kind(found: MilestoneOf, on: date) -> Reminder:
    return Reminder.AFTER if is_past(found.milestone.due_on, on=on) else Reminder.BEFORE


def _remind(found: MilestoneOf, kind: Reminder) -> None:
    due_on = found.milestone.due_on
    made = MilestoneReminder(milestone_id=found.milestone.id, kind=kind, due_on=due_on, sent_at=now())
    session().add(made)
    path, said = f"/awards/{found.award.id}/milestones/{found.milestone.id}/evidence", day_in_words(due_on)
    facts = {"milestone": found.milestone.title, "due": said, "wanted": found.milestone.evidence_wanted}
    if kind is Reminder.BEFORE:
        tell_business(found.award, "milestone_due", path=path, by=SYSTEM, **facts)
    else:
        tell_business(found.award, "milestone_overdue", path=path, by=SYSTEM, **facts)
