"""Moving the deadline and the time of assessing of a published round: later for everybody, and said to all who apply."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.following import follow
from crm.db.states import refuse_if, require_as_shown
from crm.kernel.clock import now
from crm.kernel.errors import Invalid, require_reason
from crm.kernel.permissions import Actor
from crm.programme.rounds.models import Round
from crm.programme.rounds.policy import POLICY
from crm.programme.rounds.rules.timing import order_fault
from crm.programme.rounds.workflow import Act, RoundStatus


@dataclass(frozen=True)
class Dates:
    """The new deadline and time of assessing; moments are aware."""

    deadline_at: datetime
    assess_from: datetime
    assess_until: datetime


def why_not_postponed(found: Round) -> str | None:
    """Why the dates of a round cannot be moved: a draft is changed as it is."""
    if found.status is RoundStatus.PUBLISHED:
        return None
    return (
        "Only the dates of a published round can be moved here. To change those of a draft, change the round."
    )


def postpone(found: Round, dates: Dates, *, reason: str, version: int | None = None, by: Actor) -> None:
    """Move the deadline later, or the time of assessing; applicants and assessors are told. Raises `Invalid`."""
    POLICY.require(by, Act.POSTPONE, found)
    refuse_if(why_not_postponed(found))
    require_reason(reason)
    require_as_shown(found, version)
    dates = _to_the_minute(found, dates)
    _require_later(found, dates)
    changes = amend(found, **vars(dates))
    if not changes:
        raise Invalid("Change at least one date", field="deadline")
    audit.record(Act.POSTPONE, found, changes | {"why": (None, reason)}, by=by)
    follow(Act.POSTPONE, found, by=by)


def _to_the_minute(found: Round, dates: Dates) -> Dates:
    """The dates, each as it is stored where it was not changed: a form says minutes, not seconds."""
    stored = {name: getattr(found, name) for name in vars(dates)}
    same = {
        name: at for name, at in stored.items() if at.replace(second=0, microsecond=0) == getattr(dates, name)
    }
    return replace(dates, **same)


def _require_later(found: Round, dates: Dates) -> None:
    """A deadline moves later only, and to a time still to come; assessing ends in the future, after it began."""
    if dates.deadline_at != found.deadline_at and dates.deadline_at < max(found.deadline_at, now()):
        raise Invalid("The deadline can only be moved later, to a time still to come", field="deadline")
    if dates.assess_until != found.assess_until and dates.assess_until <= now():
        raise Invalid("The end of assessing must be still to come", field="assess_until")
    moments = {"opens": found.opens_at, "deadline": dates.deadline_at}
    fault = order_fault(moments | {"assess_from": dates.assess_from, "assess_until": dates.assess_until})
    if fault:
        raise Invalid(fault[1], field=fault[0])
