"""A pitch: what a business shows to those who may lawfully see it, in versions; how it was screened; what is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.angels.investors.workflow import Instrument
from crm.angels.pitches.rules.pitching import SHARES, Headroom, Limits, LimitsOfDay, headroom
from crm.angels.pitches.workflow import ClosedAs, PitchStatus, Relief, Verdict
from crm.businesses.models import Business
from crm.db.base import Base, Identified, Versioned
from crm.db.states import Stateful
from crm.db.types import JsonType, MoneyType, UtcDateTime, WordsType, enum_type
from crm.evidence.workflow import UnmetReason
from crm.kernel.money import Money


class Pitch(Identified, Versioned, Stateful[PitchStatus], Base, start=PitchStatus.DRAFT):
    """One raise of a business. What is written here is what is shown while it is published; each version that was
    submitted for screening is stored. ``groups``, ``stage`` and ``leps`` are the business's own, as they were then.

    ``seis_raised`` and ``eis_raised`` are what it raised under the reliefs before, ``eis_year`` within twelve months.
    ``is_ni_trade`` is whether it trades in goods or electricity in Northern Ireland, where EIS has limits of its own.
    """

    __tablename__ = "pitch"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("min_ticket >= 0", name="ticket_not_negative"),
        CheckConstraint("min_ticket <= amount", name="ticket_within_amount"),
        CheckConstraint("seis_raised >= 0 AND eis_raised >= 0 AND eis_year >= 0", name="raised_not_negative"),
        CheckConstraint("number >= 0", name="number_not_negative"),
        CheckConstraint(
            "status NOT IN ('published', 'paused', 'closed') OR published_at IS NOT NULL",
            name="published_at_if_published",
        ),
        CheckConstraint(
            "status NOT IN ('published', 'paused') OR instrument IN ('equity', 'loan_note', 'convertible')",
            name="shown_if_cleared",
        ),
        CheckConstraint("status <> 'declined' OR declined_for IS NOT NULL", name="declined_with_reason"),
        CheckConstraint("(status = 'closed') = (closed_as IS NOT NULL)", name="closed_with_outcome"),
        CheckConstraint(
            "closed_as IS NULL OR closed_as = 'funded' OR declined_for IS NOT NULL", name="unmet_with_reason"
        ),
        CheckConstraint("(closed_as IN ('funded', 'part_funded')) = (raised > 0)", name="raised_if_funded"),
        CheckConstraint("raised <= amount", name="raised_within_amount"),
        Index("ix_pitch_business", "business_id", "begun_at"),
        Index("ix_pitch_published", "status", "published_at", "id"),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    number: Mapped[int] = mapped_column(default=0)
    headline: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(Text, default="")
    instrument: Mapped[Instrument] = mapped_column(enum_type(Instrument, name="instrument"))
    amount: Mapped[Money] = mapped_column(MoneyType)
    min_ticket: Mapped[Money] = mapped_column(MoneyType, default=Money(0))
    terms: Mapped[str] = mapped_column(Text, default="")
    use_of_funds: Mapped[str] = mapped_column(Text, default="")
    team: Mapped[str] = mapped_column(Text, default="")
    market: Mapped[str] = mapped_column(Text, default="")
    slate: Mapped[str] = mapped_column(Text, default="")
    video_url: Mapped[str] = mapped_column(String(300), default="")
    contact: Mapped[str] = mapped_column(String(254), default="")
    closes_on: Mapped[date | None]
    seis: Mapped[Relief] = mapped_column(enum_type(Relief, name="seis"), default=Relief.NO)
    eis: Mapped[Relief] = mapped_column(enum_type(Relief, name="eis"), default=Relief.NO)
    seis_raised: Mapped[Money] = mapped_column(MoneyType, default=Money(0))
    eis_raised: Mapped[Money] = mapped_column(MoneyType, default=Money(0))
    eis_year: Mapped[Money] = mapped_column(MoneyType, default=Money(0))
    is_ni_trade: Mapped[bool] = mapped_column(default=False)
    groups: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    stage: Mapped[str] = mapped_column(String(40), default="")
    leps: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    begun_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declined_for: Mapped[UnmetReason | None] = mapped_column(enum_type(UnmetReason, name="declined_for"))
    reason: Mapped[str] = mapped_column(Text, default="")
    closed_as: Mapped[ClosedAs | None] = mapped_column(enum_type(ClosedAs, name="closed_as"))
    raised: Mapped[Money] = mapped_column(MoneyType, default=Money(0))
    ask_id: Mapped[UUID | None] = mapped_column(ForeignKey("ask.id"))

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)

    def limits(self, day: LimitsOfDay) -> Limits:
        """Those of a day's limits that are its own."""
        return day.in_ni if self.is_ni_trade else day.usual

    def room(self, day: LimitsOfDay) -> Headroom:
        """How much of the raise could fall under each tax relief at the most: none where it is for no shares, and EIS comes
        after SEIS only where SEIS is sought.
        """
        is_sought, limits = self.instrument in SHARES, self.limits(day)
        return headroom(
            self.amount if is_sought else Money(0),
            limits if self.seis is not Relief.NO else replace(limits, seis_company=Money(0)),
            seis_raised=self.seis_raised,
            eis_raised=self.eis_raised,
            eis_year=self.eis_year,
        )

    def reliefs_within(self, day: LimitsOfDay) -> tuple[str, ...]:
        """The tax reliefs that it offers and under which some of it could fall."""
        room = self.room(day)
        left = {"SEIS": room.seis, "EIS": room.eis}
        return tuple(name for name in self.reliefs if left[name])

    @property
    def reliefs(self) -> tuple[str, ...]:
        """The tax reliefs that it offers: only shares can."""
        if self.instrument not in SHARES:
            return ()
        stated = {"SEIS": self.seis, "EIS": self.eis}
        return tuple(name for name, relief in stated.items() if relief is not Relief.NO)


