"""What help came to, with its definitions and baselines; and the finance that businesses seek."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.businesses.models import Business
from crm.db.base import Base, Identified, Versioned, one_where
from crm.db.states import Stateful
from crm.db.types import MoneyType, UtcDateTime, enum_type
from crm.directory.models import Service
from crm.evidence.workflow import (
    AskStatus,
    Cause,
    CrossingStatus,
    Instrument,
    Medium,
    Occasion,
    OutputStatus,
    Unit,
    UnmetReason,
)
from crm.kernel.money import Money


class Ask(Identified, Versioned, Stateful[AskStatus], Base, start=AskStatus.OPEN):
    """A sum that a business seeks. Its amount may be unknown; an unmet one keeps its reason, and says what part was found."""

    __tablename__ = "ask"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("(status = 'unmet') = (unmet_reason IS NOT NULL)", name="unmet_with_reason"),
        CheckConstraint("status <> 'met' OR met_by IS NOT NULL", name="met_by_somebody"),
        CheckConstraint("(status = 'open') = (settled_on IS NULL)", name="settled_if_not_open"),
        Index("ix_ask_business", "business_id", "asked_on"),
        Index("ix_ask_status", "status", "asked_on"),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    amount: Mapped[Money | None] = mapped_column(MoneyType)
    instrument: Mapped[Instrument] = mapped_column(enum_type(Instrument, name="instrument"))
    purpose: Mapped[str] = mapped_column(Text)
    medium: Mapped[Medium] = mapped_column(enum_type(Medium, name="medium"))
    stage: Mapped[str | None] = mapped_column(String(40))
    asked_on: Mapped[date]
    settled_on: Mapped[date | None]
    met_by: Mapped[str | None] = mapped_column(String(200))
    met_amount: Mapped[Money | None] = mapped_column(MoneyType)
    unmet_reason: Mapped[UnmetReason | None] = mapped_column(enum_type(UnmetReason, name="unmet_reason"))
    unmet_note: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(60))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)

    @property
    def standing(self) -> str:
        """The status as pages say it: one of which a part was found is neither found nor not found."""
        is_part = self.status is AskStatus.UNMET and self.met_amount is not None
        return "part" if is_part else str(self.status)

    @property
    def missing(self) -> Money | None:
        """What was not found of one that is not met, or only in part; None where the amount is not known."""
        if self.amount is None or self.met_amount is None:
            return self.amount
        return self.amount - self.met_amount


class Indicator(Identified, Base):
    """What can be counted, as it was defined from a day on. A later definition is another row."""

    __tablename__ = "indicator"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates_in_order"),
        Index("uq_indicator_code", "code", "valid_from", unique=True),
    )

    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    unit: Mapped[Unit] = mapped_column(enum_type(Unit, name="unit"))
    needs_baseline: Mapped[bool]
    definition: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(500))
    confidence: Mapped[str] = mapped_column(String(40))


class Baseline(Identified, Versioned, Base):
    """How many people a business employed before it was helped, in hundredths of a full-time equivalent."""

    __tablename__ = "baseline"
    __table_args__ = (CheckConstraint("fte_hundredths >= 0", name="fte_not_negative"),)

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"), unique=True)
    measured_on: Mapped[date]
    fte_hundredths: Mapped[int]
    source: Mapped[str] = mapped_column(String(200))

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)


class Output(Identified, Versioned, Stateful[OutputStatus], Base, start=OutputStatus.KEPT):
    """Something that help came to: once for each business, programme and indicator. ``amount`` is in hundredths."""

    __tablename__ = "output"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("status <> 'claimed' OR proof <> ''", name="claimed_with_proof"),
        CheckConstraint("(status = 'withdrawn') = (reason <> '')", name="withdrawn_with_reason"),
        Index("ix_output_business", "business_id", "happened_on"),
        one_where(
            "uq_output_once", "business_id", "programme", "indicator_code", where="status <> 'withdrawn'"
        ),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    programme: Mapped[str] = mapped_column(String(40))
    indicator_id: Mapped[UUID] = mapped_column(ForeignKey("indicator.id"))
    indicator_code: Mapped[str] = mapped_column(String(40))
    amount: Mapped[int]
    happened_on: Mapped[date]
    proof: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
    indicator: Mapped[Indicator] = relationship(lazy="raise", viewonly=True)


class ShutOut(Identified, Base):
    """That one rule of one offer excluded a business that asked, on a day. Rows are only added.

    ``needed`` and ``actual`` say in words what the rule asked on that day and what the business had; ``threshold`` and
    ``figure`` are the same as money, where the rule is about money. ``sector`` is the first of the business on that day.
    ``occasion`` is what the business was doing, and ``subject_id`` the check, enquiry, plan, referral or round. An older row
    of a check has none: that check names the row as its ``shut_out_id``.
    """

    __tablename__ = "shut_out"
    __table_args__ = (
        Index("ix_shut_out_rule", "rule", "at"),
        Index("ix_shut_out_business", "business_id", "at"),
        Index("ix_shut_out_newest", "at", "id"),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    offer: Mapped[str] = mapped_column(String(60))
    offer_name: Mapped[str] = mapped_column(String(200))
    rule: Mapped[str] = mapped_column(String(40))
    needed: Mapped[str] = mapped_column(String(200))
    actual: Mapped[str] = mapped_column(String(200))
    threshold: Mapped[Money | None] = mapped_column(MoneyType)
    figure: Mapped[Money | None] = mapped_column(MoneyType)
    wanted: Mapped[str] = mapped_column(String(60))
    sector: Mapped[str | None] = mapped_column(String(40))
    happened_on: Mapped[date]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    occasion: Mapped[Occasion] = mapped_column(
        enum_type(Occasion, name="occasion"), default=Occasion.COVER, server_default=Occasion.COVER
    )
    subject_id: Mapped[UUID | None]

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)


class Crossing(Identified, Versioned, Stateful[CrossingStatus], Base, start=CrossingStatus.WAITING):
    """That a business which a rule had shut out of a service can use it now, or may. Its adviser follows it up.

    ``was`` and ``is_now`` say in words how the rule read then and reads now; ``is_certain`` is whether nothing about the other
    rules is unknown. ``told_at`` is when the business was written to.
    """

    __tablename__ = "crossing"
    __table_args__ = (
        CheckConstraint(
            "(status = 'followed_up') = (followed_up_at IS NOT NULL)", name="followed_up_at_if_followed_up"
        ),
        CheckConstraint("status <> 'followed_up' OR note <> ''", name="followed_up_in_words"),
        CheckConstraint("told_at IS NULL OR is_certain", name="told_only_what_is_certain"),
        Index("ix_crossing_business", "business_id", "status"),
        Index("ix_crossing_waiting", "status", "found_at", "id"),
        one_where("uq_crossing_waiting", "business_id", "service_id", where="status = 'waiting'"),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    wanted: Mapped[str] = mapped_column(String(60))
    cause: Mapped[Cause] = mapped_column(enum_type(Cause, name="cause"))
    was: Mapped[str] = mapped_column(String(500))
    is_now: Mapped[str] = mapped_column(String(500))
    is_certain: Mapped[bool]
    shut_out_on: Mapped[date]
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    followed_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    followed_up_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(Text, default="")

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
    service: Mapped[Service] = relationship(lazy="raise", viewonly=True)

    @property
    def is_over(self) -> bool:
        """Whether it holds no longer, so that nobody has to follow it up: the system ended it, and ``note`` says why."""
        return self.followed_up_at is not None and self.followed_up_by_id is None
