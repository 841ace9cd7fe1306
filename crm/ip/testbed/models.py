"""Test-bed projects, their partners, spend and businesses, their lessons, and who agrees to be named in which text."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.businesses.models import Business
from crm.db.base import Base, Identified, Versioned, one_where
from crm.db.states import Stateful
from crm.db.types import MoneyType, UtcDateTime
from crm.directory.models import Provider
from crm.ip.testbed.rules.naming import Public
from crm.ip.testbed.rules.spending import Budget
from crm.ip.testbed.workflow import LessonStatus, NamingStatus, PartStatus, Stage
from crm.kernel.money import NO_MONEY, Money

NOT_REMOVED = "removed_at IS NULL"


class Project(Identified, Versioned, Stateful[Stage], Base, start=Stage.PROPOSED):
    """One question tried out with partners and businesses. ``spent`` is the sum of the spend that was not cancelled.

    ``may_publish`` says what of it may be published, as agreed with the partners. ``result`` and ``lessons`` are for staff.
    """

    __tablename__ = "test_bed_project"
    __table_args__ = (
        Index("ix_test_bed_project_status", "status", "ends_on"),
        CheckConstraint("title <> '' AND question <> '' AND hypothesis <> ''", name="in_words"),
        CheckConstraint("spent >= 0 AND spent <= budget", name="spend_within_budget"),
        CheckConstraint("ends_on >= starts_on", name="days_in_order"),
        CheckConstraint(
            "status <> 'finished' OR (result <> '' AND lessons <> '')", name="finished_with_result"
        ),
        CheckConstraint("(status = 'stopped') = (reason <> '')", name="stopped_with_reason"),
        CheckConstraint(
            "status IN ('proposed', 'stopped') OR may_publish <> ''", name="agreed_what_is_public"
        ),
        Index("ix_test_bed_project_newest", "proposed_at", "id"),
    )

    title: Mapped[str] = mapped_column(String(200))
    question: Mapped[str] = mapped_column(Text)
    hypothesis: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    budget: Mapped[Money] = mapped_column(MoneyType)
    spent: Mapped[Money] = mapped_column(MoneyType, default=NO_MONEY)
    may_publish: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[str] = mapped_column(Text, default="")
    lessons: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    lead_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    lead: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)
    partners: Mapped[list[ProjectPartner]] = relationship(
        lazy="raise",
        viewonly=True,
        order_by="(ProjectPartner.name, ProjectPartner.id)",
        primaryjoin="and_(ProjectPartner.project_id == Project.id, ProjectPartner.removed_at.is_(None))",
    )

    @property
    def money(self) -> Budget:
        """Its budget and what was spent of it."""
        return Budget(self.budget, self.spent)


class ProjectPartner(Identified, Base):
    """An organisation that carries a project: one of the directory, or another by its name."""

    __tablename__ = "test_bed_partner"
    __table_args__ = (
        CheckConstraint("name <> ''", name="named"),
        one_where("uq_test_bed_partner_once", "project_id", "name", where=NOT_REMOVED),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey("test_bed_project.id"))
    provider_id: Mapped[UUID | None] = mapped_column(ForeignKey("provider.id"))
    name: Mapped[str] = mapped_column(String(200))
    brings: Mapped[str] = mapped_column(String(300), default="")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    project: Mapped[Project] = relationship(lazy="raise", viewonly=True)
    provider: Mapped[Provider | None] = relationship(lazy="raise", viewonly=True)

    @property
    def stands_on(self) -> Project:
        """On whose page it is shown."""
        return self.project


class ProjectSpend(Identified, Base):
    """A sum that was spent on a project, in whole pence. One that was recorded wrongly is cancelled with the reason."""

    __tablename__ = "test_bed_spend"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("what <> ''", name="in_words"),
        CheckConstraint("(cancelled_at IS NULL) = (reason = '')", name="cancelled_with_reason"),
        Index("ix_test_bed_spend_project", "project_id", "spent_on"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey("test_bed_project.id"))
    spent_on: Mapped[date]
    what: Mapped[str] = mapped_column(String(300))
    amount: Mapped[Money] = mapped_column(MoneyType)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(500), default="")

    project: Mapped[Project] = relationship(lazy="raise", viewonly=True)

    @property
    def stands_on(self) -> Project:
        """On whose page it is shown."""
        return self.project


class ProjectPart(Identified, Versioned, Stateful[PartStatus], Base, start=PartStatus.INVITED):
    """A business's part in a project: what it would do there, and whether it agreed. ``answered_by_id`` is who said so."""

    __tablename__ = "test_bed_part"
    __table_args__ = (
        CheckConstraint("does <> ''", name="in_words"),
        CheckConstraint(
            "(status IN ('invited', 'cancelled')) = (answered_at IS NULL)", name="answered_unless_invited"
        ),
        Index("uq_test_bed_part_once", "project_id", "business_id", unique=True),
        Index("ix_test_bed_part_business", "business_id", "invited_at"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey("test_bed_project.id"))
    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    does: Mapped[str] = mapped_column(Text)
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    project: Mapped[Project] = relationship(lazy="raise", viewonly=True)
    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)


