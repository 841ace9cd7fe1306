"""Assessing: who assesses for a round, their interests, their assessments with scores, and what was moderated."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.businesses.models import Business
from crm.db.base import Base, Identified, Versioned
from crm.db.states import Stateful
from crm.db.types import JsonType, UtcDateTime, WordsType, enum_type
from crm.programme.applications.models import Application
from crm.programme.assessing.workflow import AssessmentStatus, DeclineReason
from crm.programme.rounds.models import Criterion, Round


class RoundAssessor(Identified, Base):
    """That somebody assesses for a round: what they know, and how many applications they can have at most.

    ``reminded_at`` is when they were last reminded of what they have not submitted.
    """

    __tablename__ = "round_assessor"
    __table_args__ = (
        CheckConstraint("most BETWEEN 1 AND 1000", name="most_counted"),
        Index("uq_round_assessor_once", "round_id", "account_id", unique=True),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("programme_round.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    knows: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    most: Mapped[int] = mapped_column(default=20)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

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


class Moderation(Identified, Versioned, Base):
    """The score that stands for a part in the place of the assessors' mean, and why. Theirs stay as they are.

    ``judged`` are the scores that it was made on, added up. It counts only while the part's scores are still these.
    """

    __tablename__ = "moderation"
    __table_args__ = (
        Index("ix_moderation_person", "moderated_by_id"),
        CheckConstraint("value >= 0", name="value_not_negative"),
        CheckConstraint("reason <> ''", name="with_reason"),
        Index("uq_moderation_once", "application_id", "criterion_id", "part", unique=True),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    criterion_id: Mapped[UUID] = mapped_column(ForeignKey("criterion.id"))
    part: Mapped[str] = mapped_column(String(200))
    value: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    judged: Mapped[str] = mapped_column(String(60), default="")
    moderated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    moderated_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    moderated_by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)


class Assessment(Identified, Versioned, Stateful[AssessmentStatus], Base, start=AssessmentStatus.ALLOCATED):
    """One assessor's judgement of one application. Only what was submitted counts.

    ``override_reason`` is why a lead gave it to somebody who helped the business lately. ``extended_until`` is the later
    end that a lead gave with ``extension_reason``.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint(
            "status <> 'submitted' OR submitted_at IS NOT NULL", name="submitted_at_if_submitted"
        ),
        CheckConstraint("(status = 'declined') = (declined_for IS NOT NULL)", name="declined_for_something"),
        CheckConstraint("(extended_until IS NULL) = (extension_reason = '')", name="extended_with_reason"),
        Index("uq_assessment_once", "application_id", "assessor_id", unique=True),
        Index("ix_assessment_assessor", "assessor_id", "status"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    assessor_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    allocated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    allocated_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    override_reason: Mapped[str] = mapped_column(Text, default="")
    declined_for: Mapped[DeclineReason | None] = mapped_column(enum_type(DeclineReason, name="declined_for"))
    declined_words: Mapped[str] = mapped_column(Text, default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    extended_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    extension_reason: Mapped[str] = mapped_column(Text, default="")

    application: Mapped[Application] = relationship(lazy="raise", viewonly=True)
    assessor: Mapped[Account] = relationship(lazy="raise", viewonly=True, foreign_keys=[assessor_id])
    scores: Mapped[list[Score]] = relationship(lazy="raise", viewonly=True)

    @property
    def due_at(self) -> datetime:
        """Until when it can be submitted: the end of assessing, or a later moment that the lead gave."""
        return max(self.round.assess_until, self.extended_until or self.round.assess_until)

    @property
    def round(self) -> Round:
        """The round that it belongs to. Its application must be loaded."""
        return self.application.round

    @property
    def business(self) -> Business:
        """Whose application it judges. It must be loaded."""
        return self.application.business


class Score(Identified, Base):
    """What an assessor gives one part of a criterion, and why. One that is ``is_stale`` was given to an older answer."""

    __tablename__ = "score"
    __table_args__ = (
        CheckConstraint("value >= 0", name="value_not_negative"),
        Index("uq_score_once", "assessment_id", "criterion_id", "part", unique=True),
        Index("ix_score_criterion", "criterion_id"),
    )

    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"))
    criterion_id: Mapped[UUID] = mapped_column(ForeignKey("criterion.id"))
    part: Mapped[str] = mapped_column(String(200))
    value: Mapped[int]
    rationale: Mapped[str] = mapped_column(Text)
    is_stale: Mapped[bool] = mapped_column(default=False)

    criterion: Mapped[Criterion] = relationship(lazy="raise", viewonly=True)


class AssessmentVersion(Identified, Base):
    """An assessment as it was submitted, for ever; and, where it was returned, when, by whom and why.

    ``scores`` holds for each part its criterion's title, the score, the highest score and the reasons. ``total`` is what
    the application came to, in words, when this was returned.
    """

    __tablename__ = "assessment_version"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_from_one"),
        CheckConstraint("(returned_at IS NULL) = (return_reason = '')", name="returned_with_reason"),
        Index("uq_assessment_version_number", "assessment_id", "number", unique=True),
    )

    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"))
    number: Mapped[int]
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    scores: Mapped[list[dict[str, Any]]] = mapped_column(JsonType)
    comment: Mapped[str] = mapped_column(Text, default="")
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    return_reason: Mapped[str] = mapped_column(Text, default="")
    total: Mapped[str] = mapped_column(String(100), default="")

    returned_by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)