class PitchVersion(Identified, Base):
    """What a pitch said, with the business's legal details and rights, when it was submitted for screening."""

    __tablename__ = "pitch_version"
    __table_args__ = (Index("uq_pitch_version_number", "pitch_id", "number", unique=True),)

    pitch_id: Mapped[UUID] = mapped_column(ForeignKey("pitch.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JsonType)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kept_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    pitch: Mapped[Pitch] = relationship(lazy="raise", viewonly=True)


class PitchReview(Identified, Base):
    """What one person who screens made of one version; or that they have an interest in it."""

    __tablename__ = "pitch_review"
    __table_args__ = (
        CheckConstraint("words <> ''", name="reviewed_with_reason"),
        Index("uq_pitch_review_once", "pitch_id", "number", "reviewer_id", unique=True),
    )

    pitch_id: Mapped[UUID] = mapped_column(ForeignKey("pitch.id"))
    number: Mapped[int]
    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    verdict: Mapped[Verdict] = mapped_column(enum_type(Verdict, name="verdict"))
    words: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    reviewer: Mapped[Account] = relationship(lazy="raise", viewonly=True)


class PitchMark(Identified, Base):
    """That an angel follows a pitch, and what they noted for themselves. Only they can see it."""

    __tablename__ = "pitch_mark"
    __table_args__ = (Index("uq_pitch_mark_once", "account_id", "pitch_id", unique=True),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    pitch_id: Mapped[UUID] = mapped_column(ForeignKey("pitch.id"))
    is_followed: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PitchQuestion(Identified, Versioned, Base):
    """What an angel asks a business about its pitch. Whose question it is, the business never learns from it."""

    __tablename__ = "pitch_question"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered_with_words"),
        CheckConstraint("question <> ''", name="question_there"),
        Index("ix_pitch_question_pitch", "pitch_id", "asked_at"),
        Index("ix_pitch_question_account", "account_id"),
    )

    pitch_id: Mapped[UUID] = mapped_column(ForeignKey("pitch.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    question: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")
    is_public: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    pitch: Mapped[Pitch] = relationship(lazy="raise", viewonly=True)


class SavedSearch(Identified, Base):
    """A search of an angel's own, by their own filters. With alerts, new pitches that it finds are told by email."""

    __tablename__ = "saved_search"
    __table_args__ = (
        Index("ix_saved_search_account", "account_id", "made_at"),
        Index("ix_saved_search_alerts", "has_alerts", "id"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(100))
    criteria: Mapped[dict[str, Any]] = mapped_column(JsonType)
    has_alerts: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    alerted_at: Mapped[datetime] = mapped_column(UtcDateTime)