class Lesson(Identified, Versioned, Stateful[LessonStatus], Base, start=LessonStatus.DRAFT):
    """What a project teaches others, as it is published. ``reason`` says why it was sent back or taken back.

    Once published, ``question``, ``tried_from``, ``tried_to`` and ``partners`` are what was approved of the project:
    what changes there afterwards changes nothing here.
    """

    __tablename__ = "test_bed_lesson"
    __table_args__ = (
        Index("ix_test_bed_lesson_status", "status", "written_at"),
        CheckConstraint("title <> '' AND text <> ''", name="in_words"),
        CheckConstraint(
            "published_by_id IS NULL OR written_by_id IS NULL OR published_by_id <> written_by_id",
            name="published_by_another",
        ),
        CheckConstraint(
            "(status IN ('published', 'taken_back')) = (published_at IS NOT NULL)", name="published_at"
        ),
        CheckConstraint("(status = 'taken_back') = (taken_back_at IS NOT NULL)", name="taken_back_at"),
        CheckConstraint("status <> 'taken_back' OR reason <> ''", name="taken_back_with_reason"),
        CheckConstraint(
            "(published_at IS NULL) = (question IS NULL) AND (question IS NULL) = (tried_from IS NULL) "
            "AND (question IS NULL) = (tried_to IS NULL) AND (question IS NULL) = (partners IS NULL)",
            name="published_as_approved",
        ),
        Index("ix_test_bed_lesson_published", "published_at", "id"),
        Index("ix_test_bed_lesson_project", "project_id", "written_at"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey("test_bed_project.id"))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    written_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(500), default="")
    question: Mapped[str | None] = mapped_column(Text)
    tried_from: Mapped[date | None]
    tried_to: Mapped[date | None]
    partners: Mapped[str | None] = mapped_column(Text)

    project: Mapped[Project] = relationship(lazy="raise", viewonly=True)
    written_by: Mapped[Account | None] = relationship(
        lazy="raise", viewonly=True, foreign_keys="Lesson.written_by_id"
    )
    published_by: Mapped[Account | None] = relationship(
        lazy="raise", viewonly=True, foreign_keys="Lesson.published_by_id"
    )
    namings: Mapped[list[Naming]] = relationship(
        lazy="raise", viewonly=True, order_by="(Naming.asked_at, Naming.id)"
    )

    @property
    def public(self) -> Public:
        """What anyone can read: as it was approved, or, before that, as it would be published now."""
        found = self.project
        return Public(
            self.title,
            self.text,
            self.question or found.question,
            self.tried_from or found.starts_on,
            self.tried_to or found.ends_on,
            ", ".join(each.name for each in found.partners) if self.partners is None else self.partners,
        )


class Naming(Identified, Versioned, Stateful[NamingStatus], Base, start=NamingStatus.ASKED):
    """What a business says about being named in a lesson. ``mark`` is that of the text which it was shown."""

    __tablename__ = "test_bed_naming"
    __table_args__ = (
        CheckConstraint("(status = 'asked') = (answered_at IS NULL)", name="answered_unless_asked"),
        Index("uq_test_bed_naming_once", "lesson_id", "part_id", unique=True),
        Index("ix_test_bed_naming_part", "part_id"),
    )

    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("test_bed_lesson.id"))
    part_id: Mapped[UUID] = mapped_column(ForeignKey("test_bed_part.id"))
    mark: Mapped[str] = mapped_column(String(32))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    lesson: Mapped[Lesson] = relationship(lazy="raise", viewonly=True)
    part: Mapped[ProjectPart] = relationship(lazy="raise", viewonly=True)

    @property
    def business(self) -> Business:
        """Whose name it is about, for the policy."""
        return self.part.business
