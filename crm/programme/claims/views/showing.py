"""What pages and desks show of claims, milestones, evidence, changes and recoveries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import url_for

from crm.audit.models import AuditEntry
from crm.audit.queries import entries_about
from crm.businesses.policy import is_theirs
from crm.funding.envelopes.rules import Subject
from crm.funding.payments.queries.payments import payment_for
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, is_past, today
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor
from crm.programme.awards.models import Award, AwardMilestone
from crm.programme.awards.policy import POLICY as AWARDS
from crm.programme.awards.service import closing
from crm.programme.awards.workflow import RUNNING, ClosingKind
from crm.programme.awards.workflow import Act as AwardAct
from crm.programme.claims import workflow
from crm.programme.claims.models import AwardClaim, MilestoneEvidence
from crm.programme.claims.policy import POLICY
from crm.programme.claims.queries import claims as queries
from crm.programme.claims.queries import evidence as milestones
from crm.programme.claims.queries import recoveries as repayments
from crm.programme.claims.queries.evidence import MilestoneOf
from crm.programme.claims.queries.standing import forecast_of, standing_of
from crm.programme.claims.rules import labels
from crm.programme.claims.rules.claiming import claimed, least_own, own, share_in_words
from crm.programme.claims.service import assessing, claiming, following, recovering, unpaid
from crm.programme.claims.service import evidence as proving
from crm.programme.claims.views.award_changes import shown_on_award
from crm.programme.claims.workflow import CLAIMS, Act, ClaimStatus
from crm.web.feature import Todo
from crm.web.forms import saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts

SOON = timedelta(days=14)


def words() -> dict[str, Any]:
    """How states and kinds are said."""
    return {
        "claims": labels.CLAIM_STATUSES,
        "evidence": labels.EVIDENCE_STATUSES,
        "changes": labels.CHANGE_STATUSES,
        "recoveries": labels.RECOVERY_STATUSES,
        "kinds": labels.CHANGE_KINDS,
        "colours": labels.COLOURS,
    }


@dataclass(frozen=True)
class Step:
    """What to do next, and the page on which to do it."""

    words: str
    where: str = ""


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

    def newest(self, milestone: AwardMilestone) -> MilestoneEvidence | None:
        """What was handed in last for a milestone."""
        return next((each for each in self.evidence if each.milestone_id == milestone.id), None)


def _row(found: Award, milestone: AwardMilestone, made: Made) -> dict[str, Any]:
    """A milestone as the page of its award shows it."""
    about, actor, claim = MilestoneOf(found, milestone), current_actor(), made.open_claim(milestone)
    may = POLICY.allows(actor, Act.BEGIN, about) and actor.seen_by is None
    shown: dict[str, Any] = {"milestone": milestone, "claim": claim, "evidence": made.newest(milestone)}
    shown["left"] = milestone.amount - made.taken.get(milestone.id, NO_MONEY)
    shown["is_overdue"] = milestone.met_at is None and is_past(milestone.due_on, on=today())
    shown["may_claim"] = may and claim is None and not claiming.why_not_begun(about)
    return shown | {"may_hand_in": may and not proving.why_not_handed_in(about)}


def shown_of_award(found: Award) -> dict[str, Any]:
    """The milestones, claims and sums of one award."""
    made = Made(
        queries.claims_of(found.id), milestones.evidence_of(found.id), queries.taken(found.id, besides=None)
    )
    shown: dict[str, Any] = {"award": found, "claims": made.claims, "words": words()}
    shown["rows"] = [_row(found, each, made) for each in found.milestones]
    shown |= {"is_own": is_theirs(current_actor(), found), "share": share_in_words(found.match_share)}
    back = repayments.recoveries_of(found.id)
    shown |= {"standing": standing_of(found, made.claims, recoveries=back), "recoveries": back}
    return shown | {"forecast": forecast_of(found, made.claims)}


def load_part(actor: Actor, found: Award) -> Mapping[str, Any] | None:
    """What the page of an award shows of its claims: sums, claims, milestones, and the founder's next step."""
    if found.status not in RUNNING or not POLICY.allows(actor, Act.VIEW, found):
        return None
    shown = shown_of_award(found)
    may = POLICY.allows(actor, Act.ASK_BACK, found) and actor.seen_by is None
    shown["may_ask_back"] = may and not recovering.why_not_asked(found)
    shown |= shown_on_award(actor, found)
    may = AWARDS.allows(actor, AwardAct.PROPOSE_CLOSING, found) and actor.seen_by is None
    shown["may_end"] = may and not closing.why_not_proposed(found, ClosingKind.END)
    shown["may_complete"] = may and not closing.why_not_proposed(found, ClosingKind.COMPLETE)
    return shown | {"next": next_step_of(shown["rows"]) if shown["is_own"] else None}


def next_step_of(rows: Sequence[Mapping[str, Any]]) -> Step:
    """What a founder does next about an award: correct or finish a claim, claim, hand in evidence, or wait."""
    steps = [step for way in (_to_finish, _to_start) for row in rows if (step := way(row))]
    return steps[0] if steps else Step("Nothing now. We will write to you when there is something to do.")


