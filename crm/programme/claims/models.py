"""Claims with their costs and versions, evidence for milestones, changes to awards, and money paid back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account, Decided, Proposed, walls_of_proposals
from crm.businesses.models import Business
from crm.db.base import Base, Identified, Versioned, one_where
from crm.db.states import Stateful
from crm.db.types import JsonType, MoneyType, UtcDateTime, enum_type
from crm.kernel.clock import day_of, today
from crm.kernel.money import NO_MONEY, Money
from crm.programme.awards.models import Award, AwardMilestone
from crm.programme.awards.workflow import AwardStatus
from crm.programme.claims.rules.changing import AwardTerms, read
from crm.programme.claims.workflow import (
    UNSENT,
    ChangeKind,
    ChangeStatus,
    ClaimStatus,
    EvidenceStatus,
    MoneyProposalKind,
    MoneyProposalStatus,
    RecoveryStatus,
    Reminder,
)
from crm.programme.rounds.models import Round


class _OfAward:
    """What belongs to an award, which must be loaded."""

    award: Mapped[Award]

    @property
    def business_id(self) -> UUID:
        """Whose award it is."""
        return self.award.business_id

    @property
    def business(self) -> Business:
        """The business of its award."""
        return self.award.business

    @property
    def round(self) -> Round:
        """The round of its award."""
        return self.award.round


class AwardClaim(
    _OfAward, Identified, Versioned, Decided, Stateful[ClaimStatus], Base, start=ClaimStatus.DRAFT
):
    """A claim for one milestone's instalment. One at most is open for each milestone.

    ``amount`` is what was claimed when it was submitted last, ``approved`` what of it was approved.
    """

    __tablename__ = "award_claim"
    __table_args__ = (
        Index("ix_award_claim_newest", "begun_at", "id"),
        CheckConstraint("number > 0", name="numbered"),
        CheckConstraint(
            "status IN ('draft', 'discarded') OR (submitted_at IS NOT NULL AND declared_by <> '' AND amount > 0)",
            name="declared_if_submitted",
        ),
        CheckConstraint(
            "(status IN ('approved', 'paid')) = (approved IS NOT NULL)", name="approved_amount_if_approved"
        ),
        CheckConstraint("approved IS NULL OR (approved > 0 AND approved <= amount)", name="within_claim"),
        CheckConstraint("status NOT IN ('returned', 'rejected') OR reason <> ''", name="refused_with_reason"),
        CheckConstraint("(status = 'paid') = (paid_at IS NOT NULL)", name="paid_at_if_paid"),
        CheckConstraint(
            "status NOT IN ('approved', 'paid') OR decided_by_id IS NULL OR decided_by_id <> submitted_by_id",
            name="approved_by_another",
        ),
        Index("uq_award_claim_number", "award_id", "number", unique=True),
        one_where(
            "uq_award_claim_one_open", "milestone_id", where="status IN ('draft', 'submitted', 'returned')"
        ),
        Index("ix_award_claim_status", "status", "submitted_at"),
    )

    award_id: Mapped[UUID] = mapped_column(ForeignKey("award.id"))
    milestone_id: Mapped[UUID] = mapped_column(ForeignKey("award_milestone.id"))
    number: Mapped[int]
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    begun_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    declared_by: Mapped[str] = mapped_column(String(200), default="")
    amount: Mapped[Money | None] = mapped_column(MoneyType)
    approved: Mapped[Money | None] = mapped_column(MoneyType)
    reason: Mapped[str] = mapped_column(Text, default="")
    paid_on: Mapped[date | None]
    paid_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    award: Mapped[Award] = relationship(lazy="raise", viewonly=True)
    milestone: Mapped[AwardMilestone] = relationship(lazy="raise", viewonly=True)
    costs: Mapped[list[AwardCost]] = relationship(
        lazy="raise", viewonly=True, order_by="(AwardCost.paid_on, AwardCost.id)"
    )
    versions: Mapped[list[ClaimVersion]] = relationship(
        lazy="raise", viewonly=True, order_by="ClaimVersion.number"
    )
    submitted_by: Mapped[Account | None] = relationship(
        lazy="raise", viewonly=True, foreign_keys=[submitted_by_id]
    )

    @property
    def is_unsent(self) -> bool:
        """Whether what it says now was not submitted."""
        return self.status in UNSENT

    @property
    def held_by(self) -> AwardMilestone | None:
        """The overdue milestone that holds its payment: none where it was approved before that day had passed (P47).

        Nothing holds the payment of an award that is over: what was approved stays with the business, and its milestones can be
        met no more.
        """
        if self.award.status is not AwardStatus.ACCEPTED:
            return None
        is_decided = self.status is ClaimStatus.APPROVED
        day = day_of(self.decided_at) if is_decided and self.decided_at else today()
        return next((each for each in self.award.milestones if each.is_late(on=day)), None)


class AwardCost(Identified, Versioned, Base):
    """One cost of a claim, net of VAT: what of it is claimed, what the business pays, and what was approved and why.

    ``why_again`` is why it was approved although another claim has the same file.
    """

    __tablename__ = "award_cost"
    __table_args__ = (
        CheckConstraint("claimed > 0", name="claimed_positive"),
        CheckConstraint("own >= 0", name="own_not_negative"),
        CheckConstraint("approved IS NULL OR (approved >= 0 AND approved <= claimed)", name="within_claimed"),
        CheckConstraint("approved IS NULL OR approved = claimed OR reason <> ''", name="cut_with_reason"),
        CheckConstraint(
            "why_again = '' OR (approved IS NOT NULL AND approved > 0)", name="again_if_approved"
        ),
        Index("ix_award_cost_claim", "claim_id", "paid_on"),
    )

    claim_id: Mapped[UUID] = mapped_column(ForeignKey("award_claim.id"))
    paid_on: Mapped[date]
    supplier: Mapped[str] = mapped_column(String(200))
    what: Mapped[str] = mapped_column(String(300))
    claimed: Mapped[Money] = mapped_column(MoneyType)
    own: Mapped[Money] = mapped_column(MoneyType, default=NO_MONEY)
    approved: Mapped[Money | None] = mapped_column(MoneyType)
    reason: Mapped[str] = mapped_column(String(500), default="")
    why_again: Mapped[str] = mapped_column(String(500), default="")


class ClaimVersion(Identified, Base):
    """A claim as it was submitted once: its costs with the names of their files, who declared it, and what was answered."""

    __tablename__ = "award_claim_version"
    __table_args__ = (
        CheckConstraint("number > 0", name="numbered"),
        CheckConstraint(f"outcome IN {tuple(each.value for each in ClaimStatus)}", name="outcome"),
        Index("uq_award_claim_version_number", "claim_id", "number", unique=True),
    )

    claim_id: Mapped[UUID] = mapped_column(ForeignKey("award_claim.id"))
    number: Mapped[int]
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    declared_by: Mapped[str] = mapped_column(String(200))
    amount: Mapped[Money] = mapped_column(MoneyType)
    costs: Mapped[list[dict[str, Any]]] = mapped_column(JsonType)
    outcome: Mapped[str | None] = mapped_column(String(40))
    said: Mapped[str] = mapped_column(Text, default="")


class MilestoneEvidence(
    _OfAward, Identified, Versioned, Decided, Stateful[EvidenceStatus], Base, start=EvidenceStatus.DRAFT
):
    """What shows that a milestone is met. One at most is open for each milestone: being written, or being checked.

    ``handed_in_at`` is when it was begun until it is handed in.
    """

    __tablename__ = "milestone_evidence"
    __table_args__ = (
        Index("ix_milestone_evidence_status", "status", "handed_in_at"),
        CheckConstraint("words <> ''", name="in_words"),
        CheckConstraint(
            "(status IN ('draft', 'handed_in')) = (decided_at IS NULL)", name="decided_if_not_waiting"
        ),
        CheckConstraint("status <> 'sent_back' OR reason <> ''", name="sent_back_with_reason"),
        one_where(
            "uq_milestone_evidence_one_waiting", "milestone_id", where="status IN ('draft', 'handed_in')"
        ),
        Index("ix_milestone_evidence_award", "award_id", "handed_in_at"),
    )

    award_id: Mapped[UUID] = mapped_column(ForeignKey("award.id"))
    milestone_id: Mapped[UUID] = mapped_column(ForeignKey("award_milestone.id"))
    words: Mapped[str] = mapped_column(Text)
    handed_in_at: Mapped[datetime] = mapped_column(UtcDateTime)
    handed_in_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(Text, default="")

    award: Mapped[Award] = relationship(lazy="raise", viewonly=True)
    milestone: Mapped[AwardMilestone] = relationship(lazy="raise", viewonly=True)

    @property
    def is_unsent(self) -> bool:
        """Whether it was not handed in."""
        return self.status is EvidenceStatus.DRAFT


class MilestoneReminder(Identified, Base):
    """That a business was reminded of a milestone: once before its day, and once after it (P47)."""

    __tablename__ = "milestone_reminder"
    __table_args__ = (Index("uq_milestone_reminder_once", "milestone_id", "kind", "due_on", unique=True),)

    milestone_id: Mapped[UUID] = mapped_column(ForeignKey("award_milestone.id"))
    kind: Mapped[Reminder] = mapped_column(enum_type(Reminder, name="kind"))
    due_on: Mapped[date]
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AwardChange(
    _OfAward, Identified, Versioned, Decided, Stateful[ChangeStatus], Base, start=ChangeStatus.ASKED
):
    """A change of the terms that a business asked for, and why. ``before`` and ``after`` are the whole terms, and stay."""

    __tablename__ = "award_change"
    __table_args__ = (
        CheckConstraint("why <> ''", name="with_reason"),
        CheckConstraint(
            "(status IN ('asked', 'supported')) = (decided_at IS NULL)", name="decided_if_not_waiting"
        ),
        CheckConstraint("status <> 'refused' OR reason <> ''", name="refused_with_reason"),
        CheckConstraint(
            "status <> 'approved' OR decided_by_id IS NULL OR decided_by_id <> asked_by_id",
            name="approved_by_another",
        ),
        CheckConstraint(
            "status <> 'supported' OR (kind = 'money' AND supported_at IS NOT NULL)",
            name="supported_if_money",
        ),
        CheckConstraint(
            "status <> 'approved' OR kind <> 'money' OR (supported_at IS NOT NULL"
            " AND (supported_by_id IS NULL OR decided_by_id IS NULL OR supported_by_id <> decided_by_id))",
            name="money_by_two",
        ),
        one_where("uq_award_change_one_open", "award_id", where="status IN ('asked', 'supported')"),
        Index("ix_award_change_status", "status", "asked_at"),
    )

    award_id: Mapped[UUID] = mapped_column(ForeignKey("award.id"))
    kind: Mapped[ChangeKind] = mapped_column(enum_type(ChangeKind, name="kind"))
    before: Mapped[dict[str, Any]] = mapped_column(JsonType)
    after: Mapped[dict[str, Any]] = mapped_column(JsonType)
    why: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    supported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    supported_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(Text, default="")

    award: Mapped[Award] = relationship(lazy="raise", viewonly=True)
    asked_by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True, foreign_keys=[asked_by_id])
    supported_by: Mapped[Account | None] = relationship(
        lazy="raise", viewonly=True, foreign_keys=[supported_by_id]
    )

    @property
    def terms_before(self) -> AwardTerms:
        """The whole terms as they were when it was asked for."""
        return read(self.before)

    @property
    def terms_after(self) -> AwardTerms:
        """The whole terms as they are to be."""
        return read(self.after)


class AwardRecovery(
    _OfAward, Identified, Versioned, Stateful[RecoveryStatus], Base, start=RecoveryStatus.ASKED
):
    """Money of an award that a business is to pay back. Releasing it is an act of its own (P46)."""

    __tablename__ = "award_recovery"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("reason <> ''", name="with_reason"),
        CheckConstraint(
            "(status IN ('received', 'released')) = (received_on IS NOT NULL)", name="received_on_if_received"
        ),
        CheckConstraint(
            "(status = 'released') = (released_at IS NOT NULL AND release_reason <> '')",
            name="released_with_reason",
        ),
        CheckConstraint(
            "status <> 'released' OR released_by_id IS NULL OR released_by_id <> asked_by_id",
            name="released_by_another",
        ),
        CheckConstraint("(status = 'cancelled') = (cancel_reason <> '')", name="cancelled_with_reason"),
        Index("ix_award_recovery_status", "status", "due_on"),
    )

    award_id: Mapped[UUID] = mapped_column(ForeignKey("award.id"))
    amount: Mapped[Money] = mapped_column(MoneyType)
    reason: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    received_on: Mapped[date | None]
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    release_reason: Mapped[str] = mapped_column(Text, default="")
    cancel_reason: Mapped[str] = mapped_column(Text, default="")

    award: Mapped[Award] = relationship(lazy="raise", viewonly=True)
    asked_by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True, foreign_keys=[asked_by_id])


class MoneyProposal(
    _OfAward, Proposed, Stateful[MoneyProposalStatus], Base, start=MoneyProposalStatus.PROPOSED
):
    """What one person proposes about the money of an award, and another decides (decision 0111).

    It returns an approved claim unpaid, or asks the business to pay ``amount`` back by ``due_on``. The repayment that comes of a
    confirmed one has its id, so that its letter can be read beforehand. ``reason`` is what the business reads.
    """

    __tablename__ = "money_proposal"
    __table_args__ = (
        *walls_of_proposals(),
        CheckConstraint("reason <> ''", name="with_reason"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("(kind = 'return') = (claim_id IS NOT NULL)", name="claim_if_return"),
        CheckConstraint("(kind = 'repayment') = (due_on IS NOT NULL)", name="due_if_repayment"),
        one_where("uq_money_proposal_one_return", "claim_id", where="status = 'proposed'"),
        one_where(
            "uq_money_proposal_one_repayment",
            "award_id",
            where="status = 'proposed' AND kind = 'repayment'",
        ),
        Index("ix_money_proposal_status", "status", "proposed_at"),
        Index("ix_money_proposal_award", "award_id", "proposed_at"),
    )

    award_id: Mapped[UUID] = mapped_column(ForeignKey("award.id"))
    kind: Mapped[MoneyProposalKind] = mapped_column(enum_type(MoneyProposalKind, name="kind"))
    claim_id: Mapped[UUID | None] = mapped_column(ForeignKey("award_claim.id"))
    amount: Mapped[Money] = mapped_column(MoneyType)
    due_on: Mapped[date | None]

    award: Mapped[Award] = relationship(lazy="raise", viewonly=True)
    claim: Mapped[AwardClaim | None] = relationship(lazy="raise", viewonly=True)

    @property
    def is_return(self) -> bool:
        """Whether a claim is returned, and no money asked back."""
        return self.kind is MoneyProposalKind.RETURN
