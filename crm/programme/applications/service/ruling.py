"""What staff decide about an application before it is assessed: more time, whether it can apply, whether it can be chosen."""

from __future__ import annotations

from datetime import datetime

from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.following import follow
from crm.db.holding import why_held
from crm.db.states import advance, refuse_if, require_as_shown
from crm.kernel.clock import moment_in_words, now
from crm.kernel.errors import Invalid, require_reason
from crm.kernel.permissions import Actor
from crm.programme.applications.models import Application, Clearance
from crm.programme.applications.policy import POLICY
from crm.programme.applications.queries import applications as queries
from crm.programme.applications.service.querying import close_open_ones
from crm.programme.applications.service.telling import tell
from crm.programme.applications.workflow import APPLICATIONS, CLEARANCES, Act, ApplicationStatus

RULING = "application ruling"


def why_not_extended(found: Application) -> str | None:
    """Why an applicant cannot be given more time."""
    if found.status is ApplicationStatus.DRAFT:
        return None
    return "This application was submitted or withdrawn, so it needs no later deadline."


def why_not_cleared(found: Application) -> str | None:
    """Why an adviser has nothing to say about whether the business can apply."""
    if found.clearance is None:
        return "The answers of the business show that it can apply, so there is nothing to decide."
    if found.status is ApplicationStatus.DRAFT:
        return None
    return "This application was submitted or withdrawn, so its eligibility can no longer be changed."


def extend(found: Application, until: datetime, *, reason: str, version: int | None = None, by: Actor) -> int:
    """Give one applicant more time, with the reason; return how many letters tell of it. All others keep the deadline."""
    POLICY.require(by, Act.EXTEND, found)
    require_reason(reason)
    queries.hold(found)
    refuse_if(why_not_extended(found))
    require_as_shown(found, version)
    if until <= max(now(), found.round.deadline_at):
        raise Invalid("The new deadline must be later than the round’s, and still to come", field="day")
    changes = amend(found, extended_until=until, extension_reason=reason)
    audit.record(Act.EXTEND, found, changes, by=by)
    return tell(found, "application_extended", actor=by, until=moment_in_words(until))


def clear(found: Application, *, reason: str, version: int | None = None, by: Actor) -> int:
    """Say that a business whose answers did not tell can apply. Return how many letters tell of it."""
    _decide(found, Act.CLEAR, reason, version=version, by=by)
    return tell(found, "application_cleared", actor=by, reason=reason)


def deny(found: Application, *, reason: str, version: int | None = None, by: Actor) -> int:
    """Say that it cannot, and why. Return how many letters tell of it."""
    _decide(found, Act.DENY, reason, version=version, by=by)
    return tell(found, "application_denied", actor=by, reason=reason)


def _decide(found: Application, act: Act, reason: str, *, version: int | None, by: Actor) -> None:
    POLICY.require(by, act, found)
    require_reason(reason)
    clearance = _asked(found)
    require_as_shown(clearance, version)
    changes = amend(clearance, reason=reason, decided_at=now(), decided_by_id=by.account_id)
    moved = advance(CLEARANCES, clearance, act)
    audit.record(
        act, found, {"reason": changes.get("reason", (None, reason)), "can_apply": moved["status"]}, by=by
    )


def _asked(found: Application) -> Clearance:
    queries.hold(found)
    refuse_if(why_not_cleared(found))
    assert found.clearance is not None
    return found.clearance


def why_not_ruled_out(found: Application) -> str | None:
    """Why an application is not ruled out now: it is decided, and a decision is changed on its own page."""
    return why_held(RULING, found.id)


def rule_out(found: Application, *, reason: str, version: int | None = None, by: Actor) -> int:
    """Say that an application that was submitted cannot be chosen, and why: it leaves every ranking. Return how many letters tell of it."""
    POLICY.require(by, Act.RULE_OUT, found)
    require_reason(reason)
    queries.hold(found)
    APPLICATIONS.target(Act.RULE_OUT, found.status)
    refuse_if(why_not_ruled_out(found))
    require_as_shown(found, version)
    changes = amend(found, ineligible_reason=reason, assessed_at=None) | advance(
        APPLICATIONS, found, Act.RULE_OUT
    )
    audit.record(Act.RULE_OUT, found, changes, by=by)
    close_open_ones(found)
    follow(Act.RULE_OUT, found, by=by)
    return tell(found, "application_ruled_out", actor=by, reason=reason)


def readmit(found: Application, *, reason: str, version: int | None = None, by: Actor) -> int:
    """Let an application that was ruled out take part again. Return how many letters tell of it."""
    POLICY.require(by, Act.READMIT, found)
    require_reason(reason)
    queries.hold(found)
    APPLICATIONS.target(Act.READMIT, found.status)
    require_as_shown(found, version)
    changes = advance(APPLICATIONS, found, Act.READMIT) | amend(found, ineligible_reason="")
    audit.record(Act.READMIT, found, changes | {"why": (None, reason)}, by=by)
    return tell(found, "application_readmitted", actor=by)
