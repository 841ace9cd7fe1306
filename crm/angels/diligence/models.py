"""What an introduced investor asks of a business, and what it answered: one answer can serve several questions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.angels.diligence.workflow import ItemStatus, Sharing
from crm.angels.introductions.models import Introduction
from crm.angels.pitches.models import Pitch
from crm.db.base import Base, Identified, Versioned, one_where
from crm.db.states import Stateful
from crm.db.types import UtcDateTime, enum_type

ANSWER_TABLE = "diligence_answer"


class DiligenceAnswer(Identified, Versioned, Base):
    """One answer of a business, with the question it was written for; its files are documents about it.

    It stays as it was given: another answer is another row. One that was withdrawn is read by its business alone.
    """

    __tablename__ = ANSWER_TABLE
    __table_args__ = (
        CheckConstraint("question <> ''", name="question_there"),
        Index("ix_diligence_answer_pitch", "pitch_id", "made_at"),
    )

    pitch_id: Mapped[UUID] = mapped_column(ForeignKey("pitch.id"))
    question: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text, default="")
    sharing: Mapped[Sharing] = mapped_column(enum_type(Sharing, name="sharing"))
    with_syndicate: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    made_by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)


class DiligenceItem(Identified, Versioned, Stateful[ItemStatus], Base, start=ItemStatus.ASKED):
    """One question of one investor, asked under their introduction. ``kind`` is the code of a usual item, or empty.

    ``nudge_on`` and ``task_on`` are the working days on which the business is reminded and the network's manager is asked to
    help. ``told_at`` is when the investor was written to about what became of it. ``ended_at`` is when it could no longer be
    answered or read, ``closed_for`` why the network closed it, where it was the network.
    """

    __tablename__ = "diligence_item"
    __table_args__ = (
        CheckConstraint("question <> ''", name="question_there"),
        CheckConstraint("status <> 'answered' OR answer_id IS NOT NULL", name="answered_with_answer"),
        CheckConstraint("status <> 'asked' OR answer_id IS NULL", name="asked_without_answer"),
        CheckConstraint("status <> 'unavailable' OR reason <> ''", name="unavailable_with_reason"),
        CheckConstraint(
            "(status IN ('withdrawn', 'ended')) = (ended_at IS NOT NULL)", name="ended_at_if_over"
        ),
        CheckConstraint("nudge_on < task_on", name="days_in_order"),
        one_where(
            "uq_diligence_item_live",
            "introduction_id",
            "kind",
            where="kind <> '' AND status IN ('asked', 'answered', 'unavailable')",
        ),
        Index("ix_diligence_item_introduction", "introduction_id", "asked_at"),
        Index("ix_diligence_item_status", "status", "nudge_on"),
        Index("ix_diligence_item_newest", "asked_at", "id"),
        Index("ix_diligence_item_answer", "answer_id"),
    )

    introduction_id: Mapped[UUID] = mapped_column(ForeignKey("introduction.id"))
    kind: Mapped[str] = mapped_column(String(40), default="")
    question: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    nudge_on: Mapped[date]
    task_on: Mapped[date]
    nudged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_id: Mapped[UUID | None] = mapped_column(ForeignKey("diligence_answer.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_for: Mapped[str] = mapped_column(Text, default="")

    introduction: Mapped[Introduction] = relationship(lazy="raise", viewonly=True)
    answer: Mapped[DiligenceAnswer | None] = relationship(lazy="raise", viewonly=True)
    answered_by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)

    @property
    def was(self) -> ItemStatus:
        """What became of it: its state, and of one that was closed the state that it had before."""
        if self.status is not ItemStatus.ENDED:
            return self.status
        if self.answer_id is not None:
            return ItemStatus.ANSWERED
        return ItemStatus.UNAVAILABLE if self.reason else ItemStatus.ASKED

    @property
    def pitch(self) -> Pitch:
        """The pitch that it is about."""
        return self.introduction.pitch

    @property
    def account_id(self) -> UUID:
        """Who asked."""
        return self.introduction.account_id
