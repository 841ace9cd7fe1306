"""The update that a company is asked for every quarter: words, headline figures, and a valuation that it states itself."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.angels.holdings.workflow import UpdateStatus
from crm.businesses.models import Business
from crm.db.base import Base, Identified, Versioned
from crm.db.states import Stateful
from crm.db.types import MoneyType, UtcDateTime
from crm.kernel.money import Money


class CompanyUpdate(Identified, Versioned, Stateful[UpdateStatus], Base, start=UpdateStatus.ASKED):
    """One quarter of one business. ``valuation`` is of the whole company, as it states it, with its day and basis."""

    __tablename__ = "company_update"
    __table_args__ = (
        CheckConstraint("(status = 'given') = (given_at IS NOT NULL)", name="given_at_if_given"),
        CheckConstraint("status <> 'given' OR words <> ''", name="given_in_words"),
        CheckConstraint("revenue >= 0 AND cash >= 0 AND people >= 0", name="figures_not_negative"),
        CheckConstraint(
            "(valuation IS NULL) = (valued_on IS NULL) AND (valuation IS NULL) = (valuation_basis = '')",
            name="valued_with_day_and_basis",
        ),
        CheckConstraint("valuation > 0", name="valuation_positive"),
        CheckConstraint(
            "shares_in_issue IS NULL OR (shares_in_issue > 0 AND valuation IS NOT NULL)",
            name="shares_counted",
        ),
        Index("uq_company_update_quarter", "business_id", "quarter_end", unique=True),
        Index("ix_company_update_status", "status", "due_on"),
        Index("ix_company_update_newest", "asked_at", "id"),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    quarter_end: Mapped[date]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date]
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    words: Mapped[str] = mapped_column(Text, default="")
    revenue: Mapped[Money | None] = mapped_column(MoneyType)
    cash: Mapped[Money | None] = mapped_column(MoneyType)
    people: Mapped[int | None]
    valuation: Mapped[Money | None] = mapped_column(MoneyType)
    shares_in_issue: Mapped[int | None] = mapped_column(BigInteger)
    valued_on: Mapped[date | None]
    valuation_basis: Mapped[str] = mapped_column(Text, default="")
    given_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    given_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
    given_by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)


class UpdateCorrection(Identified, Base):
    """What an update said before one correction of it, in full, and why it was corrected: never changed."""

    __tablename__ = "company_update_correction"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="corrected_with_reason"),
        Index("ix_company_update_correction_update", "update_id", "at"),
    )

    update_id: Mapped[UUID] = mapped_column(ForeignKey("company_update.id"))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    corrected_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    words: Mapped[str] = mapped_column(Text)
    revenue: Mapped[Money | None] = mapped_column(MoneyType)
    cash: Mapped[Money | None] = mapped_column(MoneyType)
    people: Mapped[int | None]
    valuation: Mapped[Money | None] = mapped_column(MoneyType)
    shares_in_issue: Mapped[int | None] = mapped_column(BigInteger)
    valued_on: Mapped[date | None]
    valuation_basis: Mapped[str] = mapped_column(Text, default="")

    corrected_by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)
