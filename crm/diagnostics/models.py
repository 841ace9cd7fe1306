"""Question sets by version, and the diagnoses made with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.businesses.models import Business
from crm.db.base import Base, Identified, Versioned
from crm.db.states import Stateful
from crm.db.types import JsonType, UtcDateTime, enum_type
from crm.diagnostics.workflow import AnsweredBy, DiagnosisStatus, Route

IS_OPEN = "status = 'open'"


class QuestionSet(Identified, Base):
    """One version of the questions of one kind. It never changes once it is kept: the next one is a new version."""

    __tablename__ = "question_set"
    __table_args__ = (
        CheckConstraint("version > 0", name="version_counted"),
        Index("uq_question_set_version", "name", "version", unique=True),
    )

    name: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JsonType)
    source: Mapped[str] = mapped_column(String(500))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Diagnosis(Identified, Versioned, Stateful[DiagnosisStatus], Base, start=DiagnosisStatus.OPEN):
    """The answers of one business to one question set, and what they came to.

    ``answers`` maps a question's key to what was chosen; a question that is not in it was not answered, which is
    unknown, not "no". ``needs`` (need → severity 1 to 3) and ``route`` stand once it is finished.
    """

    __tablename__ = "diagnosis"
    __table_args__ = (
        CheckConstraint("(status = 'finished') = (finished_at IS NOT NULL)", name="finished_at_if_finished"),
        CheckConstraint("(status = 'finished') = (route IS NOT NULL)", name="route_if_finished"),
        Index("ix_diagnosis_business", "business_id", "begun_at"),
        Index(
            "uq_diagnosis_open",
            "business_id",
            "question_set_id",
            unique=True,
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    question_set_id: Mapped[UUID] = mapped_column(ForeignKey("question_set.id"))
    answered_by: Mapped[AnsweredBy] = mapped_column(enum_type(AnsweredBy, name="answered_by"))
    answers: Mapped[dict[str, Any]] = mapped_column(JsonType, default=dict)
    needs: Mapped[dict[str, int]] = mapped_column(JsonType, default=dict)
    route: Mapped[Route | None] = mapped_column(enum_type(Route, name="route"))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    begun_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
    question_set: Mapped[QuestionSet] = relationship(lazy="raise", viewonly=True)
