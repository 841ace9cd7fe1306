"""What becomes of an award that its applicant was told of: proposed to be withdrawn and kept after all (decision 0090), or given up."""

from __future__ import annotations

from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.session import session
from crm.db.states import refuse_if
from crm.kernel.clock import now
from crm.kernel.errors import require_reason
from crm.kernel.permissions import Actor
from crm.programme.cohort.models import Decision
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries import cohorts
from crm.programme.cohort.queries.changing import open_change
from crm.programme.cohort.service.deciding import hold_as_shown, why_ended_instead
from crm.programme.cohort.workflow import Act, DecisionStatus, why_end_not_read, why_not_withdrawn


def why_not_proposed(found: Decision) -> str | None:
    """Why nobody can propose to withdraw an award: it is none, is over, is not known to its applicant, or is proposed already."""
    if found.status is DecisionStatus.WITHDRAWN:
        return "This award was withdrawn already."
    if found.notified_at is None:
        return "The applicant was never told of this award, so one person can withdraw it."
    if found.withdrawal_proposed_at is not None:
        return "Somebody proposed already to withdraw this award. Another person decides on it."
    return why_not_withdrawn(found) or why_ended_instead(found) or _why_lowering(found)


def _why_lowering(found: Decision) -> str | None:
    """One proposal at a time: an award that is to be lowered is not to be withdrawn as well."""
    waits = open_change(found.id) is not None
    return "Somebody proposed to lower this award. Another person decides on that first." if waits else None


def propose_withdrawal(found: Decision, *, reason: str, version: int | None = None, by: Actor) -> None:
    """Propose to withdraw an award, with the reason that its applicant will read. Nothing changes before another person confirms it."""
    POLICY.require(by, Act.PROPOSE_WITHDRAWAL, found)
    require_reason(reason)
    hold_as_shown(found, version)
    refuse_if(why_not_proposed(found))
    changes = amend(found, withdrawal_reason=reason.strip(), withdrawal_proposed_at=now())
    amend(found, withdrawal_proposed_by_id=by.account_id)
    session().flush()
    audit.record(Act.PROPOSE_WITHDRAWAL, found, changes, by=by)


def keep_award(found: Decision, *, version: int | None = None, by: Actor) -> None:
    """Drop the proposal to withdraw an award, one's own or another's: it stays as it is."""
    POLICY.require(by, Act.KEEP_AWARD, found)
    hold_as_shown(found, version)
    refuse_if(why_not_kept(found))
    changes = amend(found, withdrawal_reason="", withdrawal_proposed_at=None)
    amend(found, withdrawal_proposed_by_id=None)
    session().flush()
    audit.record(Act.KEEP_AWARD, found, changes, by=by)


def read_end(found: Decision, *, by: Actor) -> None:
    """Note that why a business gave up its award was read: it leaves every desk. Safe to send twice."""
    POLICY.require(by, Act.READ_END, found)
    cohorts.hold(found.cohort)
    session().refresh(found, attribute_names=["is_end_unread", "version"])
    refuse_if(why_end_not_read(found))
    amend(found, is_end_unread=False)
    session().flush()
    audit.record(Act.READ_END, found, {}, by=by)


def why_not_kept(found: Decision) -> str | None:
    """Why there is nothing to drop."""
    if found.status is DecisionStatus.WITHDRAWN:
        return "This award was withdrawn already."
    return None if found.withdrawal_proposed_at else "Nobody proposes to withdraw this award."