def _to_finish(row: Mapping[str, Any]) -> Step | None:
    """A claim that was returned, or begun and not submitted."""
    claim = row["claim"]
    if claim is None or claim.status not in workflow.EDITABLE:
        return None
    what = "Correct" if claim.status is ClaimStatus.RETURNED else "Finish"
    where = url_for("grant_claims.grant_claim", award_claim_id=claim.id)
    return Step(f"{what} claim {claim.number}: {claim.milestone.title}.", where)


def _to_start(row: Mapping[str, Any]) -> Step | None:
    """A milestone that is met and can be claimed for, or that is to be met."""
    milestone, ids = row["milestone"], {"award_id": row["milestone"].award_id}
    if row["may_claim"] and milestone.met_at is not None:
        where = url_for("award_claims.claims_of_award", **ids)
        return Step(f"Claim what you spent on this milestone: {milestone.title}.", where)
    if not row["may_hand_in"]:
        return None
    where = url_for("milestone_evidence.hand_in", **ids, milestone_id=milestone.id)
    return Step(f"Hand in evidence by {day_in_words(milestone.due_on)}: {milestone.title}.", where)


def to_claim(words_: str, found: AwardClaim) -> str:
    """The page of a claim, on which to say what was done."""
    return saved(words_, "grant_claims.grant_claim", award_claim_id=found.id)


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
    shown["share"] = share_in_words(terms.match_share)
    shown["least_own"] = least_own(claimed(costs), terms.match_share)
    shown["evidence"] = milestones.waiting_for(found.milestone_id)
    shown["payment"] = payment_for(Subject(following.CLAIM, found.id))
    is_own = is_theirs(current_actor(), found)
    shown["trail"] = () if is_own else entries_about(found)
    return shown | _acts_of(found) | _unpaid_of(found) | {"is_own": is_own, "discarded": _discarding(found)}


def _unpaid_of(found: AwardClaim) -> dict[str, Any]:
    """Whether the payment of an approved claim was cancelled, and why the claim is not returned then."""
    is_unpaid = unpaid.cancelled_payment(found) is not None
    return {
        "is_unpaid": is_unpaid,
        "why_not_returned": unpaid.why_not_returned(found) if is_unpaid else None,
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


def claims_to_assess(actor: Actor) -> tuple[Todo, ...]:
    """Each submitted claim that this person can decide."""
    return tuple(
        Todo(
            "Check a claim",
            None,
            url_for("grant_claims.grant_claim", award_claim_id=each.id),
            about=f"{each.business.name}: {(each.amount or NO_MONEY).in_full()}",
            since=_day(each.submitted_at),
        )
        for each in queries.claims_that_are(ClaimStatus.SUBMITTED)
        if POLICY.allows(actor, Act.APPROVE, each) and not assessing.why_not_by(each, actor.account_id)
    )


def _day(moment: Any) -> date | None:
    return day_of(moment) if moment else None


def claims_to_pay_again(actor: Actor) -> tuple[Todo, ...]:
    """Each approved claim whose payment was cancelled, so that nobody pays it."""
    return tuple(
        Todo(
            "Pay again or return a claim whose payment was cancelled",
            None,
            url_for("grant_claims.grant_claim", award_claim_id=each.id),
            about=f"{each.business.name}: {(each.approved or NO_MONEY).in_full()}",
            since=_day(each.decided_at),
        )
        for each in queries.claims_unpaid()
        if POLICY.allows(actor, Act.PAY_AGAIN, each)
    )


def claims_to_correct(actor: Actor) -> tuple[Todo, ...]:
    """Each claim that was returned, or begun and not submitted, of this person's businesses."""
    return tuple(
        Todo(
            "Correct a claim that was returned" if each.status is ClaimStatus.RETURNED else "Finish a claim",
            None,
            url_for("grant_claims.grant_claim", award_claim_id=each.id),
            about=f"{each.business.name}: {each.milestone.title}",
            since=_day(each.decided_at or each.begun_at),
        )
        for each in queries.claims_that_are(ClaimStatus.RETURNED, ClaimStatus.DRAFT)
        if POLICY.allows(actor, Act.ADD_COST, each)
    )


def evidence_to_check(actor: Actor) -> tuple[Todo, ...]:
    """Each piece of evidence that this person can check."""
    return tuple(
        Todo(
            "Check the evidence for a milestone",
            None,
            url_for("milestone_evidence.evidence", evidence_id=each.id),
            about=f"{each.business.name}: {each.milestone.title}",
            since=_day(each.handed_in_at),
        )
        for each in milestones.waiting_evidence()
        if POLICY.allows(actor, Act.ACCEPT, each)
    )


def milestones_due(actor: Actor) -> tuple[Todo, ...]:
    """Each milestone of this person's businesses that is due soon or overdue, and for which nothing waits to be checked."""
    return tuple(
        _due(each)
        for each in milestones.unmet_until(today() + SOON)
        if POLICY.allows(actor, Act.HAND_IN, each) and not proving.why_not_handed_in(each)
    )


def _due(found: MilestoneOf) -> Todo:
    due, page = found.milestone.due_on, "milestone_evidence.hand_in"
    where = url_for(page, award_id=found.award.id, milestone_id=found.milestone.id)
    about, words_ = f"{found.business.name}: {found.milestone.title}", "Hand in evidence for a milestone"
    return Todo(words_, None, where, about=about, due=due, is_overdue=is_past(due, on=today()))
