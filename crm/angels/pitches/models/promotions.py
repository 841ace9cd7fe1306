"""The ledger: every promotion that was shown to a person, with the statement that made it lawful."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.angels.investors.models import Certification, RegulatoryBasis
from crm.angels.pitches.models.pitches import Pitch
from crm.angels.pitches.workflow import Channel
from crm.db.base import Base, Identified
from crm.db.types import UtcDateTime, enum_type


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
