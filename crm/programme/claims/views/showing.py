"""What pages and desks show of claims, milestones, evidence, changes and recoveries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crm.audit.models import AuditEntry
from crm.audit.queries import entries_about
from crm.businesses.policy import is_theirs
from crm.documents.models import Document
from crm.funding.envelopes.rules import Subject
from crm.funding.payments.models import Payment
from crm.funding.payments.queries.details import payees
from crm.funding.payments.queries.payments import payment_for, payments_about
from crm.funding.payments.workflow import PaymentStatus
from crm.kernel.clock import today
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor
from crm.programme.awards.models import Award, AwardMilestone
from crm.programme.awards.policy import POLICY as AWARDS
from crm.programme.awards.queries import awards
from crm.programme.awards.rules.offering import least_own
from crm.programme.awards.service import closing
from crm.programme.awards.workflow import RUNNING, AwardStatus, ClosingKind
from crm.programme.awards.workflow import Act as AwardAct
from crm.programme.claims import workflow
from crm.programme.claims.models import AwardClaim, MilestoneEvidence
from crm.programme.claims.policy import POLICY
from crm.programme.claims.queries import claims as queries
from crm.programme.claims.queries import evidence as milestones
from crm.programme.claims.queries import recoveries as repayments
from crm.programme.claims.queries.changes import open_change
from crm.programme.claims.queries.copies import copies_of
from crm.programme.claims.queries.evidence import MilestoneOf
from crm.programme.claims.queries.standing import forecast_of, standing_of
from crm.programme.claims.rules import labels
from crm.programme.claims.rules.claiming import claimed, own, share_in_words
from crm.programme.claims.service import assessing, claiming, following, money_proposals, unpaid
from crm.programme.claims.views.award_changes import shown_on_award
from crm.programme.claims.views.money_proposals import repayment_waiting, return_waiting
from crm.programme.claims.views.waiting import with_us
from crm.programme.claims.workflow import CLAIMS, Act, ClaimStatus, EvidenceStatus
from crm.web.forms import beside, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts

SOON = timedelta(days=14)


def words() -> dict[str, Any]:
    """How states and kinds are said."""
    return {
        "claims": labels.CLAIM_STATUSES,
        "outcomes": labels.CLAIM_STATUSES | {"approved": "Approved", "draft": "Taken back to be changed"},
        "evidence": labels.EVIDENCE_STATUSES,
        "changes": labels.CHANGE_STATUSES,
        "recoveries": labels.RECOVERY_STATUSES,
        "kinds": labels.CHANGE_KINDS,
        "colours": labels.COLOURS,
    }


def added_in_words(files: Sequence[Document], left_out: str = "") -> str:
    """Which files were added just now. Which were not is said in a notice of its own, each with why."""
    names = ", ".join(each.name for each in files)
    said = f"File {names} added." if len(files) == 1 else f"{len(files)} files added: {names}."
    return beside(left_out, said)


@dataclass(frozen=True)
class Made:
    """What was made about an award: claims and evidence, the newest first, and what is taken of each milestone."""

    claims: Sequence[AwardClaim]
    evidence: Sequence[MilestoneEvidence]
    taken: Mapping[Any, Money]

    def open_claim(self, milestone: AwardMilestone) -> AwardClaim | None:
        """The claim for a milestone that is not decided."""
        mine = (each for each in self.claims if each.milestone_id == milestone.id)
        return next((each for each in mine if each.status in workflow.OPEN_CLAIMS), None)

    def claims_for(self, milestone: AwardMilestone) -> list[AwardClaim]:
        """The claims for a milestone that were not discarded, the newest first."""
        mine = (each for each in self.claims if each.milestone_id == milestone.id)
        return [each for each in mine if each.status is not ClaimStatus.DISCARDED]

    def newest(self, milestone: AwardMilestone) -> MilestoneEvidence | None:
        """What was handed in last for a milestone."""
        return next((each for each in self.evidence if each.milestone_id == milestone.id), None)

    def is_checked(self, milestone: AwardMilestone) -> bool:
        """Whether evidence for a milestone is being written or checked."""
        mine = (each for each in self.evidence if each.milestone_id == milestone.id)
        return any(each.status in (EvidenceStatus.DRAFT, EvidenceStatus.HANDED_IN) for each in mine)


def _row(found: Award, milestone: AwardMilestone, made: Made) -> dict[str, Any]:
    """A milestone as the page of its award shows it."""
    about, actor, claim = MilestoneOf(found, milestone), current_actor(), made.open_claim(milestone)
    may = POLICY.allows(actor, Act.BEGIN, about) and actor.seen_by is None
    may = may and found.status is AwardStatus.ACCEPTED
    shown: dict[str, Any] = {"milestone": milestone, "claim": claim, "evidence": made.newest(milestone)}
    shown["claims"] = made.claims_for(milestone)
    shown["left"] = left = milestone.amount - made.taken.get(milestone.id, NO_MONEY)
    shown["is_overdue"] = found.status is AwardStatus.ACCEPTED and milestone.is_late(on=today())
    shown["may_claim"] = may and claim is None and bool(milestone.amount) and left > NO_MONEY
    return shown | {"may_hand_in": may and milestone.met_at is None and not made.is_checked(milestone)}


def shown_of_award(found: Award) -> dict[str, Any]:
    """The milestones, claims and sums of one award."""
    made = Made(
        queries.claims_of(found.id), milestones.evidence_of(found.id), queries.taken(found.id, besides=None)
    )
    shown: dict[str, Any] = {"award": found, "claims": made.claims, "words": words()}
    shown["rows"] = [_row(found, each, made) for each in found.milestones]
    shown |= {"is_own": is_theirs(current_actor(), found), "share": share_in_words(found.match_share)}
    back, paid = repayments.recoveries_of(found.id), payments_about(Subject("decision", found.decision_id))
    shown |= {"standing": standing_of(found, made.claims, recoveries=back), "recoveries": back}
    shown["said"] = {each.id: said_of_claim(each, paid) for each in made.claims}
    return shown | {"forecast": forecast_of(found, made.claims)}


def load_part(actor: Actor, found: Award) -> Mapping[str, Any] | None:
    """What the page of an award shows of its claims: sums, claims, milestones, and the founder's next step."""
    if found.status not in RUNNING or not POLICY.allows(actor, Act.VIEW, found):
        return None
    shown = shown_of_award(found)
    shown |= _asking_back(actor, found)
    shown |= shown_on_award(actor, found)
    may = AWARDS.allows(actor, AwardAct.PROPOSE_CLOSING, found) and actor.seen_by is None
    shown["may_end"] = may and not closing.why_not_proposed(found, ClosingKind.END)
    shown["may_complete"] = may and not closing.why_not_proposed(found, ClosingKind.COMPLETE)
    shown["with_us"] = with_us(shown) if shown["is_own"] else ()
    return shown


