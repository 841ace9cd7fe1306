"""Strategic decisions with what was known then, what was added later, and the reminders that were sent."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.businesses.models import Business
from crm.db.base import Base, Identified
from crm.db.types import JsonType, UtcDateTime, enum_type
from crm.ip.decisions.rules import Later, next_review
from crm.ip.decisions.workflow import EntryKind


class StrategicDecision(Identified, Base):
    """A decision as it was taken. ``known`` is what the record knew of the business at that moment, in words.

    A row is never changed and never removed (a trigger says so): what turns out later is added beside it.
    """

    __tablename__ = "strategic_decision"
    __table_args__ = (
        CheckConstraint("question <> '' AND decided <> '' AND decided_by <> ''", name="in_words"),
        CheckConstraint("review_on > decided_on", name="reviewed_later"),
        Index("ix_strategic_decision_business", "business_id", "decided_on"),
        Index("ix_strategic_decision_newest", "at", "id"),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    question: Mapped[str] = mapped_column(String(300))
    options: Mapped[list[str]] = mapped_column(JsonType)
    decided: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(String(200))
    decided_on: Mapped[date]
    review_on: Mapped[date]
    known: Mapped[list[dict[str, Any]]] = mapped_column(JsonType)
    known_besides: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
    entries: Mapped[list[DecisionEntry]] = relationship(
        lazy="raise", viewonly=True, order_by="(DecisionEntry.at, DecisionEntry.id)"
    )

    @property
    def later(self) -> list[Later]:
        """What was added to it, as the rules read it."""
        return [Later(each.kind is EntryKind.OUTCOME, each.review_on) for each in self.entries]

    @property
    def next_review(self) -> date | None:
        """When it is looked at again; None once it is settled. Its entries must be loaded."""
        return next_review(self.review_on, self.later)


class DecisionEntry(Identified, Base):
    """What became of a decision, or what was recorded wrongly: added, and never changed."""

    __tablename__ = "strategic_decision_entry"
    __table_args__ = (
        CheckConstraint("words <> ''", name="in_words"),
        CheckConstraint("kind = 'outcome' OR review_on IS NULL", name="review_of_an_outcome"),
        Index("ix_strategic_decision_entry", "decision_id", "at"),
    )

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("strategic_decision.id"))
    kind: Mapped[EntryKind] = mapped_column(enum_type(EntryKind, name="kind"))
    words: Mapped[str] = mapped_column(Text)
    review_on: Mapped[date | None]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    decision: Mapped[StrategicDecision] = relationship(lazy="raise", viewonly=True)


class DecisionReminder(Identified, Base):
    """That a review was reminded of: once for each review day."""

    __tablename__ = "strategic_decision_reminder"
    __table_args__ = (Index("uq_strategic_decision_reminder_once", "decision_id", "review_on", unique=True),)

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("strategic_decision.id"))
    review_on: Mapped[date]
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
