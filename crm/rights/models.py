"""A right that a business uses: what it is, who owns it, where it holds."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.businesses.models import Business
from crm.db.base import Base, Identified, Versioned
from crm.db.types import UtcDateTime, enum_type
from crm.rights.workflow import RightKind, RightStatus


class Right(Identified, Versioned, Base):
    """One entry of the register. One that was removed stays as a row, so that what was shown can be explained."""

    __tablename__ = "ip_right"
    __table_args__ = (
        CheckConstraint("status <> 'registered' OR number <> ''", name="registered_with_number"),
        CheckConstraint(
            "kind NOT IN ('copyright', 'database', 'know_how') OR status NOT IN ('registered', 'applied_for')",
            name="register_there_is",
        ),
        Index("ix_ip_right_business", "business_id", "title"),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    kind: Mapped[RightKind] = mapped_column(enum_type(RightKind, name="kind"))
    title: Mapped[str] = mapped_column(String(200))
    owner: Mapped[str] = mapped_column(String(200))
    territory: Mapped[str] = mapped_column(String(200))
    status: Mapped[RightStatus] = mapped_column(enum_type(RightStatus, name="status"))
    number: Mapped[str] = mapped_column(String(60), default="")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
