"""Question sets by version, and the diagnoses and readiness assessments made with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, column, exists, func, select, table
from sqlalchemy.orm import Mapped, column_property, declared_attr, mapped_column, relationship

from crm.accounts.models import Account
from crm.businesses.models import Business
from crm.db.base import Base, Identified, Versioned, one_where
from crm.db.states import Stateful
from crm.db.types import JsonType, UtcDateTime, enum_type
from crm.diagnostics.rules.readiness import UNSURE
from crm.diagnostics.workflow import AnsweredBy, DiagnosisStatus, ReadinessStatus, Route, SetStatus

IS_OPEN, IS_DRAFT, IS_PUBLISHED = "status = 'open'", "status = 'draft'", "status = 'published'"
IS_ANSWERING = "status = 'answering'"
NEXT, THEN = "\n", "\t"
"""Between the answers of an assessment told as one text, and between a question and its answer. Neither is in a key."""


class QuestionSet(Identified, Base):
    """One version of the questions of one kind. It never changes once it is kept: the next one is a new version."""

    __tablename__ = "question_set"
    __table_args__ = (
        CheckConstraint("version > 0", name="version_counted"),
        Index("uq_question_set_version", "name", "version", unique=True),
        {"info": {"numbered": "version"}},
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
        one_where("uq_diagnosis_open", "business_id", "question_set_id", where=IS_OPEN),
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
    finished_by: Mapped[Account | None] = relationship(
        lazy="raise", viewonly=True, foreign_keys=[finished_by_id]
    )


class Closable:
    """Whether a question set is asked today, read with a version of it."""

    @declared_attr
    def is_asked(cls) -> Mapped[bool]:  # noqa: N805 SQLAlchemy gives it the class
        """Whether a version of its set is asked today, this or another; only in queries that ask for it by ``undefer``."""
        other = table("readiness_set", column("name"), column("status")).alias()
        is_it = (other.c.name == cls.name, other.c.status == SetStatus.PUBLISHED.value)  # type: ignore[attr-defined]
        known = exists().select_from(other).where(*is_it).correlate_except(other)
        return column_property(known, deferred=True, raiseload=True, expire_on_flush=False)


class ReadinessSet(Closable, Identified, Versioned, Stateful[SetStatus], Base, start=SetStatus.DRAFT):
    """One version, by its ``number``, of a readiness question set. Only a draft is edited; one is published at a time.

    ``content`` is the set as `rules.readiness.read_set` reads it: areas, questions, bands, gates and providers.
    """

    __tablename__ = "readiness_set"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_counted"),
        CheckConstraint(
            "(status IN ('draft', 'discarded')) = (published_at IS NULL)", name="published_at_unless_draft"
        ),
        CheckConstraint("(status = 'retired') = (retired_at IS NOT NULL)", name="retired_at_if_retired"),
        Index("uq_readiness_set_number", "name", "number", unique=True),
        one_where("uq_readiness_set_draft", "name", where=IS_DRAFT),
        one_where("uq_readiness_set_published", "name", where=IS_PUBLISHED),
        {"info": {"numbered": "number"}},
    )

    name: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    content: Mapped[dict[str, Any]] = mapped_column(JsonType)
    source: Mapped[str] = mapped_column(String(500))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReadinessAnswer(Identified, Versioned, Base):
    """One answer of one assessment, a row of its own, so that two people who answer at once both keep theirs.

    ``value`` is an option of the question or "unsure"; None, in older answers, is unsure too.
    """

    __tablename__ = "readiness_answer"
    __table_args__ = (Index("uq_readiness_answer_question", "check_id", "question", unique=True),)

    check_id: Mapped[UUID] = mapped_column(ForeignKey("readiness_check.id"))
    question: Mapped[str] = mapped_column(String(40))
    value: Mapped[str | None] = mapped_column(String(40))
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)

    @property
    def chosen(self) -> str:
        """What was chosen."""
        return self.value or UNSURE


class Told:
    """What was answered in an assessment, read with the row itself instead of by another statement."""

    @declared_attr
    def told(cls) -> Mapped[str | None]:  # noqa: N805 SQLAlchemy gives it the class
        """Its answers as one text; only in queries that ask for it by ``undefer``."""
        one = ReadinessAnswer
        said = one.question + THEN + func.coalesce(one.value, "")
        rows = select(func.aggregate_strings(said, NEXT)).where(one.check_id == cls.id)  # type: ignore[attr-defined]
        rows = rows.correlate_except(one)
        return column_property(rows.scalar_subquery(), deferred=True, raiseload=True, expire_on_flush=False)


class ReadinessCheck(
    Told, Identified, Versioned, Stateful[ReadinessStatus], Base, start=ReadinessStatus.ANSWERING
):
    """A readiness assessment of one business under one version of a question set.

    ``answered_name`` is who at the business answered without an account, where somebody did. ``circumstances`` are what changes its questions and weights. Once finished, ``score`` and the values of ``areas`` are
    whole tenths of a point, 0 to 1000, and ``band`` is a band of the set; all can be worked out again from the answers.
    ``sector`` is the first creative sector of the business when it finished, by which similar ones are compared.
    """

    __tablename__ = "readiness_check"
    __table_args__ = (
        CheckConstraint("(status = 'finished') = (finished_at IS NOT NULL)", name="finished_at_if_finished"),
        CheckConstraint("(status = 'finished') = (score IS NOT NULL)", name="score_if_finished"),
        CheckConstraint("(status = 'finished') = (band IS NOT NULL)", name="band_if_finished"),
        CheckConstraint("score BETWEEN 0 AND 1000", name="score_in_tenths"),
        Index("ix_readiness_check_business", "business_id", "set_name", "begun_at"),
        Index("ix_readiness_check_begun_at_id", "begun_at", "id"),
        Index("ix_readiness_check_similar", "set_name", "sector", "business_id", "finished_at"),
        one_where("uq_readiness_check_answering", "business_id", "set_name", where=IS_ANSWERING),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    set_id: Mapped[UUID] = mapped_column(ForeignKey("readiness_set.id"))
    set_name: Mapped[str] = mapped_column(String(40))
    answered_by: Mapped[AnsweredBy] = mapped_column(enum_type(AnsweredBy, name="answered_by"))
    answered_name: Mapped[str] = mapped_column(String(200), default="")
    circumstances: Mapped[dict[str, Any]] = mapped_column(JsonType, default=dict)
    sector: Mapped[str | None] = mapped_column(String(40))
    score: Mapped[int | None]
    areas: Mapped[dict[str, int]] = mapped_column(JsonType, default=dict)
    band: Mapped[str | None] = mapped_column(String(40))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    begun_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
    question_set: Mapped[ReadinessSet] = relationship(lazy="raise", viewonly=True)
    answers: Mapped[list[ReadinessAnswer]] = relationship(lazy="raise", viewonly=True)

    @property
    def given(self) -> dict[str, str | None]:
        """Each answer by its question. Its answers must be loaded, or ``told``."""
        if "answers" in vars(self):
            return {each.question: each.chosen for each in self.answers}
        pairs = (each.split(THEN) for each in (self.told or "").split(NEXT) if each)
        return {question: value or UNSURE for question, value in pairs}
