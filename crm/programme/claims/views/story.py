"""What the story of an award tells of its milestones, claims, payments, changes and repayments, each with its page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from flask import url_for

from crm.audit.queries import acts_on
from crm.funding.envelopes.rules import Subject
from crm.funding.payments.models import BankAnswerLine, Payment, RunLine
from crm.funding.payments.policy import POLICY as PAYMENTS
from crm.funding.payments.queries.details import details_of
from crm.funding.payments.queries.payments import payments_about, payments_of
from crm.funding.payments.rules.answers import Verdict
from crm.funding.payments.workflow import Act as PaymentAct
from crm.kernel.clock import start_of
from crm.kernel.money import NO_MONEY
from crm.kernel.permissions import Actor
from crm.programme.awards.models import Award
from crm.programme.awards.queries.awards import award_told, awards_told_of
from crm.programme.awards.views.standing import steps_of
from crm.programme.awards.workflow import RUNNING
from crm.programme.claims.models import (
    AwardChange,
    AwardClaim,
    AwardRecovery,
    MilestoneEvidence,
    MoneyProposal,
)
from crm.programme.claims.policy import POLICY
from crm.programme.claims.queries import telling
from crm.programme.claims.queries.money_proposals import proposals_told
from crm.programme.claims.rules.labels import CHANGE_KINDS
from crm.programme.claims.workflow import (
    Act,
    ChangeStatus,
    EvidenceStatus,
    MoneyProposalStatus,
    RecoveryStatus,
)
from crm.web.telling import Happening

CHANGE_ENDS = {
    ChangeStatus.APPROVED: "approved",
    ChangeStatus.REFUSED: "refused",
    ChangeStatus.WITHDRAWN: "withdrawn",
}
PROPOSAL_ENDS = {
    MoneyProposalStatus.CONFIRMED: "Confirmed by a second person",
    MoneyProposalStatus.REFUSED: "Refused by a second person",
    MoneyProposalStatus.WITHDRAWN: "Proposal withdrawn",
}
NOTES = {
    Act.RETURN: "Claim {} returned to be corrected",
    Act.RETURN_UNPAID: "Claim {} returned to be corrected, not paid",
    Act.TAKE_BACK_CLAIM: "Claim {} taken back to be changed",
    Act.REJECT: "Claim {} rejected",
    Act.NOTE_REJECTED: "The bank did not pay claim {}",
    Act.NOTE_CANCELLED: "The payment of claim {} was cancelled",
    Act.REOPEN: "The bank returned the payment of claim {}",
}
"""What the audit log has of a claim beside what the claim says now: each time it stays in the story, whatever came after."""


def story(actor: Actor, application_id: UUID) -> Sequence[Happening]:
    """Everything that was handed in, claimed, paid, changed and paid back for the award of an application."""
    found = award_told(application_id)
    if found is None or found.status not in RUNNING or not POLICY.allows(actor, Act.VIEW, found):
        return ()
    paid = payments_about(Subject("decision", found.decision_id))
    steps = [*_steps([found.id]), *_payments(actor, paid), *_account(actor, found), *_released(actor, paid)]
    return [*steps, *_proposals(actor, found)]


def _proposals(actor: Actor, found: Award) -> list[Happening]:
    """What was proposed about its money, and what became of that: for staff, since only what is confirmed is told."""
    if not POLICY.allows(actor, Act.VIEW_PROPOSAL, found):
        return []
    return [step for each in proposals_told([found.id]) for step in _proposal(each)]


def _proposal(found: MoneyProposal) -> Iterator[Happening]:
    href = url_for("money_proposals.proposal", money_proposal_id=found.id)
    named = f"repayment of {found.amount.in_full()}"
    if found.claim is not None:
        named = f"return of claim {found.claim.number}, unpaid"
    yield Happening(found.proposed_at, f"Proposed: {named}", href=href)
    if found.decided_at is not None:
        yield Happening(found.decided_at, f"{PROPOSAL_ENDS[found.status]}: {named}", href=href)


def _account(actor: Actor, found: Award) -> list[Happening]:
    """When we called the business about its bank details, and it confirmed them."""
    if not PAYMENTS.allows(actor, PaymentAct.VIEW_DETAILS, found):
        return []
    href = url_for("bank_details.bank_details", business_id=found.business_id)
    called = [each.called_at for each in details_of(found.business_id) if each.called_at is not None]
    return [Happening(at, "Bank details confirmed in our call", href=href) for at in called]


def _released(actor: Actor, paid: Sequence[Payment]) -> list[Happening]:
    """When a run with a payment of the award was released for the bank."""
    seen = [each.id for each in paid if PAYMENTS.allows(actor, PaymentAct.VIEW, each)]
    if not seen:
        return []
    released = [_release(each) for each in telling.released_told(seen)]
    if not PAYMENTS.allows(actor, PaymentAct.LIST):
        return released  # the lines of the bank's files are for those who settle payments: a business reads what came of them
    return [*released, *(_answer(*each) for each in telling.answers_told(seen))]


def _answer(line: BankAnswerLine, payment_id: UUID) -> Happening:
    """What the bank said of one payment, as its file was uploaded."""
    said = "paid" if line.is_paid else "not paid"
    if line.verdict not in (Verdict.PAID, Verdict.REJECTED):
        said = (
            f"{said}, to be settled by a person"
            if line.resolved_at is None
            else f"{said}, settled by a person"
        )
    words = f"The bank answered: {line.amount.in_full()} {said}"
    return Happening(line.answer.uploaded_at, words, href=url_for("payments.payment", payment_id=payment_id))


def _release(line: RunLine) -> Happening:
    at, href = line.run.released_at, url_for("payments.payment", payment_id=line.payment_id)
    assert at is not None, "only runs that were released are read"
    return Happening(at, f"Payment of {line.amount.in_full()} released", href=href)


def timeline(actor: Actor, business_id: UUID, most: int) -> Sequence[Happening]:
    """When a business was offered grants and answered; what it claimed, was paid, asked to change and paid back.

    Offers are told here too, so that the awards of a business are read once.
    """
    found = awards_told_of(business_id)
    steps = [step for each in found for step in steps_of(actor, each)]
    running = [each for each in found if each.status in RUNNING and POLICY.allows(actor, Act.VIEW, each)]
    if running:
        decided = {each.decision_id for each in running}
        paid = [each for each in payments_of(business_id) if each.about_id in decided]
        steps += [*_steps([each.id for each in running]), *_payments(actor, paid)]
    return sorted(steps, key=lambda each: (each.day, each.at), reverse=True)[:most]


def _steps(award_ids: Sequence[UUID]) -> list[Happening]:
    steps = [step for each in telling.evidence_told(award_ids) for step in _evidence(each)]
    claims = telling.claims_told(award_ids)
    steps += [step for each in claims for step in _claim(each)]
    steps += _noted({str(each.id): each for each in claims})
    steps += [step for each in telling.changes_told(award_ids) for step in _change(each)]
    return steps + _repayments(telling.recoveries_told(award_ids))


def _payments(actor: Actor, paid: Sequence[Payment]) -> list[Happening]:
    shown = (each for each in paid if PAYMENTS.allows(actor, PaymentAct.VIEW, each))
    return [step for each in shown for step in _payment(each)]


def _evidence(found: MilestoneEvidence) -> Iterator[Happening]:
    if found.status is EvidenceStatus.DRAFT:
        return
    href, what = url_for("milestone_evidence.evidence", evidence_id=found.id), found.milestone.title
    yield Happening(found.handed_in_at, f"Evidence handed in: {what}", href=href)
    if found.decided_at is not None:
        is_met = found.status is EvidenceStatus.ACCEPTED
        words = f"Milestone met: {what}" if is_met else f"Evidence sent back: {what}"
        yield Happening(found.decided_at, words, href=href)


def _claim(found: AwardClaim) -> Iterator[Happening]:
    href, name = url_for("grant_claims.grant_claim", award_claim_id=found.id), f"Claim {found.number}"
    for version in found.versions:
        yield Happening(version.submitted_at, f"{name} submitted: {version.amount.in_full()}", href=href)
    if found.decided_at is not None and found.approved is not None:
        yield Happening(found.decided_at, f"{name} approved: {found.approved.in_full()}", href=href)


def _noted(claims: Mapping[str, AwardClaim]) -> list[Happening]:
    """When a claim was returned, taken back or rejected, when the bank did not make or returned its payment, and when that was cancelled."""
    ids = [each.id for each in claims.values()]
    return [
        Happening(
            entry.at,
            NOTES[Act(entry.act)].format(claims[entry.thing_id].number),
            href=url_for("grant_claims.grant_claim", award_claim_id=claims[entry.thing_id].id),
        )
        for entry in (acts_on("award_claim", ids, among=tuple(NOTES)) if ids else ())
    ]


def _change(found: AwardChange) -> Iterator[Happening]:
    href = url_for("award_changes.change", award_change_id=found.id)
    name = f"Change of {CHANGE_KINDS[found.kind].lower()}"
    yield Happening(found.asked_at, f"{name} requested", href=href)
    if found.decided_at is not None and found.status in CHANGE_ENDS:
        yield Happening(found.decided_at, f"{name} {CHANGE_ENDS[found.status]}", href=href)


def _repayments(found: Sequence[AwardRecovery]) -> list[Happening]:
    """Each repayment as it was asked for, once, and what came of it: what is left after an instalment was not asked for again."""
    asked: dict[tuple[UUID, datetime], list[AwardRecovery]] = {}
    for each in found:
        asked.setdefault((each.award_id, each.asked_at), []).append(each)
    first = [
        Happening(at, f"Repayment of {_asked(parts)} requested", href=_page(parts[0]))
        for (_, at), parts in asked.items()
    ]
    return first + [step for each in found for step in _repayment(each)]


def _asked(parts: Sequence[AwardRecovery]) -> str:
    return sum((each.amount for each in parts), start=NO_MONEY).in_full()


def _page(found: AwardRecovery) -> str:
    return url_for("recoveries.recovery", recovery_id=found.id)


def _repayment(found: AwardRecovery) -> Iterator[Happening]:
    href, amount = _page(found), found.amount.in_full()
    if found.received_on is not None:
        at: datetime = start_of(found.received_on)
        yield Happening(at, f"Repayment of {amount} received", href=href, on=found.received_on)
    if found.status is RecoveryStatus.CANCELLED:
        yield Happening(found.asked_at, f"Repayment of {amount} cancelled", href=href)


def _payment(found: Payment) -> Iterator[Happening]:
    href, amount = url_for("payments.payment", payment_id=found.id), found.amount.in_full()
    if found.paid_at is not None:
        yield Happening(found.paid_at, f"{amount} paid", href=href, on=found.paid_on)
    else:
        yield Happening(found.requested_at, f"Payment of {amount} ordered", href=href)
