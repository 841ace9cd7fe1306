"""Awards with their milestones: what was offered for a successful decision, and what became of the offer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account, Proposed, walls_of_proposals
from crm.businesses.models import Business
from crm.db.base import Base, Identified, Versioned, one_where
from crm.db.states import Stateful
from crm.db.types import JsonType, MoneyType, UtcDateTime, enum_type
from crm.funding.envelopes.models import Envelope
from crm.funding.envelopes.rules import Line
from crm.funding.subsidy.models import Subsidy
from crm.kernel.clock import is_past, today
from crm.kernel.money import Money
from crm.programme.applications.models import Application
from crm.programme.awards.workflow import AwardStatus, ClosingKind, ClosingStatus, Strand
from crm.programme.cohort.models import Decision
from crm.programme.rounds.models import Round

RUNNING_IN_SQL = "('accepted', 'ended', 'completed')"


class Award(Identified, Versioned, Stateful[AwardStatus], Base, start=AwardStatus.PREPARED):
    """The award for one successful decision. Money entries about it name the decision, from reserving to recovering.

    ``match_share`` is what the business pays itself, in hundredths of a per cent of the project. ``terms_version`` is the
    version of the terms in plain words that it was offered with; ``letters`` is every letter as it was sent, word for word.
    ``line`` is None where it is paid from capital and revenue: then each milestone says from which. In a dry run there is no
    envelope. ``register_status`` is what Companies House said, or a person recorded with a reason.
    """

    __tablename__ = "award"
    __table_args__ = (
        Index("ix_award_application", "application_id"),
        Index("ix_award_newest", "prepared_at", "id"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("match_share BETWEEN 0 AND 9999", name="match_share_is_percent"),
        CheckConstraint("ends_on > starts_on", name="ends_later"),
        CheckConstraint("purpose <> ''", name="for_something"),
        CheckConstraint(
            "status NOT IN ('offered', 'accepted', 'declined', 'lapsed', 'ended', 'completed') "
            "OR (offered_at IS NOT NULL AND letter_key <> '')",
            name="offered_with_letter",
        ),
        CheckConstraint(
            f"status NOT IN {RUNNING_IN_SQL} OR (accepted_at IS NOT NULL AND accepted_name <> '')",
            name="accepted_by_name",
        ),
        CheckConstraint(
            "status NOT IN ('declined', 'lapsed', 'withdrawn', 'ended', 'completed') OR closed_at IS NOT NULL",
            name="closed_at_if_over",
        ),
        CheckConstraint(
            "status NOT IN ('declined', 'withdrawn', 'ended') OR closed_reason <> ''",
            name="closed_with_reason",
        ),
        CheckConstraint(
            "offered_by_id IS NULL OR offered_by_id <> prepared_by_id", name="offered_by_another"
        ),
        UniqueConstraint("decision_id"),
        Index("ix_award_business", "business_id", "prepared_at"),
        Index("ix_award_status", "status", "offer_expires_on"),
        Index("ix_award_envelope", "envelope_id"),
    )

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    envelope_id: Mapped[UUID | None] = mapped_column(ForeignKey("envelope.id"))
    line: Mapped[Line | None] = mapped_column(enum_type(Line, name="line"))
    amount: Mapped[Money] = mapped_column(MoneyType)
    match_share: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(300))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    offer_expires_on: Mapped[date]
    terms_version: Mapped[str] = mapped_column(String(20))
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    prepared_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    register_status: Mapped[str] = mapped_column(String(100), default="")
    register_checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    register_reason: Mapped[str] = mapped_column(String(500), default="")
    offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    letter_key: Mapped[str] = mapped_column(String(100), default="")
    letters: Mapped[list[dict[str, Any]]] = mapped_column(JsonType, default=list)
    reminded_on: Mapped[date | None]
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    accepted_name: Mapped[str] = mapped_column(String(200), default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_reason: Mapped[str] = mapped_column(Text, default="")
    subsidy_id: Mapped[UUID | None] = mapped_column(ForeignKey("subsidy.id"))

    decision: Mapped[Decision] = relationship(lazy="raise", viewonly=True)
    application: Mapped[Application] = relationship(lazy="raise", viewonly=True)
    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
    envelope: Mapped[Envelope | None] = relationship(lazy="raise", viewonly=True)
    subsidy: Mapped[Subsidy | None] = relationship(lazy="raise", viewonly=True)
    prepared_by: Mapped[Account | None] = relationship(
        lazy="raise", viewonly=True, foreign_keys=[prepared_by_id]
    )
    offered_by: Mapped[Account | None] = relationship(
        lazy="raise", viewonly=True, foreign_keys=[offered_by_id]
    )
    milestones: Mapped[list[AwardMilestone]] = relationship(
        lazy="raise", viewonly=True, order_by="(AwardMilestone.due_on, AwardMilestone.id)"
    )

    @property
    def late_milestone(self) -> AwardMilestone | None:
        """The milestone of a running award that was due first and is overdue today: it holds the next payment (P47)."""
        if self.status is not AwardStatus.ACCEPTED:
            return None
        return next((each for each in self.milestones if each.is_late(on=today())), None)

    @property
    def round(self) -> Round:
        """The round of its application, which must be loaded."""
        return self.application.round


class AwardMilestone(Identified, Versioned, Base):
    """What is to be done by a day for one instalment, and what shows it. The day is fixed by the offer and never drifts (P47).

    ``is_capital`` says that the instalment is capital, where the award is paid from capital and revenue.
    """

    __tablename__ = "award_milestone"
    __table_args__ = (
        CheckConstraint("title <> ''", name="titled"),
        CheckConstraint("evidence_wanted <> ''", name="wants_evidence"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("met_by_id IS NULL OR met_at IS NOT NULL", name="met_at_if_met"),
        Index("ix_award_milestone_award", "award_id", "due_on"),
    )

    award_id: Mapped[UUID] = mapped_column(ForeignKey("award.id"))
    strand: Mapped[Strand] = mapped_column(enum_type(Strand, name="strand"))
    title: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date]
    evidence_wanted: Mapped[str] = mapped_column(Text)
    amount: Mapped[Money] = mapped_column(MoneyType)
    is_capital: Mapped[bool] = mapped_column(default=False)
    met_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    met_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    award: Mapped[Award] = relationship(lazy="raise", viewonly=True)

    def is_late(self, *, on: date) -> bool:
        """Whether its day is over and it is not met, on a day in London. Its award has to be running for that to matter."""
        return self.met_at is None and is_past(self.due_on, on=on)

    def line_of(self, award: Award) -> Line:
        """The line of the envelope that its instalment is paid from, of the award that it belongs to."""
        return award.line or (Line.CAPITAL if self.is_capital else Line.REVENUE)


class AwardClosing(Proposed, Stateful[ClosingStatus], Base, start=ClosingStatus.PROPOSED):
    """A proposal to end an award early or to complete it: made by one person, confirmed by another, as money is released."""

    __tablename__ = "award_closing"
    __table_args__ = (
        CheckConstraint("kind <> 'end' OR reason <> ''", name="ended_with_reason"),
        *walls_of_proposals(),
        one_where("uq_award_closing_one_open", "award_id", where="status = 'proposed'"),
        Index("ix_award_closing_status", "status", "proposed_at"),
    )

    award_id: Mapped[UUID] = mapped_column(ForeignKey("award.id"))
    kind: Mapped[ClosingKind] = mapped_column(enum_type(ClosingKind, name="kind"))

    award: Mapped[Award] = relationship(lazy="raise", viewonly=True)

    @property
    def business_id(self) -> UUID:
        """Whose award it is."""
        return self.award.business_id

    @property
    def business(self) -> Business:
        """The business of its award."""
        return self.award.business
