"""What follows in claims from what becomes of payments and awards, and why a payment waits."""

from __future__ import annotations

from uuid import UUID

from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.session import session
from crm.db.states import advance, refuse_if
from crm.funding.payments.models import Payment
from crm.funding.subsidy.models import Subsidy
from crm.funding.subsidy.queries import subsidy
from crm.funding.subsidy.service import giving
from crm.funding.subsidy.workflow import GIVEN, LOWERED, SubsidyStatus
from crm.kernel.calendar import day_in_words
from crm.kernel.money import NO_MONEY
from crm.kernel.permissions import Actor
from crm.programme.awards.models import Award
from crm.programme.awards.service.closing import used_of
from crm.programme.awards.service.sending import why_not_payable
from crm.programme.claims.models import AwardClaim
from crm.programme.claims.queries.claims import claim, claims_of
from crm.programme.claims.queries.evidence import evidence_of
from crm.programme.claims.service.assessing import mark_paid, reopen
from crm.programme.claims.service.unpaid import cancelled_payment
from crm.programme.claims.workflow import CLAIMS, EDITABLE, Act, ClaimStatus, EvidenceStatus

CLAIM = "award_claim"
THEIR_AWARD = (
    "This subsidy moves with its award. The grant offer notifies the business, which confirms it by accepting the offer. It is "
    "given, and its confirmation issued, when the first claim is paid."
)
READY = (SubsidyStatus.CONFIRMED, SubsidyStatus.GIVEN, SubsidyStatus.ISSUED)


def claim_paid(found: Payment, *, by: Actor) -> None:
    """The claim is marked as paid, the subsidy as given, and its confirmation with date and gross value as issued (P40)."""
    made = claim(found.cause_id) if found.cause_table == CLAIM else None
    if made is None or made.status is not ClaimStatus.APPROVED:
        return
    mark_paid(made, on=found.paid_on, by=by)
    papers = _papers(made)
    if papers is not None and papers.status is SubsidyStatus.CONFIRMED:
        giving.give(papers, on=found.paid_on, by=by)
    if papers is not None and papers.status is SubsidyStatus.GIVEN:
        giving.issue(papers, by=by)
    session().flush()


def payment_returned(found: Payment, *, by: Actor) -> None:
    """The claim of a payment that the bank returned is approved and not paid again."""
    made = claim(found.cause_id) if found.cause_table == CLAIM else None
    if made is not None and made.status is ClaimStatus.PAID:
        reopen(made, reason=found.fail_reason, by=by)
        _correct_papers(made, why=found.fail_reason, by=by)


def payment_redated(found: Payment, *, by: Actor) -> None:
    """The claim of a payment has the right day too, and its subsidy the day of the first payment."""
    made = claim(found.cause_id) if found.cause_table == CLAIM else None
    if made is not None and made.status is ClaimStatus.PAID:
        audit.record(Act.MARK_PAID, made, amend(made, paid_on=found.paid_on), by=by)
        _correct_papers(made, why="The day of its payment was corrected", by=by)


def _correct_papers(made: AwardClaim, *, why: str, by: Actor) -> None:
    """A subsidy is given by the first claim that is paid: on its day, and not at all while none is (P40)."""
    papers = _papers(made)
    if papers is None or papers.status not in GIVEN:
        return
    session().flush()
    paid = [each for each in claims_of(made.award_id) if each.status is ClaimStatus.PAID]
    days = [each.paid_on for each in paid if each.paid_on is not None]
    if not paid:
        giving.take_back(papers, reason=why, by=by)
    elif days and papers.given_on != min(days):
        giving.correct_day(papers, min(days), by=by)


def payment_rejected(found: Payment, *, by: Actor) -> None:
    """The history of the claim says that the bank rejected its payment, and why."""
    _note(Act.NOTE_REJECTED, found, found.fail_reason, by=by)


