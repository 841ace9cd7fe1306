"""The people at a business, what was consented to, who stands how to it, and who claims to speak for it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.businesses.models.business import Business
from crm.businesses.workflow import ClaimStatus, ConnectionKind, ConsentPurpose
from crm.db.base import Base, Identified, Versioned, one_where
from crm.db.states import Stateful
from crm.db.types import UtcDateTime, enum_type

STILL_HOLDS = "withdrawn_at IS NULL"
BY_NAME_ALONE = "email IS NULL AND left_on IS NULL"
"""Who is known by a name and no address is there once at a business."""
IS_WAITING = "status = 'waiting'"


class Person(Identified, Versioned, Base):
    """Somebody at a business. An address is there once at a business; the same one may be at another too."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
        Index("uq_person_email", "business_id", "email", unique=True),
        one_where("uq_person_name", "business_id", "name", where=BY_NAME_ALONE),
        Index("ix_person_email", "email"),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(100), default="")
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    left_on: Mapped[date | None]

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)


class Consent(Identified, Base):
    """What a business agreed to, once, in the words of a version; taken back or not. It is never overwritten."""

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= given_at", name="withdrawn_later"),
        one_where("uq_consent_holding", "business_id", "purpose", where=STILL_HOLDS),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"), index=True)
    purpose: Mapped[ConsentPurpose] = mapped_column(enum_type(ConsentPurpose, name="purpose"))
    wording_version: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    given_by: Mapped[str] = mapped_column(String(200))
    way: Mapped[str] = mapped_column(String(40))
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)


class Connection(Identified, Base):
    """How somebody stands to a business, from a first day to a last day: by account, or by name alone."""

    __tablename__ = "connection"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates_in_order"),
        CheckConstraint("account_id IS NOT NULL OR who IS NOT NULL", name="somebody_named"),
        Index("ix_connection_business", "business_id", "kind"),
        Index("ix_connection_account", "account_id", "business_id"),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    kind: Mapped[ConnectionKind] = mapped_column(enum_type(ConnectionKind, name="kind"))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    who: Mapped[str | None] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(500), default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)

    @property
    def holder(self) -> str:
        """Who is connected, by name; the room that recorded an account alone shows it to those who may know whose it is."""
        return self.who or "A person with an account"


class ShownInterest(Identified, Base):
    """That somebody asked, as an investor, to meet a business: for checks of conflicts alone, and shown to nobody.

    A request is made without a name, so it must not stand among the connections, which the business and its hub read.
    """

    __tablename__ = "shown_interest"
    __table_args__ = (Index("ix_shown_interest_account", "account_id", "business_id"),)

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    shown_on: Mapped[date]


class Claim(Identified, Versioned, Stateful[ClaimStatus], Base, start=ClaimStatus.WAITING):
    """Somebody says that they speak for a business. Until an adviser confirms it, it opens nothing."""

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
        CheckConstraint("(status = 'waiting') = (decided_at IS NULL)", name="decided_if_not_waiting"),
        CheckConstraint("status <> 'refused' OR reason IS NOT NULL", name="refused_with_reason"),
        Index("ix_claim_status", "status", "made_at"),
        one_where("uq_claim_waiting", "business_id", "email", where=IS_WAITING),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[str] = mapped_column(String(100), default="")
    evidence: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str | None] = mapped_column(String(500))

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
