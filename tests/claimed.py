"""Accepted awards and claims as a test needs them, with their money committed in the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from crm.db.session import session
from crm.funding.envelopes.rules import Subject
from crm.funding.envelopes.service import posting
from crm.funding.payments.queries.payments import payments_about
from crm.funding.payments.service import requesting
from crm.funding.payments.workflow import PaymentStatus
from crm.funding.subsidy.models import Subsidy
from crm.funding.subsidy.service import giving
from crm.funding.subsidy.service.recording import SubsidyDetails
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.awards.models import Award, AwardClosing, AwardMilestone
from crm.programme.awards.queries import awards, closings
from crm.programme.awards.service import closing as closings_
from crm.programme.awards.service.closing import Proposal
from crm.programme.awards.workflow import AwardStatus, ClosingKind, Strand
from crm.programme.claims.models import (
    AwardChange,
    AwardClaim,
    AwardRecovery,
    MilestoneEvidence,
    MoneyProposal,
)
from crm.programme.claims.queries import changes, claims, evidence, money_proposals, recoveries
from crm.programme.claims.rules.changing import stored, terms_of_award
from crm.programme.claims.service import assessing, claiming, recovering
from crm.programme.claims.service import evidence as proving
from crm.programme.claims.service import money_proposals as money_proposals_
from crm.programme.claims.service.claiming import CostDetails
from crm.programme.claims.service.money_proposals import RepaymentWanted
from crm.programme.claims.service.recovering import Received
from crm.programme.claims.workflow import ChangeKind, MoneyProposalKind, MoneyProposalStatus
from crm.programme.cohort.models import Decision
from crm.programme.cohort.workflow import DecisionStatus
from tests import cohorts, factories, rounds
from tests.cast import BUSINESS
from tests.programme.applicants import own

PDF = b"%PDF-1.7\n%%EOF\n"
SHARE = 4_000
INSTALMENTS = (Money.pounds(5_000), Money.pounds(3_000))


def award(business_id: UUID = BUSINESS, *, due: int = 60, **fields: Any) -> Award:
    """An accepted award of £8,000 with two milestones, for which the business pays 40% of its costs."""
    cohort = cohorts.cohort(cohorts.judged())
    about = rounds.application(own(business_id), cohort.round, status=ApplicationStatus.ASSESSED)
    amount = sum(INSTALMENTS, start=Money(0))
    decided = cohorts.decision(
        cohort, about, amount=amount, status=DecisionStatus.NOTIFIED, notified_at=now()
    )
    given = {"match_share": SHARE, "purpose": "Made: a pilot", "amount": amount, "line": cohort.line}
    given |= {"starts_on": today() - timedelta(days=90), "ends_on": today() + timedelta(days=300)}
    given |= {"offer_expires_on": today(), "terms_version": "1", "prepared_at": now(), "offered_at": now()}
    given |= {"register_status": "active", "register_checked_at": now()}
    given |= {"letter_key": "made", "accepted_at": now(), "accepted_name": "Made Owner"}
    given |= {"business_id": business_id, "envelope_id": cohort.envelope_id} | fields
    made = factories.kept(
        Award(decision_id=decided.id, application_id=about.id, _status=AwardStatus.ACCEPTED, **given)
    )
    for number, instalment in enumerate(INSTALMENTS):
        day = today() + timedelta(days=due + number * 90)
        milestone(made, title=f"Made: milestone {number + 1}", due_on=day, amount=instalment)
    if cohort.envelope_id:
        subject = Subject("decision", decided.id)
        posting.commit(
            cohort.envelope_id, cohort.line, amount=amount, about=subject, reason="Made", by=SYSTEM
        )
    return whole(made.id)


def papers(owner: Award) -> Subsidy:
    """The subsidy of an award, which its owner confirmed by accepting the offer."""
    details = SubsidyDetails("Made giver", "Made: a pilot", owner.amount, today())
    about = ("award", owner.id)
    made = giving.prepare(owner.business, details, depends_on_exporting_goods=False, about=about, by=SYSTEM)
    giving.notify(made, by=SYSTEM)
    giving.confirm(made, confirmed_by="Made Owner", by=SYSTEM)
    owner.subsidy_id = made.id
    session().get_one(Decision, owner.decision_id).papers_id = made.id
    session().flush()
    return made


def milestone(owner: Award, **fields: Any) -> AwardMilestone:
    given = {"strand": Strand.SALES, "evidence_wanted": "Made: the orders", "amount": Money(0)} | fields
    made: AwardMilestone = factories.kept(AwardMilestone(award_id=owner.id, **given))
    return made


def whole(award_id: UUID) -> Award:
    session().flush()
    session().expire_all()
    found = awards.award(award_id)
    assert found is not None
    return found


def of(owner: Award, place: int = 0) -> evidence.MilestoneOf:
    found = evidence.milestone_of(owner.id, owner.milestones[place].id)
    assert found is not None
    return found


def handed_in(owner: Award, place: int = 0) -> MilestoneEvidence:
    found = begun_evidence(owner, place)
    proving.hand_in(found, by=SYSTEM)
    return found


def begun_evidence(owner: Award, place: int = 0) -> MilestoneEvidence:
    made = proving.begin(of(owner, place), words="Made: it is done", by=SYSTEM)
    factories.document("milestone_evidence", made.id)
    found = evidence.evidence(made.id)
    assert found is not None
    return found


def met(owner: Award, place: int = 0) -> None:
    proving.accept(handed_in(owner, place), by=SYSTEM)


def cost(pounds: int, own_pounds: int | None = None, **fields: Any) -> CostDetails:
    paid = pounds if own_pounds is None else own_pounds
    given = {
        "paid_on": today() - timedelta(days=5),
        "supplier": "Made Ltd",
        "what": "Made: a camera",
    } | fields
    return CostDetails(**{"claimed": Money.pounds(pounds), "own": Money.pounds(paid)} | given)


def claim(owner: Award, *pounds: int, place: int = 0, bill: bytes = b"") -> AwardClaim:
    """A draft with a cost and its invoice for each sum, each of its own or this ``bill``; its milestone is met."""
    if owner.milestones[place].met_at is None:
        met(owner, place)
    made = claiming.begin(of(owner, place), by=SYSTEM)
    for each in pounds or (1_000,):
        added = claiming.add_cost(again(made), cost(each), by=SYSTEM)
        factories.document("award_cost", added.id, bill or f"Made {added.id}\n".encode())
    return again(made)


def again(found: AwardClaim) -> AwardClaim:
    session().flush()
    session().expire_all()
    made = claims.claim(found.id)
    assert made is not None
    return made


def submitted(owner: Award, *pounds: int, place: int = 0, bill: bytes = b"") -> AwardClaim:
    made = claim(owner, *pounds, place=place, bill=bill)
    claiming.submit(made, declared_by="Made Owner", by=SYSTEM)
    return again(made)


def approved(owner: Award, *pounds: int, place: int = 0, bill: bytes = b"") -> AwardClaim:
    made = submitted(owner, *pounds, place=place, bill=bill)
    assessing.approve(made, by=SYSTEM)
    return again(made)


def change(owner: Award, **fields: Any) -> AwardChange:
    """A change of what the grant is for, which waits to be decided."""
    before = terms_of_award(whole(owner.id))
    given = {
        "kind": ChangeKind.SCOPE,
        "before": stored(before),
        "after": stored(replace(before, purpose="Made: two pilots")),
        "why": "Made: buyers asked",
    }
    made: AwardChange = factories.kept(AwardChange(award_id=owner.id, asked_at=now(), **(given | fields)))
    found = changes.change(made.id)
    assert found is not None
    return found


def money_moved(owner: Award, **fields: Any) -> AwardChange:
    """A change by which the second milestone pays £500 that the first one paid."""
    before = terms_of_award(whole(owner.id))
    first, second = before.milestones
    moved = Money.pounds(500)
    rows = (replace(first, amount=first.amount - moved), replace(second, amount=second.amount + moved))
    after = stored(replace(before, milestones=rows))
    return change(owner, kind=ChangeKind.MONEY, after=after, **fields)


def closing(owner: Award, by: Actor = SYSTEM) -> AwardClosing:
    """A proposal to end an award early, which waits for a second person."""
    wanted = Proposal(ClosingKind.END, "Made: the second market was given up")
    made = closings_.propose(whole(owner.id), wanted, by=by)
    session().flush()
    found = closings.closing(made.id)
    assert found is not None
    return found


def closed(owner: Award) -> None:
    """Ended early, confirmed by the system."""
    closings_.confirm(closing(owner), by=SYSTEM)
    session().flush()


def recovery(owner: Award, pounds: int = 100, **fields: Any) -> AwardRecovery:
    given = {"amount": Money.pounds(pounds), "reason": "Made: sold the camera", "due_on": today()} | fields
    decided = repayment(owner, given["amount"], _status=MoneyProposalStatus.CONFIRMED, decided_at=now())
    made: AwardRecovery = factories.kept(
        AwardRecovery(id=decided.id, award_id=owner.id, asked_at=now(), **given)
    )
    return made


def repayment(owner: Award, amount: Money, **fields: Any) -> MoneyProposal:
    """A proposal to ask for money back, as it is in the database."""
    given = {"reason": "Made: sold the camera", "due_on": today(), "proposed_at": now()} | fields
    made: MoneyProposal = factories.kept(
        MoneyProposal(award_id=owner.id, kind=MoneyProposalKind.REPAYMENT, amount=amount, **given)
    )
    return made


def money_proposal(owner: Award, pounds: int = 800, by: Actor = SYSTEM) -> MoneyProposal:
    """A proposal to ask for a part of what was paid back, which waits for a second person."""
    wanted = RepaymentWanted(Money.pounds(pounds), today(), "Made: sold it")
    return whole_proposal(money_proposals_.propose_repayment(whole(owner.id), wanted, by=by).id)


def whole_proposal(proposal_id: UUID) -> MoneyProposal:
    session().flush()
    session().expire_all()
    found = money_proposals.proposal(proposal_id)
    assert found is not None
    return found


def unpaid(pounds: int = 1_000, business_id: UUID = BUSINESS) -> AwardClaim:
    """An approved claim whose payment was cancelled."""
    made = approved(award(business_id), pounds)
    (payment,) = payments_about(Subject("award_claim", made.id))
    requesting.cancel(payment, reason="The account was closed", by=SYSTEM)
    return again(made)


def to_return(found: AwardClaim, by: Actor = SYSTEM) -> MoneyProposal:
    """A proposal to return a claim, which waits for a second person."""
    made = money_proposals_.propose_return(found, reason="Enter another account first", by=by)
    return whole_proposal(made.id)


def paid(owner: Award, pounds: int = 2_000) -> AwardClaim:
    """Paid as the bank's answer says it, beside a payment run."""
    made = approved(owner, pounds)
    assert owner.envelope_id is not None
    about, sum_ = Subject("decision", owner.decision_id), Money.pounds(pounds)
    (payment,) = payments_about(Subject("award_claim", made.id))
    payment._status, payment.paid_at = PaymentStatus.PAID, now()
    posting.pay(owner.envelope_id, owner.line, amount=sum_, about=about, reason="Made", by=SYSTEM)
    assessing.mark_paid(made, by=SYSTEM)
    return again(made)


def asked_back(owner: Award, pounds: int = 800) -> AwardRecovery:
    paid(owner)
    made = money_proposal(owner, pounds)
    money_proposals_.confirm(made, by=SYSTEM)
    session().flush()
    found = recoveries.recovery(made.id)
    assert found is not None
    return found


def received(owner: Award, pounds: int = 800) -> AwardRecovery:
    made = asked_back(owner, pounds)
    recovering.receive(made, Received(made.amount, today()), by=SYSTEM)
    session().flush()
    return made
