"""A period of membership: whose, from when to when, how it was paid for, and who says so."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.billing.rules import Period
from crm.billing.workflow import Way
from crm.db.base import Base, Identified, Versioned
from crm.db.types import MoneyType, UtcDateTime, enum_type
from crm.kernel.money import Money


class MembershipPeriod(Identified, Versioned, Base):
    """A membership from a first to a last day, both included. A period recorded by mistake is cancelled, not deleted."""

    __tablename__ = "membership_period"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("(way = 'waiver') = (amount = 0)", name="paid_or_waived"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("way <> 'waiver' OR reason <> ''", name="waived_with_reason"),
        CheckConstraint("recorded_by_id IS NULL OR recorded_by_id <> account_id", name="recorded_by_another"),
        CheckConstraint("(voided_at IS NULL) = (void_reason = '')", name="voided_with_reason"),
        Index("ix_membership_period_account", "account_id", "starts_on"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    way: Mapped[Way] = mapped_column(enum_type(Way, name="way"))
    amount: Mapped[Money] = mapped_column(MoneyType)
    reference: Mapped[str] = mapped_column(String(100), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    voided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    void_reason: Mapped[str] = mapped_column(String(500), default="")

    account: Mapped[Account] = relationship(lazy="raise", viewonly=True, foreign_keys=[account_id])
    recorded_by: Mapped[Account | None] = relationship(
        lazy="raise", viewonly=True, foreign_keys=[recorded_by_id]
    )

    @property
    def span(self) -> Period:
        """As the rules read it."""
        return Period(self.starts_on, self.ends_on)
