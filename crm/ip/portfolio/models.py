"""Incomes of a business, each with what it turns over in a year, and the rights that protect them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.businesses.models import Business
from crm.db.base import Base, Identified, Versioned, one_where
from crm.db.types import MoneyType, UtcDateTime
from crm.kernel.money import Money
from crm.rights.models import Right

NOT_REMOVED = "removed_at IS NULL"


class IncomeLine(Identified, Versioned, Base):
    """A product or another income of a business. ``turnover`` is a year's."""

    __tablename__ = "income_line"
    __table_args__ = (
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint("turnover > 0", name="turnover_positive"),
        one_where("uq_income_line_name", "business_id", "name", where=NOT_REMOVED),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    name: Mapped[str] = mapped_column(String(120))
    turnover: Mapped[Money] = mapped_column(MoneyType)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
    protections: Mapped[list[IncomeProtection]] = relationship(
        lazy="raise",
        viewonly=True,
        order_by="(IncomeProtection.added_at, IncomeProtection.id)",
        primaryjoin="and_(IncomeProtection.line_id == IncomeLine.id, IncomeProtection.removed_at.is_(None))",
    )


class IncomeProtection(Identified, Base):
    """That a right protects an income: ``share`` of it, in whole per cent, and which part in words."""

    __tablename__ = "income_protection"
    __table_args__ = (
        CheckConstraint("share BETWEEN 1 AND 100", name="share_is_percent"),
        one_where("uq_income_protection_once", "line_id", "right_id", where=NOT_REMOVED),
        Index("ix_income_protection_right", "right_id"),
    )

    line_id: Mapped[UUID] = mapped_column(ForeignKey("income_line.id"))
    right_id: Mapped[UUID] = mapped_column(ForeignKey("ip_right.id"))
    share: Mapped[int]
    part: Mapped[str] = mapped_column(String(200), default="")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    line: Mapped[IncomeLine] = relationship(lazy="raise", viewonly=True)
    right: Mapped[Right] = relationship(lazy="raise", viewonly=True)

    @property
    def business(self) -> Business:
        """Whose income it protects, for the policy."""
        return self.line.business
