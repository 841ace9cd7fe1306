"""Checks of export contracts: what was told, what was known of the business, and what was found, as on that day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.businesses.models import Business
from crm.db.base import Base, Identified
from crm.db.types import JsonType, MoneyType, UtcDateTime, enum_type
from crm.exporting.cover.rules.labels import Result
from crm.kernel.money import Money


class CoverCheck(Identified, Base):
    """One check of one contract. ``turnover`` is the latest known on that day; ``findings`` are frozen as they were found.

    ``first_id`` is the first check of the same contract, None where this is the first: the newest of them counts.
    ``shut_out_id`` is the row of the threshold of turnover that it recorded; a check that was withdrawn counts nowhere.
    ``answered_with`` says what met the need all the same, and when: it belongs to this one contract and need.
    """

    __tablename__ = "cover_check"
    __table_args__ = (
        CheckConstraint("value > 0", name="value_positive"),
        CheckConstraint("payment_days BETWEEN 0 AND 3650", name="payment_days_counted"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="withdrawn_with_reason"),
        CheckConstraint(
            "(answered_with = '') = (answered_at IS NULL) AND (answered_on IS NULL) = (answered_at IS NULL)",
            name="answered_on_a_day",
        ),
        CheckConstraint("answered_with = '' OR shut_out_id IS NOT NULL", name="answered_if_shut_out"),
        Index("ix_cover_check_business", "business_id", "at"),
        Index("ix_cover_check_newest", "at", "id"),
        Index("ix_cover_check_shut_out", "shut_out_id"),
        Index("ix_cover_check_first", "first_id"),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    first_id: Mapped[UUID | None] = mapped_column(ForeignKey("cover_check.id"))
    country: Mapped[str] = mapped_column(String(60))
    value: Mapped[Money | None] = mapped_column(MoneyType)
    payment_days: Mapped[int | None]
    turnover: Mapped[Money | None] = mapped_column(MoneyType)
    told: Mapped[dict[str, Any]] = mapped_column(JsonType)
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JsonType)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    result: Mapped[Result] = mapped_column(enum_type(Result, name="result"))
    shut_out_id: Mapped[UUID | None] = mapped_column(ForeignKey("shut_out.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str] = mapped_column(String(500), default="")
    withdrawn_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    answered_with: Mapped[str] = mapped_column(String(300), default="")
    answered_on: Mapped[date | None]
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    answered_by: Mapped[Account | None] = relationship(
        lazy="raise", viewonly=True, foreign_keys="CoverCheck.answered_by_id"
    )
    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)

    @property
    def contract_id(self) -> UUID:
        """What all checks of one contract share."""
        return self.first_id or self.id
