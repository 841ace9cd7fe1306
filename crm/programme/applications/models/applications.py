"""An application of a business to a round: what is answered, by whom, and when it was submitted."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.businesses.models import Business
from crm.db.base import Base, Identified, Versioned, one_where
from crm.db.states import Stateful
from crm.db.types import JsonType, MoneyType, UtcDateTime
from crm.documents.models import Document
from crm.kernel.money import Money
from crm.programme.applications.workflow import ApplicationStatus, ClearanceStatus
from crm.programme.rounds.models import Round, RoundSection
from crm.programme.rounds.rules.timing import Standing


class Application(Identified, Versioned, Stateful[ApplicationStatus], Base, start=ApplicationStatus.DRAFT):
    """One business's application to one round; a business has one that is not withdrawn at most.

    ``readings`` is how each rule read when it was begun. ``extended_until`` is the later deadline that this applicant
    was given. ``minutes_late`` are the minutes of grace that were used. ``asked_for`` is the sum sought, as submitted, and ``asked_capital`` the part of it for capital. From ``revealed_at`` on its assessors see each other's scores.
    """

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint(
            "status NOT IN ('submitted', 'assessed', 'ineligible') OR submitted_at IS NOT NULL",
            name="submitted_at_if_submitted",
        ),
        CheckConstraint(
            "(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_at_if_withdrawn"
        ),
        CheckConstraint("(extended_until IS NULL) = (extension_reason = '')", name="extended_with_reason"),
        CheckConstraint("status <> 'ineligible' OR ineligible_reason <> ''", name="ineligible_with_reason"),
        CheckConstraint("(status = 'assessed') = (assessed_at IS NOT NULL)", name="assessed_at_if_assessed"),
        CheckConstraint("minutes_late >= 0", name="minutes_counted"),
        one_where("uq_application_one_each", "round_id", "business_id", where="status <> 'withdrawn'"),
        Index("ix_application_round_begun", "round_id", "begun_at", "id"),
        Index("ix_application_business", "business_id", "begun_at"),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("programme_round.id"))
    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    begun_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    readings: Mapped[list[dict[str, Any]]] = mapped_column(JsonType)
    extended_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    extension_reason: Mapped[str] = mapped_column(Text, default="")
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    declared_by: Mapped[str] = mapped_column(String(200), default="")
    minutes_late: Mapped[int] = mapped_column(default=0)
    asked_for: Mapped[Money | None] = mapped_column(MoneyType)
    asked_capital: Mapped[Money | None] = mapped_column(MoneyType)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    ineligible_reason: Mapped[str] = mapped_column(Text, default="")
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    assessed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    assessed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    round: Mapped[Round] = relationship(lazy="raise", viewonly=True)
    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
    clearance: Mapped[Clearance | None] = relationship(lazy="raise", viewonly=True, uselist=False)
    begun_by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True, foreign_keys=[begun_by_id])
    submitted_by: Mapped[Account | None] = relationship(
        lazy="raise", viewonly=True, foreign_keys=[submitted_by_id]
    )

    @property
    def due_at(self) -> datetime:
        """Until when it can be submitted, grace apart: the round's deadline, or a later one of its own."""
        deadline = self.round.deadline_at
        return max(deadline, self.extended_until or deadline)

    def standing_at(self, moment: datetime) -> Standing:
        """How its round stands to it at a moment: open, in grace, or over."""
        return self.round.window.standing(moment, begun_at=self.begun_at, until=self.extended_until)

    @property
    def is_held_up(self) -> bool:
        """Whether an adviser has to say first that the business can apply. Its clearance must be loaded."""
        return self.clearance is not None and self.clearance.status is not ClearanceStatus.CLEARED


class Clearance(Identified, Versioned, Stateful[ClearanceStatus], Base, start=ClearanceStatus.WAITING):
    """What an adviser is asked: whether a business whose answers do not say so can apply."""

    __tablename__ = "clearance"
    __table_args__ = (
        CheckConstraint("(status = 'waiting') = (decided_at IS NULL)", name="decided_if_not_waiting"),
        CheckConstraint("status = 'waiting' OR reason <> ''", name="decided_with_reason"),
        Index("ix_clearance_status", "status", "asked_at"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), unique=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class SectionAnswers(Identified, Base):
    """One version of the answers to a section. Every save adds one: nobody writes over what somebody else wrote.

    ``answers`` holds, by the id of each question, what was answered: text as text, sums in pence, days as ISO dates.
    """

    __tablename__ = "section_answers"
    __table_args__ = (
        CheckConstraint("version > 0", name="version_from_one"),
        Index("uq_section_answers_version", "application_id", "section_id", "version", unique=True),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    section_id: Mapped[UUID] = mapped_column(ForeignKey("round_section.id"))
    version: Mapped[int]
    answers: Mapped[dict[str, Any]] = mapped_column(JsonType)
    is_finished: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    section: Mapped[RoundSection] = relationship(lazy="raise", viewonly=True)
    saved_by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)


class ApplicationFile(Identified, Base):
    """A file that answers a question."""

    __tablename__ = "application_file"
    __table_args__ = (Index("ix_application_file_application", "application_id", "question_id"),)

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    question_id: Mapped[UUID] = mapped_column(ForeignKey("round_question.id"))
    document_id: Mapped[UUID] = mapped_column(ForeignKey("document.id"), unique=True)

    document: Mapped[Document] = relationship(lazy="raise", viewonly=True)
