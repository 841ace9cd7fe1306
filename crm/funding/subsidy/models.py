"""A subsidy that a business was, or is to be, given; and who belongs to one enterprise by a parent company."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.businesses.models import Business
from crm.db.base import Base, Identified, Versioned
from crm.db.states import Stateful
from crm.db.types import MoneyType, UtcDateTime, enum_type
from crm.funding.subsidy.rules import STATUSES, Gift, Regime, SubsidyKind
from crm.funding.subsidy.workflow import SubsidyStatus
from crm.kernel.money import Money


class Subsidy(Identified, Versioned, Stateful[SubsidyStatus], Base, start=SubsidyStatus.PREPARED):
    """One subsidy at its gross amount, or cash equivalent, on the day it is given (section 36(5) and (7))."""

    __tablename__ = "subsidy"
    __table_args__ = (
        Index("ix_subsidy_status", "status", "given_on"),
        Index("ix_subsidy_to_publish", "published_on", "publish_by"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint(
            "(kind = 'ours') = (status <> 'recorded') OR status = 'cancelled'", name="recorded_if_not_ours"
        ),
        CheckConstraint(
            "status NOT IN ('notified', 'confirmed', 'given', 'issued') OR notified_at IS NOT NULL",
            name="notified_first",
        ),
        CheckConstraint(
            "status NOT IN ('confirmed', 'given', 'issued') OR (confirmed_at IS NOT NULL AND confirmed_by <> '')",
            name="confirmed_before_given",
        ),
        CheckConstraint("(status = 'issued') = (issued_at IS NOT NULL)", name="issued_at_if_issued"),
        CheckConstraint("(status = 'cancelled') = (cancel_reason <> '')", name="cancelled_with_reason"),
        CheckConstraint("published_on IS NULL OR publish_by IS NOT NULL", name="published_if_due"),
        Index("ix_subsidy_business", "business_id", "given_on"),
        Index("ix_subsidy_about", "about_table", "about_id"),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    kind: Mapped[SubsidyKind] = mapped_column(enum_type(SubsidyKind, name="kind"))
    regime: Mapped[Regime] = mapped_column(enum_type(Regime, name="regime"))
    giver: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(String(300))
    amount: Mapped[Money] = mapped_column(MoneyType)
    given_on: Mapped[date]
    about_table: Mapped[str] = mapped_column(String(60), default="")
    about_id: Mapped[UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    notified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[str] = mapped_column(String(200), default="")
    issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    publish_by: Mapped[date | None]
    published_on: Mapped[date | None]
    reference: Mapped[str] = mapped_column(String(100), default="")
    cancel_reason: Mapped[str] = mapped_column(String(500), default="")

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
    recorded_by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)

    @property
    def status_label(self) -> str:
        """Where its papers stand, in words."""
        return STATUSES[self.status]

    @property
    def gift(self) -> Gift:
        """As the sums need it."""
        return Gift(self.given_on, self.amount)


class EnterpriseLink(Identified, Base):
    """That a business belongs to a parent company, who said so, and until when that was taken to be true."""

    __tablename__ = "enterprise_link"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= recorded_at", name="ended_later"),
        Index("ix_enterprise_link_business", "business_id"),
        Index("ix_enterprise_link_parent", "parent_number"),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    parent_number: Mapped[str] = mapped_column(String(8))
    source: Mapped[str] = mapped_column(String(300))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