def payment_cancelled(found: Payment, *, by: Actor) -> None:
    """The history of the claim says that its payment was cancelled, and why."""
    _note(Act.NOTE_CANCELLED, found, found.cancel_reason, by=by)


def _note(act: Act, found: Payment, why: str, *, by: Actor) -> None:
    made = claim(found.cause_id) if found.cause_table == CLAIM else None
    if made is not None:
        audit.record(act, made, {"reason": (None, why)}, by=by)


def _papers(found: AwardClaim) -> Subsidy | None:
    return subsidy(found.award.subsidy_id) if found.award.subsidy_id else None


def lower_subsidy(found: Award, *, by: Actor) -> None:
    """The subsidy of an award that is over is lowered to what was approved of its claims: the rest can be given again."""
    papers = subsidy(found.subsidy_id) if found.subsidy_id else None
    used = used_of(found)
    if papers is None or papers.status not in LOWERED:
        return
    if NO_MONEY < used < papers.amount:
        giving.lower(papers, used, reason="The award is over, and this much of it was approved", by=by)


def why_papers_held(_award_id: UUID) -> str:
    """Why no person moves the papers of an award's subsidy: they move with the offer and the payments of the award."""
    return THEIR_AWARD


def why_withheld(claim_id: UUID) -> str | None:
    """Every reason why the payment of a claim waits: papers of its subsidy, a late milestone, a company that is not known to be in order."""
    found = claim(claim_id)
    reasons = (_why_no_papers(found), _why_overdue(found), _why_company(found)) if found else ()
    return " ".join(each for each in reasons if each) or None


def _why_company(found: AwardClaim) -> str | None:
    """Nothing is paid to a company that is dissolved, or that nobody looked up lately (the check is on the award's page)."""
    why = why_not_payable(found.award)
    return f"{why} It is checked on the page of the award." if why else None


def _why_no_papers(found: AwardClaim) -> str | None:
    """Nothing is paid before the business was notified of its subsidy and confirmed it in writing (P40)."""
    papers = _papers(found)
    if papers is None or papers.status in READY:
        return None
    if papers.status is SubsidyStatus.PREPARED:
        return "The business was not notified of this subsidy yet. Notify it on the page of the subsidy."
    if papers.status is SubsidyStatus.NOTIFIED:
        return "The business has not confirmed this subsidy in writing yet. It confirms it on its page of subsidies."
    return "The papers of this subsidy were cancelled, so nothing can be paid. Prepare them again."


def _why_overdue(found: AwardClaim) -> str | None:
    """An overdue milestone holds the next payment, not one that was approved before its day had passed (P47)."""
    late = found.held_by
    if late is None:
        return None
    return (
        f"The milestone “{late.title}” was due on {day_in_words(late.due_on)} and is not met. The business hands in "
        "evidence on its page of claims, and a programme manager confirms it."
    )


def why_not_closed(award_id: UUID) -> str | None:
    """Why an award cannot be closed yet: evidence or a claim waits for a decision, or a payment of one was cancelled."""
    if any(each.status is EvidenceStatus.HANDED_IN for each in evidence_of(award_id)):
        return "Check the evidence that waits before you end this award."
    reasons = (_why_open(each) for each in claims_of(award_id))
    return next((each for each in reasons if each), None)


def _why_open(found: AwardClaim) -> str | None:
    if found.status is ClaimStatus.SUBMITTED:
        return f"Decide claim {found.number} first."
    if cancelled_payment(found) is not None:
        return f"The payment of claim {found.number} was cancelled. Have it paid again or return it first."
    return None


def close_open_claims(found: Award, *, by: Actor) -> None:
    """Claims that were not submitted are discarded. What waits to be checked is decided before an award ends early."""
    refuse_if(why_not_closed(found.id))
    for each in claims_of(found.id):
        if each.status in EDITABLE:
            audit.record(Act.DISCARD, each, advance(CLAIMS, each, Act.DISCARD), by=by)
    session().flush()
