"""Invitations to colleagues: a letter with a link, and nothing else until its reader accepts."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.businesses.models.business import Business
from crm.businesses.workflow import InvitationStatus
from crm.db.base import Base, Identified, Versioned, one_where
from crm.db.states import Stateful
from crm.db.types import UtcDateTime, enum_type
from crm.kernel.clock import is_past
from crm.kernel.roles import Standing

IS_OPEN = "status = 'open'"


class Invitation(Identified, Versioned, Stateful[InvitationStatus], Base, start=InvitationStatus.OPEN):
    """An owner asks someone to join a business. It gives no role, and says nothing of who has the address."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
        CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided_if_not_open"),
        one_where("uq_invitation_open", "business_id", "email", where=IS_OPEN),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    standing: Mapped[Standing] = mapped_column(enum_type(Standing, name="standing"))
    invited_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_day: Mapped[date]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
    invited_by: Mapped[Account] = relationship(lazy="raise", viewonly=True)

    def can_be_accepted(self, *, on: date) -> bool:
        """Whether it is open and its last day is not over."""
        return self.status is InvitationStatus.OPEN and not is_past(self.last_day, on=on)
