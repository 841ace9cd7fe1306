"""Asks: finance that a business seeks, and whether and why it was or was not found."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.businesses.models import Business
from crm.db.base import Base, Identified
from crm.db.types import MoneyType, UtcDateTime, enum_type
from crm.evidence.workflow import AskStatus, Instrument, Medium, UnmetReason
from crm.kernel.money import Money


class Ask(Identified, Base):
    """A sum that a business seeks. Its amount may be unknown; an unmet one keeps its reason."""

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
    _status: Mapped[AskStatus] = mapped_column(
        "status", enum_type(AskStatus, name="status"), default=AskStatus.OPEN
    )
    settled_on: Mapped[date | None]
    met_by: Mapped[str | None] = mapped_column(String(200))
    met_amount: Mapped[Money | None] = mapped_column(MoneyType)
    unmet_reason: Mapped[UnmetReason | None] = mapped_column(enum_type(UnmetReason, name="unmet_reason"))
    unmet_note: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(60))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)

    @property
    def status(self) -> AskStatus:
        """Where the ask stands."""
        return self._status
