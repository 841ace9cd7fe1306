"""Submitting an application, and withdrawing it."""

from __future__ import annotations

from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.following import follow
from crm.db.holding import why_held
from crm.db.states import advance, refuse_if, require_as_shown
from crm.kernel.clock import moment_in_words, now
from crm.kernel.errors import Changed, Conflict
from crm.kernel.permissions import Actor
from crm.kernel.signing import require_signed
from crm.programme.applications.models import Application
from crm.programme.applications.policy import POLICY
from crm.programme.applications.queries import applications as queries
from crm.programme.applications.queries.filling import Filled, filled
from crm.programme.applications.rules.answering import SectionState
from crm.programme.applications.service.filling import require_in_time
from crm.programme.applications.service.querying import close_open_ones
from crm.programme.applications.service.telling import tell
from crm.programme.applications.workflow import APPLICATIONS, Act, ApplicationStatus, ClearanceStatus
from crm.programme.rounds.rules.timing import Standing, minutes_late

HELD_UP = {
    ClearanceStatus.WAITING: "An adviser is still checking whether your business can apply. You will get an email about it.",
    ClearanceStatus.DENIED: "An adviser found that your business cannot apply. Your application page gives the reason.",
}
READ_AGAIN = (
    "An answer was changed after you opened this page, so nothing was submitted. The answers below are the latest. "
    "Read them, then submit."
)


def submit(found: Application, *, declared_by: str, seal: int | None = None, by: Actor) -> None:
    """Submit an application. Every section has to be finished and in order, now and not once; late only within grace.

    ``declared_by`` signs the declaration: the name of the person who submits. ``seal`` is that of the answers that were
    read with it: raises `Changed` where they are others now.
    """
    POLICY.require(by, Act.SUBMIT, found)
    queries.hold(found)
    APPLICATIONS.target(Act.SUBMIT, found.status)
    standing = require_in_time(found, by=by)
    refuse_if(why_held_up(found))
    now_filled = filled(found)
    if seal is not None and seal != now_filled.seal:
        raise Changed(READ_AGAIN)
    _require_complete(found, now_filled)
    require_signed(declared_by, field="declared_by", by=by)
    late = minutes_late(found.round.window, now()) if standing is Standing.IN_GRACE else 0
    told = {"declared_by": declared_by, "minutes_late": late, **now_filled.sums}
    changes = amend(found, submitted_at=now(), **told) | advance(APPLICATIONS, found, Act.SUBMIT)
    found.submitted_by_id = by.account_id
    audit.record(Act.SUBMIT, found, changes, by=by)
    _tell_submitted(found, by=by)


def _tell_submitted(found: Application, *, by: Actor) -> None:
    told = {
        "declared_by": found.declared_by,
        "assessed_from": moment_in_words(found.round.assess_from),
        "assessed_until": moment_in_words(found.round.assess_until),
    }
    tell(found, "application_submitted", actor=by, **told)


def why_held_up(found: Application) -> str:
    """Why an application cannot be submitted however complete it is: nobody has said that the business can apply."""
    return HELD_UP.get(found.clearance.status, "") if found.clearance is not None else ""


def _require_complete(found: Application, now_filled: Filled) -> None:
    open_ = [
        each.title for each in found.round.sections if now_filled.states[each.id] is not SectionState.COMPLETE
    ]
    if open_:
        raise Conflict(f"Finish these sections first: {', '.join(open_)}.")


def withdraw(found: Application, *, reason: str, version: int | None = None, by: Actor) -> None:
    """Withdraw an application, submitted or not. The business can start a new one as long as the round is open."""
    POLICY.require(by, Act.WITHDRAW, found)
    queries.hold(found)
    APPLICATIONS.target(Act.WITHDRAW, found.status)
    refuse_if(why_not_withdrawn(found))
    require_as_shown(found, version)
    was_assessed = found.status is ApplicationStatus.ASSESSED
    changes = amend(found, withdrawn_at=now(), withdrawn_reason=reason, assessed_at=None)
    changes |= advance(APPLICATIONS, found, Act.WITHDRAW)
    audit.record(Act.WITHDRAW, found, changes, by=by)
    close_open_ones(found)
    follow(Act.WITHDRAW, found, by=by)
    _tell_withdrawn(found, was_assessed=was_assessed, by=by)


def why_not_withdrawn(found: Application) -> str | None:
    """Why an application is not withdrawn now: what became of it is given up on a page of its own."""
    return why_held("application", found.id)


def can_start_again(found: Application) -> bool:
    """Whether a withdrawn application can be followed by another to the same round."""
    return found.round.window.standing(now()) is Standing.OPEN


def has_answers(found: Application) -> bool:
    """Whether there is anything in it that another application could take over."""
    return bool(queries.latest_answers(found.id) or queries.files_of(found.id))


def _tell_withdrawn(found: Application, *, was_assessed: bool, by: Actor) -> None:
    can_start = can_start_again(found)
    onward = f"/programme/rounds/{found.round_id}/check" if can_start else f"/applications/{found.id}"
    told = {"who": by.name, "can_start": can_start, "onward": onward, "has_answers": has_answers(found)}
    told["was_assessed"] = was_assessed
    tell(
        found,
        "application_withdrawn",
        actor=by,
        round_deadline=moment_in_words(found.round.deadline_at),
        **told,
    )
