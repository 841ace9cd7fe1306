"""Ending an award that was accepted: early, with what is left made free, or completed."""

from __future__ import annotations

from crm.audit import service as audit
from crm.db.changes import Changes, amend
from crm.db.following import follow
from crm.db.session import session
from crm.db.states import advance, refuse_if
from crm.funding.envelopes.queries import balances_of
from crm.funding.envelopes.rules import LedgerAccount as A
from crm.funding.envelopes.rules import Subject
from crm.funding.envelopes.service import posting
from crm.kernel.clock import now
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor
from crm.programme.awards.models import Award
from crm.programme.awards.policy import POLICY
from crm.programme.awards.queries import awards
from crm.programme.awards.workflow import MACHINE, Act
from crm.programme.cohort.queries import cohorts


def end(found: Award, *, reason: str, by: Actor) -> None:
    """End an award early: what was not claimed is free again, what was claimed or paid stays with it."""
    POLICY.require(by, Act.END, found)
    cohorts.hold(found.decision.cohort)
    awards.hold(found)
    changes = advance(MACHINE, found, Act.END)
    if not reason.strip():
        raise Invalid("Say why", field="reason")
    changes |= amend(found, closed_at=now(), closed_reason=reason.strip())
    session().flush()
    changes |= _free(found, reason.strip(), by=by)
    audit.record(Act.END, found, changes, by=by)
    follow(Act.END, found, by=by)


def _free(found: Award, reason: str, *, by: Actor) -> Changes:
    """Free what nobody claimed; the decision then says what is left of the award."""
    if found.envelope_id is None:
        return {}
    about, where = Subject("decision", found.decision_id), (found.envelope_id, found.line)
    mine = balances_of(about, envelope_id=where[0], line=where[1])
    used = mine[A.CLAIMED] + mine[A.PAID] + mine[A.RECOVERED]
    refuse_if(None if used else "Nothing of this award was claimed. Withdraw it instead.")
    if mine[A.COMMITTED]:
        posting.release(
            *where, amount=mine[A.COMMITTED], about=about, reason=reason, out_of=A.COMMITTED, by=by
        )
    amend(found.decision, amount=used)
    session().flush()
    return {"released": (None, mine[A.COMMITTED])}


def complete(found: Award, *, by: Actor) -> None:
    """Complete an award whose milestones are all met."""
    POLICY.require(by, Act.COMPLETE, found)
    awards.hold(found)
    changes = advance(MACHINE, found, Act.COMPLETE)
    left = [each.title for each in found.milestones if each.met_at is None]
    refuse_if(f"This milestone is not met yet: {left[0]}." if left else None)
    changes |= amend(found, closed_at=now())
    session().flush()
    audit.record(Act.COMPLETE, found, changes, by=by)