def _asking_back(actor: Actor, found: Award) -> dict[str, Any]:
    """Whether this person can propose to ask for a repayment, or the page of the proposal that waits: for staff alone."""
    may = POLICY.allows(actor, Act.PROPOSE_REPAYMENT, found) and actor.seen_by is None
    is_staff = POLICY.allows(actor, Act.VIEW_PROPOSAL, found)
    waiting = repayment_waiting(found.id) if is_staff else ""
    return {
        "may_ask_back": may and not waiting and not money_proposals.why_not_asked_back(found),
        "repayment_waiting": waiting,
    }


def said_of_claim(found: AwardClaim, payments: Sequence[Payment]) -> tuple[str, str]:
    """Where a claim stands, as its payment says where it is approved; and the colour of that."""
    said, colour = labels.CLAIM_STATUSES[found.status], labels.COLOURS[found.status]
    asked = [each for each in payments if each.cause == Subject(following.CLAIM, found.id)]
    if found.status is not ClaimStatus.APPROVED or not asked:
        return said, colour
    part = next((each.part_paid for each in asked if each.part_paid), None)
    if part is not None:
        return f"Approved, the bank says {part.in_full()} of it paid", "yellow"
    mine = [each.status for each in asked]
    live = next((each for each in mine if each is not PaymentStatus.CANCELLED), PaymentStatus.CANCELLED)
    return labels.PAYMENT_OF_CLAIM.get(live, said), labels.PAYMENT_COLOURS.get(live, colour)


def to_claim(words_: str, found: AwardClaim) -> str:
    """The page of a claim, on which to say what was done."""
    return saved(words_, "grant_claims.grant_claim", award_claim_id=found.id)


