"""Handing an application in, and taking it back."""

from __future__ import annotations

from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.following import follow
from crm.db.states import advance
from crm.kernel.clock import now
from crm.kernel.errors import Conflict
from crm.kernel.money import Money
from crm.kernel.permissions import Actor
from crm.programme.applications.models import Application
from crm.programme.applications.policy import POLICY
from crm.programme.applications.queries import applications as queries
from crm.programme.applications.queries.filling import Filled, filled
from crm.programme.applications.rules.answering import SectionState, sum_asked
from crm.programme.applications.service.filling import require_in_time
from crm.programme.applications.service.querying import close_open_ones
from crm.programme.applications.service.telling import tell
from crm.programme.applications.workflow import APPLICATIONS, Act, ClearanceStatus
from crm.programme.rounds.rules.timing import Standing, minutes_late

HELD_UP = {
    ClearanceStatus.WAITING: "An adviser still has to look at whether your business can apply. You get a letter about it.",
    ClearanceStatus.DENIED: "An adviser found that your business cannot apply. The reason stands on your application.",
}


def submit(found: Application, *, declared_by: str, by: Actor) -> None:
    """Hand an application in. Every section has to be finished and in order, now and not once; late only within grace."""
    POLICY.require(by, Act.SUBMIT, found)
    queries.hold(found)
    APPLICATIONS.target(Act.SUBMIT, found.status)
    standing = require_in_time(found, by=by)
    if found.clearance is not None and found.clearance.status in HELD_UP:
        raise Conflict(HELD_UP[found.clearance.status])
    now_filled = filled(found)
    _require_complete(found, now_filled)
    late = minutes_late(found.round.window, now()) if standing is Standing.IN_GRACE else 0
    changes = amend(
        found,
        submitted_at=now(),
        submitted_by_id=by.account_id,
        declared_by=declared_by,
        minutes_late=late,
        asked_for=_asked_for(now_filled),
    ) | advance(APPLICATIONS, found, Act.SUBMIT)
    audit.record(Act.SUBMIT, found, {k: v for k, v in changes.items() if k != "submitted_by_id"}, by=by)
    tell(found, "application_submitted", actor=by, declared_by=declared_by)


def _require_complete(found: Application, now_filled: Filled) -> None:
    open_ = [
        each.title for each in found.round.sections if now_filled.states[each.id] is not SectionState.COMPLETE
    ]
    if open_:
        raise Conflict(f"Finish these sections first: {', '.join(open_)}.")


def _asked_for(now_filled: Filled) -> Money | None:
    pence = sum_asked(now_filled.asked, now_filled.answers)
    return None if pence is None else Money(pence)


def withdraw(found: Application, *, reason: str, by: Actor) -> None:
    """Take an application back, whether it was submitted or not. The business can begin anew as long as the round is open."""
    POLICY.require(by, Act.WITHDRAW, found)
    queries.hold(found)
    changes = amend(found, withdrawn_at=now(), withdrawn_reason=reason, assessed_at=None)
    changes |= advance(APPLICATIONS, found, Act.WITHDRAW)
    audit.record(Act.WITHDRAW, found, changes, by=by)
    close_open_ones(found)
    follow(Act.WITHDRAW, found, by=by)
    tell(found, "application_withdrawn", actor=by)
