"""What makes the network lawful, each letter that was held back, and how the visits of a stranger went."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.angels.investors.workflow import Basis
from crm.db.base import Base, Identified
from crm.db.types import JsonType, UtcDateTime, enum_type


class RegulatoryBasis(Identified, Base):
    """What lets the network arrange introductions, from a first day on; the later row counts. Its history is kept."""

    __tablename__ = "regulatory_basis"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates_in_order"),
        CheckConstraint("basis = 'enterprise_exemption' OR (firm <> '' AND frn <> '')", name="firm_named"),
        Index("ix_regulatory_basis_from", "valid_from", "recorded_at"),
    )

    basis: Mapped[Basis] = mapped_column(enum_type(Basis, name="basis"))
    firm: Mapped[str] = mapped_column(String(200), default="")
    frn: Mapped[str] = mapped_column(String(7), default="")
    note: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    recorded_by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)


class BlockedPromotion(Identified, Base):
    """A letter with promotions in it that was not sent, since its reader may not see them any more, and why."""

    __tablename__ = "blocked_promotion"
    __table_args__ = (Index("ix_blocked_promotion_account", "account_id", "blocked_at"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(String(40))
    blocked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(40))


class GateVisit(Identified, Base):
    """One visit of a stranger: every door to a pitch was tried without an account. ``faults`` says what was open."""

    __tablename__ = "gate_visit"
    __table_args__ = (CheckConstraint("tried >= 0", name="tried_counted"),)

    visited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tried: Mapped[int]
    faults: Mapped[list[str]] = mapped_column(JsonType)

    @property
    def is_closed(self) -> bool:
        """Whether nothing was open."""
        return not self.faults