def last_saved(found: AwardClaim | MilestoneEvidence) -> datetime | None:
    """When a business last saved what it has not handed in: that much, and no more, is for staff to know."""
    return next((each.at for each in entries_about(found, limit=1)), None)


def _discarding(found: AwardClaim) -> AuditEntry | None:
    """By whom and when a claim was discarded."""
    if found.status is not ClaimStatus.DISCARDED:
        return None
    return next(iter(entries_about(found, act=Act.DISCARD, limit=1)), None)


def shown_of_claim(found: AwardClaim) -> dict[str, Any]:
    """One claim with its costs, files and versions, and what can be done with it now."""
    costs, terms = queries.costs_of(found), queries.terms_of(found)
    shown: dict[str, Any] = {"claim": found, "award": found.award, "Act": Act, "words": words()}
    shown |= {"files": queries.files_of(found), "sum": claimed(costs), "own": own(costs), "terms": terms}
    shown["copies"] = copies_of(shown["files"], actor=current_actor())
    shown["share"] = share_in_words(terms.match_share)
    shown["least_own"] = least_own(claimed(costs), terms.match_share)
    shown["evidence"] = milestones.waiting_for(found.milestone_id)
    is_own = is_theirs(current_actor(), found)
    shown |= _payment_of(found, is_own=is_own) | _readable(found, is_own=is_own)
    shown |= _acts_of(found) | _unpaid_of(found) | _held(found)
    return shown | {"is_own": is_own, "discarded": _discarding(found)}


def _readable(found: AwardClaim, *, is_own: bool) -> dict[str, Any]:
    """Whether the reader may see what a claim says and its history; where not, when it was saved last."""
    may_read = POLICY.allows(current_actor(), Act.READ, found)
    trail = () if is_own or not may_read else entries_about(found)
    return {"may_read": may_read, "saved_at": None if may_read else last_saved(found), "trail": trail}


def _payment_of(found: AwardClaim, *, is_own: bool) -> dict[str, Any]:
    """The payment of a claim, where it stands with it, and whether the reader has yet to say to which account."""
    payment = payment_for(Subject(following.CLAIM, found.id))
    is_owed = is_own and found.status is ClaimStatus.APPROVED
    lacks_account = bool(is_owed and awards.without_account([found.business.id]))
    said = said_of_claim(found, [payment] if payment else [])
    payee = payees([found.business.id])[found.business.id] if payment else None
    return {"payment": payment, "said": said, "lacks_account": lacks_account, "payee": payee}


def _held(found: AwardClaim) -> dict[str, Any]:
    """The overdue milestone that holds the payment of a claim that is approved or waits for it, and its evidence that is being checked."""
    held = found.held_by if found.status in (ClaimStatus.SUBMITTED, ClaimStatus.APPROVED) else None
    shown = {"held": held, "held_evidence": milestones.waiting_for(held.id) if held else None}
    return shown | {"is_changing": open_change(found.award_id) is not None if held else False}


def _unpaid_of(found: AwardClaim) -> dict[str, Any]:
    """Whether the payment of an approved claim was cancelled, when and by whom, and why the claim is not returned then."""
    is_unpaid = unpaid.cancelled_payment(found) is not None
    noted = entries_about(found, act=Act.NOTE_CANCELLED, limit=1) if is_unpaid else ()
    return {
        "is_unpaid": is_unpaid,
        "cancelled": next(iter(noted), None),
        "why_not_returned": unpaid.why_not_return_proposed(found) if is_unpaid else None,
        "return_waiting": return_waiting(found.id) if is_unpaid else "",
    }


def _acts_of(found: AwardClaim) -> dict[str, Any]:
    """What the current actor can do with a claim, and why not."""
    acts = open_acts(found, policy=POLICY, machine=CLAIMS, also=(Act.ADD_COST,))
    is_editable, is_submitted = not claiming.why_not_edited(found), found.status is ClaimStatus.SUBMITTED
    shown: dict[str, Any] = {"acts": acts, "is_editable": is_editable and Act.ADD_COST in acts}
    shown["why_not_ready"] = claiming.why_not_ready(found) if is_editable else None
    shown["why_not_approved"] = assessing.why_not_approved(found) if is_submitted else None
    shown["why_not_me"] = assessing.why_not_by(found, current_actor().account_id) if is_submitted else None
    return shown
