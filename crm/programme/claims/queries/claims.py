"""Reads of claims: one whole, those of an award, those that wait, and what their caps are now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, Subquery, func, literal, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from crm.businesses.models import Business
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.documents.models import Document
from crm.funding.envelopes.models import LedgerEntry
from crm.funding.envelopes.queries.beside import beside, moved, moved_beyond
from crm.funding.envelopes.rules import LedgerAccount
from crm.funding.payments.models import Payment
from crm.funding.payments.workflow import PaymentStatus
from crm.kernel.clock import day_of, is_past
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor
from crm.programme.applications.models import Application
from crm.programme.awards.models import Award, AwardMilestone
from crm.programme.claims.models import AwardClaim, AwardCost, MilestoneEvidence
from crm.programme.claims.policy import visible_to
from crm.programme.claims.rules.claiming import Cost, Terms
from crm.programme.claims.workflow import OPEN_CLAIMS, ClaimStatus, EvidenceStatus

STATUS = AwardClaim.__table__.c.status
COST = "award_cost"
MOST = 500
CLAIMED_WAY = (LedgerAccount.COMMITTED, LedgerAccount.CLAIMED)
"""What approving a claim moves in the ledger."""
TAKEN = (ClaimStatus.SUBMITTED, ClaimStatus.APPROVED, ClaimStatus.PAID)
NEWEST_FIRST = Order(
    (AwardClaim.__table__.c.begun_at, AwardClaim.__table__.c.id),
    lambda each: (each.begun_at, each.id),
    is_descending=True,
)


def of_award(path: object) -> tuple[ORMOption, ...]:
    """What pages and verbs read of the award that something belongs to."""
    award = joinedload(path)  # type: ignore[arg-type]  # a relationship to an award
    return (
        *line_of_award(path),
        award.joinedload(Award.application).joinedload(Application.business),
        award.joinedload(Award.envelope),
        award.joinedload(Award.subsidy),
        award.selectinload(Award.milestones),
    )


def line_of_award(path: object) -> tuple[ORMOption, ...]:
    """What a line about something shows of its award: the business, and the application with its round."""
    award = joinedload(path)  # type: ignore[arg-type]  # as above
    return (
        award.joinedload(Award.business).undefer(Business.shared),
        award.joinedload(Award.application).joinedload(Application.round),
    )


def _whole() -> Select[AwardClaim]:
    return select(AwardClaim).options(
        *of_award(AwardClaim.award),
        joinedload(AwardClaim.milestone),
        selectinload(AwardClaim.costs),
        selectinload(AwardClaim.versions),
        joinedload(AwardClaim.submitted_by),
        joinedload(AwardClaim.decided_by),
    )


def _brief() -> Select[AwardClaim]:
    """Claims with what a line about each shows, and who had a part in it."""
    return select(AwardClaim).options(
        *line_of_award(AwardClaim.award),
        joinedload(AwardClaim.milestone),
        joinedload(AwardClaim.submitted_by),
        joinedload(AwardClaim.decided_by),
    )


def claim(award_claim_id: UUID) -> AwardClaim | None:
    """One claim with its award, milestone, costs and versions, as they are now."""
    query = _whole().where(AwardClaim.id == award_claim_id)
    return session().scalar(query.execution_options(populate_existing=True))


def open_claim_of(milestone_id: UUID) -> AwardClaim | None:
    """The claim for a milestone that is not decided yet: one at most."""
    return session().scalar(_whole().where(AwardClaim.milestone_id == milestone_id, STATUS.in_(OPEN_CLAIMS)))


def open_among(milestone_ids: Collection[UUID]) -> dict[UUID, int]:
    """By each of some milestones that has one, the number of its claim that is not decided yet: one query."""
    query = select(AwardClaim.milestone_id, AwardClaim.number)
    query = query.where(AwardClaim.milestone_id.in_(list(milestone_ids)), STATUS.in_(OPEN_CLAIMS))
    return {row.milestone_id: row.number for row in session().execute(query)}


def claims_of(award_id: UUID) -> Sequence[AwardClaim]:
    """Every claim against an award, discarded ones too, the newest first."""
    query = _brief().options(selectinload(AwardClaim.costs), selectinload(AwardClaim.versions))
    query = query.where(AwardClaim.award_id == award_id)
    return session().scalars(query.order_by(AwardClaim.number.desc()).limit(MOST)).all()


def claims_that_are(*statuses: ClaimStatus) -> Sequence[AwardClaim]:
    """Every claim in some states, the one submitted first before the others."""
    query = _brief().where(STATUS.in_(statuses))
    return session().scalars(query.order_by(AwardClaim.submitted_at, AwardClaim.id).limit(MOST)).all()


def claims_unpaid() -> Sequence[AwardClaim]:
    """Every approved claim whose payment was cancelled and for which no other was asked, the one decided first before the others."""
    asked = select(Payment.id).where(Payment.cause_table == "award_claim", Payment.cause_id == AwardClaim.id)
    status = Payment.__table__.c.status
    query = _brief().where(STATUS == ClaimStatus.APPROVED, asked.exists())
    query = query.where(~asked.where(status != PaymentStatus.CANCELLED).exists())
    return session().scalars(query.order_by(AwardClaim.decided_at, AwardClaim.id).limit(MOST)).all()


def held_by(late: Collection[AwardMilestone]) -> dict[UUID, Money]:
    """By each of some overdue milestones that holds something, what was approved after its day and is not paid: one query (P47)."""
    query = select(AwardClaim.award_id, AwardClaim.approved, AwardClaim.decided_at)
    query = query.where(STATUS.in_((ClaimStatus.APPROVED,)))
    rows = session().execute(query.where(AwardClaim.award_id.in_({each.award_id for each in late}))).all()
    found: dict[UUID, Money] = {}
    for each in late:
        for award_id, approved, decided_at in rows:
            if award_id == each.award_id and decided_at and is_past(each.due_on, on=day_of(decided_at)):
                found[each.id] = found.get(each.id, NO_MONEY) + (approved or NO_MONEY)
    return found


def next_number(award_id: UUID) -> int:
    """The number of the next claim against an award."""
    return (
        session().scalar(select(func.max(AwardClaim.number)).where(AwardClaim.award_id == award_id)) or 0
    ) + 1


def taken(award_id: UUID, *, besides: UUID | None = None) -> dict[UUID, Money]:
    """By milestone, what was approved, and what was submitted and is not decided: nobody else can claim it."""
    query = select(AwardClaim.milestone_id, AwardClaim.amount, AwardClaim.approved)
    found: dict[UUID, Money] = {}
    for milestone_id, amount, approved in session().execute(
        query.where(AwardClaim.award_id == award_id, STATUS.in_(TAKEN), AwardClaim.id != besides)
    ):
        found[milestone_id] = found.get(milestone_id, NO_MONEY) + (approved or amount or NO_MONEY)
    return found


def taken_of(milestone_ids: Collection[UUID]) -> dict[UUID, Money]:
    """Of some milestones, what was approved of each."""
    total = func.sum(AwardClaim.approved, type_=AwardClaim.approved.type)
    query = select(AwardClaim.milestone_id, total).where(AwardClaim.milestone_id.in_(list(milestone_ids)))
    query = query.where(AwardClaim.approved.is_not(None)).group_by(AwardClaim.milestone_id)
    return {milestone_id: amount or NO_MONEY for milestone_id, amount in session().execute(query)}


def terms_of(found: AwardClaim) -> Terms:
    """What can be claimed now, this claim apart."""
    gone, award = taken(found.award_id, besides=found.id), found.award
    return Terms(
        award.starts_on,
        award.ends_on,
        left_of_award=award.amount - sum(gone.values(), start=NO_MONEY),
        left_of_milestone=found.milestone.amount - gone.get(found.milestone_id, NO_MONEY),
        match_share=award.match_share,
    )


def files_of(found: AwardClaim) -> dict[UUID, list[Document]]:
    """The invoices and proofs of each cost of a claim, in the order in which they came: one query."""
    query = select(Document).where(Document.about_kind == COST, Document.removed_at.is_(None))
    query = query.where(Document.about_id.in_([each.id for each in found.costs]))
    made: dict[UUID, list[Document]] = {each.id: [] for each in found.costs}
    for each in session().scalars(query.order_by(Document.kept_at, Document.id)):
        made[each.about_id].append(each)
    return made


def costs_of(found: AwardClaim) -> list[Cost]:
    """The costs of a claim as the sums need them."""
    files = files_of(found)
    return [Cost(each.paid_on, each.claimed, each.own, len(files[each.id])) for each in found.costs]


def is_met(found: AwardMilestone) -> bool:
    """Whether a milestone is met, or evidence that it is waits to be checked."""
    if found.met_at is not None:
        return True
    waiting = select(MilestoneEvidence.id).where(MilestoneEvidence.milestone_id == found.id)
    waiting = waiting.where(MilestoneEvidence.__table__.c.status == EvidenceStatus.HANDED_IN)
    return session().scalar(waiting.limit(1)) is not None


@dataclass(frozen=True)
class CostOf:
    """One cost with its claim."""

    claim: AwardClaim
    cost: AwardCost

    @property
    def award(self) -> Award:
        """The award that it is claimed from."""
        return self.claim.award

    @property
    def business(self) -> Business:
        """Whose claim it is."""
        return self.claim.business

    @property
    def stands_on(self) -> AwardClaim:
        """On whose page it is shown."""
        return self.claim

    @property
    def is_unsent(self) -> bool:
        """Whether what its claim says now was not submitted."""
        return self.claim.is_unsent


def cost_of(award_claim_id: UUID, cost_id: UUID) -> CostOf | None:
    """One cost of just this claim."""
    found = claim(award_claim_id)
    cost = next((each for each in found.costs if each.id == cost_id), None) if found else None
    return CostOf(found, cost) if found and cost else None


@dataclass(frozen=True)
class ClaimSearch:
    """Which claims are looked for; empty parts ask nothing."""

    status: ClaimStatus | None = None
    business: str = ""


def claims(search: ClaimSearch, cursor: str | None = None, *, actor: Actor) -> Slice[AwardClaim]:
    """One page of the claims that this actor may see, the newest first."""
    return slice_of(_found(search, actor), NEWEST_FIRST, cursor=cursor)


def every_claim(search: ClaimSearch, actor: Actor) -> Sequence[AwardClaim]:
    """Every claim that a search finds: for a file."""
    query = _found(search, actor)
    return session().scalars(query.order_by(AwardClaim.begun_at.desc(), AwardClaim.id)).all()


def _found(search: ClaimSearch, actor: Actor) -> Select[AwardClaim]:
    query = _whole().join(Award, Award.id == AwardClaim.award_id).join(Business)
    query = query.where(visible_to(actor), STATUS != ClaimStatus.DISCARDED)
    if search.status is not None:
        query = query.where(STATUS.in_([search.status]))
    if search.business:
        query = query.where(Business.name.icontains(search.business, autoescape=True))
    return query


def approved_beside() -> Subquery:
    """What was approved of the claims on each award beside what the ledger says was claimed; a dry run has no ledger."""
    ours = select(literal("decision"), Award.decision_id, AwardClaim.approved)
    ours = ours.join_from(AwardClaim, Award, Award.id == AwardClaim.award_id)
    ours = ours.where(STATUS.in_((ClaimStatus.APPROVED, ClaimStatus.PAID)), Award.envelope_id.is_not(None))
    return beside(ours, moved(CLAIMED_WAY, LedgerEntry.subject_table == "decision"))


def claimed_without() -> Subquery:
    """What the ledger says was claimed, by envelope and thing, about anything but awards."""
    return moved_beyond(CLAIMED_WAY, LedgerEntry.subject_table != "decision")


def claimed_of(award_ids: Collection[UUID]) -> dict[UUID, Money]:
    """By award, what was approved of its claims: what the ledger says was claimed and paid."""
    total = func.sum(AwardClaim.approved, type_=AwardClaim.approved.type)
    query = select(AwardClaim.award_id, total).where(AwardClaim.award_id.in_(list(award_ids)))
    query = query.where(AwardClaim.approved.is_not(None)).group_by(AwardClaim.award_id)
    return {award_id: amount or NO_MONEY for award_id, amount in session().execute(query)}
