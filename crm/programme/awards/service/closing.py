"""Ending an award that was accepted: proposed by one person, confirmed by another, as what nobody claimed is released."""

from __future__ import annotations

from dataclasses import dataclass

from crm.accounts.service import proposing
from crm.audit import service as audit
from crm.db.changes import Changes, amend
from crm.db.following import follow
from crm.db.holding import why_held
from crm.db.session import session
from crm.db.states import advance, read_state_again, refuse_if, require_as_previewed, require_as_shown
from crm.funding.envelopes.queries.ledger import balances_of
from crm.funding.envelopes.rules import LedgerAccount as A
from crm.funding.envelopes.rules import Subject
from crm.kernel.clock import now
from crm.kernel.errors import require_reason
from crm.kernel.marks import mark_of as mark
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor
from crm.programme.awards.models import Award, AwardClosing
from crm.programme.awards.policy import POLICY
from crm.programme.awards.queries import awards
from crm.programme.awards.queries.closings import open_closing
from crm.programme.awards.service.answering import cancel_papers
from crm.programme.awards.service.sending import tell_owners
from crm.programme.awards.workflow import CLOSINGS, MACHINE, Act, AwardStatus, ClosingKind
from crm.programme.cohort.queries import cohorts
from crm.programme.cohort.service.deciding import end_award, release_rest

NOTHING_CLAIMED = "Nothing of this award was claimed, so it is not complete. End it early instead."
COMPLETE_REASON = "The award is complete"


@dataclass(frozen=True)
class Proposal:
    """How an award is to be closed, why, and the version of the award that was on the screen."""

    kind: ClosingKind
    reason: str = ""
    version: int | None = None


def _lying(found: Award) -> tuple[Money, Money]:
    """What nobody claimed of an award, and what was claimed, as the ledger says. A dry run has neither."""
    if found.envelope_id is None:
        return NO_MONEY, NO_MONEY
    mine = balances_of(Subject("decision", found.decision_id), envelope_id=found.envelope_id, line=found.line)
    return mine[A.COMMITTED], mine[A.CLAIMED] + mine[A.PAID] + mine[A.RECOVERED]


def left_of(found: Award) -> Money:
    """What nobody claimed of an award: it is free again when the award ends early."""
    return _lying(found)[0]


def used_of(found: Award) -> Money:
    """What was claimed of an award: it stays with it."""
    return _lying(found)[1]


def why_not_completed(found: Award) -> str | None:
    """Why an award is not complete: a milestone is not met yet, or nothing was claimed."""
    unmet = [each.title for each in found.milestones if each.met_at is None]
    if unmet:
        return f"This milestone is not met yet: {unmet[0]}."
    return None if found.envelope_id is None or _lying(found)[1] else NOTHING_CLAIMED


def why_not_closed(found: Award, kind: ClosingKind) -> str | None:
    """Why an award is not closed in this way. Any that runs can be ended early."""
    return why_not_completed(found) if kind is ClosingKind.COMPLETE else None


ACTS = {ClosingKind.END: Act.END, ClosingKind.COMPLETE: Act.COMPLETE}


def why_not_proposed(found: Award, kind: ClosingKind) -> str | None:
    """Why an award cannot be proposed to be closed in this way now."""
    if found.status is not AwardStatus.ACCEPTED:
        return "Only an award that was accepted and is running can be closed."
    if open_closing(found.id) is not None:
        return "Closing this award was proposed already, and waits for a second person."
    return why_not_closed(found, kind)


def propose(found: Award, wanted: Proposal, *, by: Actor) -> AwardClosing:
    """Propose to end an award early, with a reason, or to complete it. Nothing is released before another confirms it."""
    POLICY.require(by, Act.PROPOSE_CLOSING, found)
    awards.hold(found)
    require_as_shown(found, wanted.version)
    refuse_if(why_not_proposed(found, wanted.kind))
    reason = wanted.reason.strip()
    if wanted.kind is ClosingKind.END:
        require_reason(reason)
    made = AwardClosing(award_id=found.id, kind=wanted.kind, reason=reason)
    return proposing.propose(made, Act.PROPOSE_CLOSING, kind=made.kind, by=by)


def mark_of(found: AwardClosing) -> str:
    """The mark of what the page of a proposal shows: whose award it is, why, and the sums that it releases and leaves."""
    award, (left, used) = found.award, _lying(found.award)
    about = (award.business.name, award.application.reference, award.round.name, award.amount.pence)
    return mark(found.kind, found.reason, *about, left.pence, used.pence)


def why_not_confirmed(found: AwardClosing) -> str | None:
    """Why an award can no longer, or not yet, be closed as it was proposed; the rooms of its claims have a say."""
    return why_not_closed(found.award, found.kind) or why_held("award_closing", found.award_id)


def _begin(found: AwardClosing, act: Act, *, by: Actor) -> None:
    """Always the cohort first, then the award, as the verbs of offers do."""
    POLICY.require(by, act, found)
    cohorts.hold(found.award.decision.cohort)
    awards.hold(found.award)
    read_state_again(found)
    if act is not Act.READ_CLOSING:
        CLOSINGS.machine.target(act, found.status, thing=found)


def confirm(found: AwardClosing, *, seen: str | None = None, by: Actor) -> None:
    """Close an award as another person proposed: what nobody claimed is free again, and the business is told (P45)."""
    _begin(found, Act.CONFIRM_CLOSING, by=by)
    require_as_previewed(seen, mark_of(found))
    refuse_if(proposing.why_not_decided_by(found, by.account_id) or why_not_confirmed(found))
    proposing.confirm(CLOSINGS, found, by=by)
    _close(found.award, ACTS[found.kind], found.reason, by=by)


def _close(found: Award, act: Act, reason: str, *, by: Actor) -> None:
    changes = advance(MACHINE, found, act) | amend(found, closed_at=now(), closed_reason=reason)
    session().flush()
    used = used_of(found)
    changes |= _free(found, reason or COMPLETE_REASON, by=by)
    audit.record(act, found, changes, by=by)
    if act is Act.END:
        tell_owners(found, "award_ended", by=by, reason=reason, used=used.in_full() if used else "")
        follow(Act.END, found, by=by)
    else:
        tell_owners(found, "award_completed", by=by)
        follow(Act.COMPLETE, found, by=by)


def _free(found: Award, reason: str, *, by: Actor) -> Changes:
    """Free what nobody claimed; the decision then says how much that was, or that all of it is withdrawn."""
    if found.envelope_id is None:
        return {}
    left, used = _lying(found)
    if not used:
        cancel_papers(found, reason)
        end_award(found.decision, reason, by=by)
        return {"released": (None, left)}
    if left:
        release_rest(found.decision, left, reason=reason, by=by)
    return {"released": (None, left)}


def refuse(found: AwardClosing, *, reason: str, version: int | None = None, by: Actor) -> None:
    """Refuse to close an award, with a reason: it runs on as it was."""
    _begin(found, Act.REFUSE_CLOSING, by=by)
    proposing.refuse(CLOSINGS, found, reason=reason, version=version, by=by)


def withdraw(found: AwardClosing, *, version: int | None = None, by: Actor) -> None:
    """Withdraw one's own proposal: the award runs on as it was."""
    _begin(found, Act.WITHDRAW_CLOSING, by=by)
    proposing.withdraw(CLOSINGS, found, version=version, by=by)


def read(found: AwardClosing, *, by: Actor) -> None:
    """Note that what became of a proposal was read: it leaves every desk."""
    _begin(found, Act.READ_CLOSING, by=by)
    proposing.read(CLOSINGS, found, by=by)
