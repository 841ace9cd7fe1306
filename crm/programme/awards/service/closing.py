"""Ending an award that was accepted: early, with what is left made free, or completed."""

from __future__ import annotations

from crm.audit import service as audit
from crm.db.changes import Changes, amend
from crm.db.following import follow
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_shown
from crm.funding.envelopes.queries import balances_of
from crm.funding.envelopes.rules import LedgerAccount as A
from crm.funding.envelopes.rules import Subject
from crm.funding.envelopes.service import posting
from crm.kernel.clock import now
from crm.kernel.errors import Invalid
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor
from crm.programme.awards.models import Award
from crm.programme.awards.policy import POLICY
from crm.programme.awards.queries import awards
from crm.programme.awards.service.sending import tell_owners
from crm.programme.awards.workflow import MACHINE, Act
from crm.programme.cohort.queries import cohorts

NOTHING_CLAIMED = "Nothing of this award was claimed. Withdraw it instead."


def _lying(found: Award) -> tuple[Money, Money]:
    """What nobody claimed of an award, and what was claimed, as the ledger says. A dry run has neither."""
    if found.envelope_id is None:
        return NO_MONEY, NO_MONEY
    mine = balances_of(Subject("decision", found.decision_id), envelope_id=found.envelope_id, line=found.line)
    return mine[A.COMMITTED], mine[A.CLAIMED] + mine[A.PAID] + mine[A.RECOVERED]


def left_of(found: Award) -> Money:
    """What nobody claimed of an award: it is free again when the award ends early."""
    return _lying(found)[0]


def why_not_ended(found: Award) -> str | None:
    """Why an award is not ended early: nothing of it was claimed."""
    return None if found.envelope_id is None or _lying(found)[1] else NOTHING_CLAIMED


def end(found: Award, *, reason: str, version: int | None = None, by: Actor) -> None:
    """End an award early: what was not claimed is free again, what was claimed or paid stays with it."""
    POLICY.require(by, Act.END, found)
    cohorts.hold(found.decision.cohort)
    awards.hold(found)
    require_as_shown(found, version)
    MACHINE.target(Act.END, found.status, thing=found)
    if not reason.strip():
        raise Invalid("Say why", field="reason")
    refuse_if(why_not_ended(found) if found.envelope_id else None)
    changes = advance(MACHINE, found, Act.END)
    changes |= amend(found, closed_at=now(), closed_reason=reason.strip())
    session().flush()
    changes |= _free(found, reason.strip(), by=by)
    tell_owners(found, "award_ended", by=by, reason=reason.strip())
    audit.record(Act.END, found, changes, by=by)
    follow(Act.END, found, by=by)


def _free(found: Award, reason: str, *, by: Actor) -> Changes:
    """Free what nobody claimed; the decision then says what is left of the award."""
    if found.envelope_id is None:
        return {}
    left, used = _lying(found)
    about, where = Subject("decision", found.decision_id), (found.envelope_id, found.line)
    if left:
        posting.release(*where, amount=left, about=about, reason=reason, out_of=A.COMMITTED, by=by)
    amend(found.decision, amount=used)
    session().flush()
    return {"released": (None, left)}


def why_not_completed(found: Award) -> str | None:
    """Why an award is not complete: a milestone is not met yet, or nothing was claimed."""
    unmet = [each.title for each in found.milestones if each.met_at is None]
    return f"This milestone is not met yet: {unmet[0]}." if unmet else why_not_ended(found)


def complete(found: Award, *, by: Actor) -> None:
    """Complete an award whose milestones are all met. What nobody claimed is free again."""
    POLICY.require(by, Act.COMPLETE, found)
    cohorts.hold(found.decision.cohort)
    awards.hold(found)
    MACHINE.target(Act.COMPLETE, found.status, thing=found)
    refuse_if(why_not_completed(found))
    changes = advance(MACHINE, found, Act.COMPLETE)
    changes |= amend(found, closed_at=now())
    session().flush()
    changes |= _free(found, "The award is complete", by=by)
    tell_owners(found, "award_completed", by=by)
    audit.record(Act.COMPLETE, found, changes, by=by)
    follow(Act.COMPLETE, found, by=by)
