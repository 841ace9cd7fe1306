"""Rounds with their questions and criteria."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.db.base import Base, Identified, Versioned
from crm.db.states import Stateful
from crm.db.types import JsonType, MoneyType, UtcDateTime, WordsType, enum_type
from crm.directory.models import Asking, terms_checks
from crm.kernel.money import Money
from crm.programme.rounds.rules.timing import Standing, Window
from crm.programme.rounds.rules.weights import Weighed, percent_in_words
from crm.programme.rounds.workflow import Comparison, QuestionKind, RoundStatus, TieRule


class Round(Asking, Identified, Versioned, Stateful[RoundStatus], Base, start=RoundStatus.DRAFT):
    """One call of the programme. Its moments are instants; a dry run uses no live money and stands in no live total.

    ``threshold`` is the least total, in hundredths of a per cent, with which an application can be chosen;
    ``spread`` is how many points apart assessors may lie before their scores are moderated. What it asks of a business
    stands in its terms; ``declaration`` is what an applicant declares on submitting. ``least_words`` is how many words a
    score is given reasons in at least. While its criteria are open again, ``criteria_opened_at``, nobody can score.
    """

    __tablename__ = "programme_round"
    __table_args__ = (
        *terms_checks(),
        CheckConstraint("deadline_at > opens_at", name="deadline_after_opening"),
        CheckConstraint("assess_from >= deadline_at", name="assessed_after_deadline"),
        CheckConstraint("assess_until > assess_from", name="assessment_ends_later"),
        CheckConstraint("grace_minutes BETWEEN 0 AND 1440", name="grace_of_a_day"),
        CheckConstraint("threshold BETWEEN 0 AND 10000", name="threshold_is_percent"),
        CheckConstraint("spread >= 0", name="spread_not_negative"),
        CheckConstraint("assessors >= 2", name="two_assessors_at_least"),
        CheckConstraint("least_words >= 0", name="words_counted"),
        CheckConstraint(
            "(status = 'published') = (published_at IS NOT NULL)", name="published_at_if_published"
        ),
        Index("ix_programme_round_opens", "status", "opens_at"),
    )

    name: Mapped[str] = mapped_column(String(200), unique=True)
    about: Mapped[str] = mapped_column(Text)
    strands: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deadline_at: Mapped[datetime] = mapped_column(UtcDateTime)
    assess_from: Mapped[datetime] = mapped_column(UtcDateTime)
    assess_until: Mapped[datetime] = mapped_column(UtcDateTime)
    grace_minutes: Mapped[int] = mapped_column(default=0)
    is_dry_run: Mapped[bool] = mapped_column(default=False)
    threshold: Mapped[int] = mapped_column(default=0)
    spread: Mapped[int] = mapped_column(default=2)
    assessors: Mapped[int] = mapped_column(default=2)
    least_words: Mapped[int] = mapped_column(default=20)
    tie_rule: Mapped[TieRule] = mapped_column(enum_type(TieRule, name="tie_rule"), default=TieRule.WEIGHTIEST)
    declaration: Mapped[str] = mapped_column(Text)
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    prepared_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    criteria_opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    sections: Mapped[list[RoundSection]] = relationship(
        lazy="raise", viewonly=True, order_by="(RoundSection.position, RoundSection.id)"
    )
    criteria: Mapped[list[Criterion]] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="and_(Criterion.round_id == Round.id, Criterion.superseded_at.is_(None))",
        order_by="(Criterion.position, Criterion.id)",
    )
    checks: Mapped[list[RoundCheck]] = relationship(
        lazy="raise", viewonly=True, order_by="(RoundCheck.position, RoundCheck.id)"
    )

    @property
    def questions(self) -> list[RoundQuestion]:
        """Every question, as they are asked."""
        return [question for section in self.sections for question in section.questions]

    @property
    def window(self) -> Window:
        """When applications are taken."""
        return Window(self.opens_at, self.deadline_at, timedelta(minutes=self.grace_minutes))

    def assessing_at(self, moment: datetime) -> Standing:
        """Whether assessing is still to come at a moment, under way, or over."""
        return Window(self.assess_from, self.assess_until).standing(moment)


class RoundSection(Identified, Versioned, Base):
    """A page of questions. ``position`` is where it stands among the others, from 1 (`service/placing.py`)."""

    __tablename__ = "round_section"
    __table_args__ = (Index("ix_round_section_round", "round_id", "position"),)

    round_id: Mapped[UUID] = mapped_column(ForeignKey("programme_round.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    hint: Mapped[str] = mapped_column(Text, default="")

    round: Mapped[Round] = relationship(lazy="raise", viewonly=True)
    questions: Mapped[list[RoundQuestion]] = relationship(
        lazy="raise",
        viewonly=True,
        foreign_keys="RoundQuestion.section_id",
        order_by="(RoundQuestion.position, RoundQuestion.id)",
    )


class RoundQuestion(Identified, Versioned, Base):
    """One question, asked always or only if another was answered with ``asked_if``.

    ``known_as`` names what the business may have told already, to be confirmed rather than typed. Of one question of a
    round the answer is the sum that is asked for: ``is_sum_asked``; of another, the part of it that is for capital:
    ``is_capital_asked``. A day can have to be today or later: ``is_ahead``.
    """

    __tablename__ = "round_question"
    __table_args__ = (
        CheckConstraint("(kind = 'choice') = (choices <> '')", name="choices_to_choose_from"),
        CheckConstraint("(kind = 'long_text') = (most_words IS NOT NULL)", name="words_of_a_long_text"),
        CheckConstraint("most_words > 0", name="words_counted"),
        CheckConstraint("(asked_if_id IS NULL) = (asked_if = '')", name="asked_if_whole"),
        CheckConstraint("asked_if_id <> id", name="asked_if_of_another"),
        CheckConstraint("NOT is_sum_asked OR kind = 'money'", name="sum_asked_is_money"),
        CheckConstraint("NOT is_capital_asked OR kind = 'money'", name="capital_asked_is_money"),
        CheckConstraint("NOT is_ahead OR kind = 'date'", name="ahead_is_day"),
        Index("ix_round_question_section", "section_id", "position"),
    )

    section_id: Mapped[UUID] = mapped_column(ForeignKey("round_section.id"))
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(500))
    hint: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[QuestionKind] = mapped_column(enum_type(QuestionKind, name="kind"))
    is_needed: Mapped[bool] = mapped_column(default=True)
    most_words: Mapped[int | None]
    choices: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    asked_if_id: Mapped[UUID | None] = mapped_column(ForeignKey("round_question.id"))
    asked_if: Mapped[str] = mapped_column(String(200), default="")
    known_as: Mapped[str] = mapped_column(String(40), default="")
    is_sum_asked: Mapped[bool] = mapped_column(default=False)
    is_capital_asked: Mapped[bool] = mapped_column(default=False)
    is_ahead: Mapped[bool] = mapped_column(default=False)

    section: Mapped[RoundSection] = relationship(lazy="raise", viewonly=True, foreign_keys=[section_id])

    @property
    def round(self) -> Round:
        """The round that asks it. Its section must be loaded."""
        return self.section.round


class RoundCheck(Identified, Base):
    """How one sum or number has to stand to another, or to a fixed sum: "at most 50% of the total cost".

    ``percent`` is in hundredths; ``fixed`` is the sum where the other is no question.
    """

    __tablename__ = "round_check"
    __table_args__ = (
        CheckConstraint("percent BETWEEN 1 AND 100000", name="percent_in_bounds"),
        CheckConstraint("(right_id IS NULL) <> (fixed IS NULL)", name="one_thing_to_compare_with"),
        CheckConstraint("left_id <> right_id", name="with_another"),
        Index("ix_round_check_round", "round_id", "position"),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("programme_round.id"))
    position: Mapped[int]
    left_id: Mapped[UUID] = mapped_column(ForeignKey("round_question.id"))
    comparison: Mapped[Comparison] = mapped_column(enum_type(Comparison, name="comparison"))
    percent: Mapped[int] = mapped_column(default=10_000)
    right_id: Mapped[UUID | None] = mapped_column(ForeignKey("round_question.id"))
    fixed: Mapped[Money | None] = mapped_column(MoneyType)
    words: Mapped[str] = mapped_column(String(500))

    round: Mapped[Round] = relationship(lazy="raise", viewonly=True)


class Criterion(Identified, Versioned, Base):
    """What applications are judged by: its ``weight`` in hundredths of a per cent, its parts, each scored from 0 on.

    ``least`` is the score, in hundredths of a point, that the mean of its parts must reach, where it is a must. ``reads``
    are the ids of the questions whose answers it judges, or none for all of them.
    """

    __tablename__ = "criterion"
    __table_args__ = (
        CheckConstraint("weight BETWEEN 1 AND 10000", name="weight_is_percent"),
        CheckConstraint("highest BETWEEN 1 AND 100", name="highest_in_bounds"),
        CheckConstraint("least IS NULL OR least BETWEEN 1 AND highest * 100", name="least_within_scale"),
        CheckConstraint("parts <> ''", name="has_parts"),
        Index("ix_criterion_round", "round_id", "position"),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("programme_round.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    weight: Mapped[int]
    parts: Mapped[tuple[str, ...]] = mapped_column(WordsType)
    highest: Mapped[int] = mapped_column(server_default=text("5"))
    least: Mapped[int | None]
    anchors: Mapped[str] = mapped_column(Text, default="")
    reads: Mapped[list[str]] = mapped_column(JsonType, default=list)
    superseded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    round: Mapped[Round] = relationship(lazy="raise", viewonly=True)

    @property
    def weighed(self) -> Weighed:
        """As it counts."""
        return Weighed(str(self.id), self.weight, self.parts, self.highest)

    @property
    def in_words(self) -> str:
        """What it counts, as applicants read it: "Value: 60%, with at least 2 of 5 points"."""
        least = (
            f", with at least {percent_in_words(self.least)} of {self.highest} points" if self.least else ""
        )
        return f"{self.title}: {percent_in_words(self.weight)}%{least}"
