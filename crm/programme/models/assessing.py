"""Around judging: who assesses for a round, their interests, what was moderated, and what applicants are asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.businesses.models import Business
from crm.db.base import Base, Identified
from crm.db.types import JsonType, UtcDateTime, WordsType, enum_type
from crm.programme.models.applications import Application
from crm.programme.models.rounds import Round
from crm.programme.workflow import QueryStatus


class RoundAssessor(Identified, Base):
    """That somebody assesses for a round: what they know, and how many applications they can have at most."""

    __tablename__ = "round_assessor"
    __table_args__ = (
        CheckConstraint("most BETWEEN 1 AND 1000", name="most_counted"),
        Index("uq_round_assessor_once", "round_id", "account_id", unique=True),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("programme_round.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    knows: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    most: Mapped[int] = mapped_column(default=20)

    account: Mapped[Account] = relationship(lazy="raise", viewonly=True)
    round: Mapped[Round] = relationship(lazy="raise", viewonly=True)


class Interest(Identified, Base):
    """What an assessor says they have an interest in: a company by its number, or a business by its name."""

    __tablename__ = "interest"
    __table_args__ = (
        CheckConstraint("company_number IS NOT NULL OR business_id IS NOT NULL", name="in_something"),
        CheckConstraint("words <> ''", name="said_how"),
        Index("ix_interest_account", "account_id", "ended_at"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    company_number: Mapped[str | None] = mapped_column(String(8))
    business_id: Mapped[UUID | None] = mapped_column(ForeignKey("business.id"))
    words: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    business: Mapped[Business | None] = relationship(lazy="raise", viewonly=True)


class Moderation(Identified, Base):
    """The score that stands for a part in the place of the assessors' mean, and why. Theirs stay as they are."""

    __tablename__ = "moderation"
    __table_args__ = (
        CheckConstraint("value >= 0", name="value_not_negative"),
        CheckConstraint("reason <> ''", name="with_reason"),
        Index("uq_moderation_once", "application_id", "criterion_id", "part", unique=True),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    criterion_id: Mapped[UUID] = mapped_column(ForeignKey("criterion.id"))
    part: Mapped[str] = mapped_column(String(200))
    value: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    moderated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    moderated_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    moderated_by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)


class ApplicantQuery(Identified, Base):
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
    _status: Mapped[QueryStatus] = mapped_column(
        "status", enum_type(QueryStatus, name="status"), default=QueryStatus.OPEN
    )
    reply: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    application: Mapped[Application] = relationship(lazy="raise", viewonly=True)
    questions: Mapped[list[QueriedQuestion]] = relationship(lazy="raise", viewonly=True)

    @property
    def status(self) -> QueryStatus:
        """Where it stands."""
        return self._status

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
