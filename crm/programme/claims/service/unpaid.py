"""What is done about an approved claim whose payment was cancelled: it is paid again, or returned to the business by two people."""

from __future__ import annotations

from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.session import session
from crm.db.states import advance, read_state_again, refuse_if
from crm.funding.envelopes.rules import Subject
from crm.funding.envelopes.service import posting
from crm.funding.payments.models import Payment
from crm.funding.payments.queries.payments import payment_for
from crm.funding.payments.service import requesting
from crm.funding.payments.workflow import PaymentStatus
from crm.kernel.clock import now
from crm.kernel.permissions import Actor
from crm.programme.awards.queries.awards import hold
from crm.programme.awards.workflow import AwardStatus
from crm.programme.claims.models import AwardClaim
from crm.programme.claims.policy import POLICY
from crm.programme.claims.queries.claims import open_claim_of
from crm.programme.claims.queries.money_proposals import open_return
from crm.programme.claims.workflow import CLAIMS, Act, ClaimStatus

CLAIM = "award_claim"
RETURN_WAITS = "Somebody proposed to return this claim to the business. Another person decides on that first."


def cancelled_payment(found: AwardClaim) -> Payment | None:
    """The payment of an approved claim, if it was cancelled and no other was asked for since."""
    if found.status is not ClaimStatus.APPROVED:
        return None
    made = payment_for(Subject(CLAIM, found.id))
    return made if made is not None and made.status is PaymentStatus.CANCELLED else None


def why_not_paid_again(found: AwardClaim) -> str | None:
    """Why no other payment is asked for: none was cancelled, or somebody proposed to return the claim instead."""
    cancelled = cancelled_payment(found)
    if cancelled is None:
        return "Only a claim whose payment was cancelled is paid again."
    return RETURN_WAITS if open_return(found.id) else requesting.why_line_open(cancelled)


def why_not_return_proposed(found: AwardClaim) -> str | None:
    """Why nobody can propose to return an approved claim: it cannot be returned, or that was proposed already."""
    return why_not_returned(found) or (RETURN_WAITS if open_return(found.id) else None)


def why_not_returned(found: AwardClaim) -> str | None:
    """Why an approved claim cannot be returned to the business."""
    cancelled = cancelled_payment(found)
    if cancelled is None:
        return "Only an approved claim whose payment was cancelled can be returned."
    if reason := requesting.why_line_open(cancelled):
        return reason
    if found.award.status is not AwardStatus.ACCEPTED:
        return (
            "The award has ended, so the business could not correct this claim. Have it paid again instead."
        )
    other = open_claim_of(found.milestone_id)
    if other is None:
        return None
    return f"Claim {other.number} for this milestone is open. It must be decided or discarded first."


def _begin(found: AwardClaim, act: Act, *, by: Actor) -> None:
    POLICY.require(by, act, found)
    hold(found.award)
    read_state_again(found)
    CLAIMS.target(act, found.status, thing=found)


def pay_again(found: AwardClaim, *, by: Actor) -> Payment:
    """Ask for another payment of an approved claim whose payment was cancelled. It goes into a run as any other does."""
    _begin(found, Act.PAY_AGAIN, by=by)
    refuse_if(why_not_paid_again(found))
    cancelled = cancelled_payment(found)
    assert cancelled is not None
    made = requesting.request_again(cancelled, by=by)
    told = {"amount": (None, made.amount)}
    audit.record(Act.PAY_AGAIN, found, advance(CLAIMS, found, Act.PAY_AGAIN) | told, by=by)
    return made


def return_unpaid(found: AwardClaim, *, reason: str, by: Actor) -> None:
    """Return an approved claim as two people decided: its money is committed again, to be claimed once corrected."""
    CLAIMS.target(Act.RETURN_UNPAID, found.status, thing=found)
    _take_out_of_the_ledger(found, reason, by=by)
    changes = advance(CLAIMS, found, Act.RETURN_UNPAID)
    changes |= amend(found, approved=None, reason=reason, decided_at=now(), decided_by_id=by.account_id)
    for each in found.costs:
        amend(each, approved=None, reason="", why_again="")
    found.versions[-1].outcome, found.versions[-1].said = found.status, found.reason
    session().flush()
    audit.record(Act.RETURN_UNPAID, found, changes, by=by)


def _take_out_of_the_ledger(found: AwardClaim, reason: str, *, by: Actor) -> None:
    award = found.award
    assert award.envelope_id is not None
    assert found.approved is not None
    about = Subject("decision", award.decision_id)
    where = (award.envelope_id, found.milestone.line_of(award))
    why = f"Claim {found.number} returned: {reason}"[:300]
    posting.unclaim(*where, amount=found.approved, about=about, reason=why, by=by)
