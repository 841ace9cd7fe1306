"""What makes the network lawful, and the ledger: every promotion that reached somebody, and each that was held back."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.angels.models.certifying import Certification
from crm.angels.models.pitches import Pitch
from crm.angels.workflow import Basis, Channel
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


class Promotion(Identified, Base):
    """One pitch that was shown to one person at one moment, and the statement that made it lawful.

    The table itself refuses a row whose day, in London, is not one for which just that statement was signed, by just
    that person; and, by a trigger, one that rests on a statement that was revoked by then. It is append-only.
    """

    __tablename__ = "promotion"
    __table_args__ = (
        ForeignKeyConstraint(
            ["certification_id", "account_id", "signed_on", "valid_until"],
            [
                "certification.id",
                "certification.account_id",
                "certification.signed_on",
                "certification.valid_until",
            ],
            name="fk_promotion_statement",
        ),
        CheckConstraint("shown_on >= signed_on AND shown_on < valid_until", name="within_the_statement"),
        Index("ix_promotion_account", "account_id", "shown_at"),
        Index("ix_promotion_pitch", "pitch_id", "shown_at"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    pitch_id: Mapped[UUID] = mapped_column(ForeignKey("pitch.id"))
    pitch_version: Mapped[int]
    channel: Mapped[Channel] = mapped_column(enum_type(Channel, name="channel"))
    item: Mapped[str] = mapped_column(String(200), default="")
    shown_at: Mapped[datetime] = mapped_column(UtcDateTime)
    shown_on: Mapped[date]
    certification_id: Mapped[UUID]
    signed_on: Mapped[date]
    valid_until: Mapped[date]
    basis_id: Mapped[UUID] = mapped_column(ForeignKey("regulatory_basis.id"))

    certification: Mapped[Certification] = relationship(lazy="raise", viewonly=True)
    account: Mapped[Account] = relationship(lazy="raise", viewonly=True, foreign_keys=[account_id])
    pitch: Mapped[Pitch] = relationship(lazy="raise", viewonly=True)
    basis: Mapped[RegulatoryBasis] = relationship(lazy="raise", viewonly=True)


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
