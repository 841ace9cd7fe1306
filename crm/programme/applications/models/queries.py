"""What applicants are asked after they submitted, and which answers it is about."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.businesses.models import Business
from crm.db.base import Base, Identified, Versioned
from crm.db.states import Stateful
from crm.db.types import JsonType, UtcDateTime
from crm.programme.applications.models.applications import Application
from crm.programme.applications.workflow import QueryStatus
from crm.programme.rounds.models import Round


class ApplicantQuery(Identified, Versioned, Stateful[QueryStatus], Base, start=QueryStatus.OPEN):
    """A query to an applicant. As long as it is open, the answers that it names can be changed, and no others."""

    __tablename__ = "applicant_query"
    __table_args__ = (
        CheckConstraint("(status = 'answered') = (answered_at IS NOT NULL)", name="answered_at_if_answered"),
        Index("ix_applicant_query_application", "application_id", "asked_at"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    words: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reply: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    application: Mapped[Application] = relationship(lazy="raise", viewonly=True)
    questions: Mapped[list[QueriedQuestion]] = relationship(lazy="raise", viewonly=True)

    @property
    def round(self) -> Round:
        """The round that it belongs to. Its application must be loaded."""
        return self.application.round

    @property
    def business(self) -> Business:
        """Whom it is put to. Its application must be loaded."""
        return self.application.business


class QueriedQuestion(Identified, Base):
    """One question that a query is about, with the answer before and after."""

    __tablename__ = "queried_question"
    __table_args__ = (Index("uq_queried_question_once", "query_id", "question_id", unique=True),)

    query_id: Mapped[UUID] = mapped_column(ForeignKey("applicant_query.id"))
    question_id: Mapped[UUID] = mapped_column(ForeignKey("round_question.id"))
    before: Mapped[Any] = mapped_column(JsonType)
    after: Mapped[Any] = mapped_column(JsonType)
