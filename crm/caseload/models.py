"""The lead adviser of a business, from one moment to another; and a hub's tags, with the businesses that have them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account, Hub
from crm.businesses.models import Business
from crm.db.base import Base, Identified, Versioned, one_where
from crm.db.types import UtcDateTime

NOW = "ended_at IS NULL"


class Lead(Identified, Base):
    """That a person leads the work with a business. One that has not ended holds now: a business has one at most.

    ``given_by_id`` is who said so: the person themselves, a manager, or the adviser who led it before.
    """

    __tablename__ = "business_lead"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name="ends_after_it_begins"),
        one_where("uq_business_lead_now", "business_id", where=NOW),
        Index("ix_business_lead_business", "business_id", "began_at"),
        Index("ix_business_lead_account", "account_id", "ended_at", "business_id"),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    given_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
    account: Mapped[Account] = relationship(lazy="raise", viewonly=True, foreign_keys=[account_id])
    given_by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True, foreign_keys=[given_by_id])


class Tag(Identified, Versioned, Base):
    """A word of one hub for some of its businesses. No two of a hub are the same name, however it is written."""

    __tablename__ = "tag"
    __table_args__ = (Index("uq_tag_name", "hub_id", "match_name", unique=True),)

    hub_id: Mapped[UUID] = mapped_column(ForeignKey("hub.id"))
    name: Mapped[str] = mapped_column(String(40))
    match_name: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    hub: Mapped[Hub] = relationship(lazy="raise", viewonly=True)


class BusinessTag(Identified, Base):
    """That a business has a tag. Only staff of the tag's hub see it, and administrators and auditors."""

    __tablename__ = "business_tag"
    __table_args__ = (
        Index("uq_business_tag_once", "business_id", "tag_id", unique=True),
        Index("ix_business_tag_tag", "tag_id", "business_id"),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    tag_id: Mapped[UUID] = mapped_column(ForeignKey("tag.id"))
    tagged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tagged_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    tag: Mapped[Tag] = relationship(lazy="raise", viewonly=True)
