"""Assessors are reminded of what they have not submitted."""

from __future__ import annotations

from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.states import refuse_if
from crm.kernel.clock import day_of, moment_in_words, now, today
from crm.kernel.permissions import Actor
from crm.programme.assessing.models import RoundAssessor
from crm.programme.assessing.policy import POLICY
from crm.programme.assessing.queries.able import able_of
from crm.programme.assessing.queries.waiting import not_submitted_by
from crm.programme.assessing.service.telling import tell_member
from crm.programme.assessing.workflow import Act


def why_not_reminded(found: RoundAssessor) -> str | None:
    """Why an assessor is not reminded now: nothing to submit, nobody who could submit it, or reminded today."""
    name = found.account.name
    if not not_submitted_by(found):
        return f"{name} has no assessment left to submit in this round."
    if found.account_id not in able_of(found.round_id, on=today()):
        return f"{name} can no longer assess for this round. Take the applications back and allocate them to someone else."
    if found.reminded_at is not None and day_of(found.reminded_at) == today():
        return f"{name} was reminded today. Write to {found.account.email} yourself, or remind them again tomorrow."
    return None


def remind(found: RoundAssessor, *, by: Actor) -> None:
    """Remind an assessor of what they have not submitted in a round, once a day at most."""
    POLICY.require(by, Act.REMIND, found)
    refuse_if(why_not_reminded(found))
    amend(found, reminded_at=now())
    audit.record(Act.REMIND, found.round, {"assessor": (None, found.account.name)}, by=by)
    rows = not_submitted_by(found)
    left = [f"- {each.application.reference}, by {moment_in_words(each.due_at)}" for each in rows]
    tell_member(found, "assessment_reminded", left="\n".join(left), count=len(left))
