"""Appointments with a business, and workshops with the places in them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account, Hub
from crm.businesses.models import Business, Person
from crm.casework.models import SupportKind
from crm.casework.workflow import Channel
from crm.db.base import Base, Identified, Versioned, held_by_author, one_where
from crm.db.states import Stateful
from crm.db.types import UtcDateTime, enum_type
from crm.meetings.workflow import AppointmentStatus, PlaceStatus, WorkshopStatus


class Appointment(Identified, Versioned, Stateful[AppointmentStatus], Base, start=AppointmentStatus.PLANNED):
    """That an adviser and somebody at a business mean to speak. ``sequence`` grows with what its invitation says."""

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_later"),
        CheckConstraint("(status = 'held') = (conversation_id IS NOT NULL)", name="held_with_conversation"),
        CheckConstraint("(status = 'cancelled') = (reason <> '')", name="cancelled_with_reason"),
        Index("ix_appointment_business", "business_id", "starts_at"),
        Index("ix_appointment_adviser", "adviser_id", "status", "starts_at"),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    adviser_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    subject: Mapped[str] = mapped_column(String(200))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    channel: Mapped[Channel] = mapped_column(enum_type(Channel, name="channel"))
    place: Mapped[str] = mapped_column(String(500))
    sequence: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(Text, default="")
    conversation_id: Mapped[UUID | None] = mapped_column(ForeignKey("conversation.id"), unique=True)
    arranged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    arranged_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
    person: Mapped[Person] = relationship(lazy="raise", viewonly=True)
    adviser: Mapped[Account] = relationship(lazy="raise", viewonly=True, foreign_keys=[adviser_id])

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


class Workshop(Identified, Versioned, Stateful[WorkshopStatus], Base, start=WorkshopStatus.DRAFT):
    """An event for many businesses. Each that comes is given ``quarters`` quarter-hours of help, or none.

    ``lead_id`` is who leads it now: letters and calendars name them.
    """

    __tablename__ = "workshop"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_later"),
        CheckConstraint("seats > 0", name="has_seats"),
        CheckConstraint("quarters BETWEEN 1 AND 96", name="quarters_of_a_day"),
        CheckConstraint("(status = 'cancelled') = (reason <> '')", name="cancelled_with_reason"),
        Index("ix_workshop_starts", "status", "starts_at"),
        Index("ix_workshop_lead", "lead_id", "status"),
    )

    title: Mapped[str] = mapped_column(String(200))
    about: Mapped[str] = mapped_column(Text)
    kind_code: Mapped[str] = mapped_column(ForeignKey("support_kind.code"))
    hub_id: Mapped[UUID | None] = mapped_column(ForeignKey("hub.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    channel: Mapped[Channel] = mapped_column(enum_type(Channel, name="channel"))
    place: Mapped[str] = mapped_column(String(500))
    seats: Mapped[int]
    quarters: Mapped[int | None]
    sequence: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    lead_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("account.id"), default=held_by_author("created_by_id")
    )

    kind: Mapped[SupportKind] = relationship(lazy="raise", viewonly=True)
    hub: Mapped[Hub | None] = relationship(lazy="raise", viewonly=True)
    lead: Mapped[Account | None] = relationship(lazy="raise", viewonly=True, foreign_keys=[lead_id])

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


class WorkshopPlace(Identified, Versioned, Stateful[PlaceStatus], Base, start=PlaceStatus.WAITING):
    """That somebody signed up for a workshop, once by an address. Which business they come from is found later.

    ``agreed_to`` is the beginning of the workshop that they signed up for, or said yes to after it was moved.
    """

    __tablename__ = "workshop_place"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
        Index("ix_workshop_place_workshop", "workshop_id", "status", "signed_up_at"),
        Index("ix_workshop_place_business", "business_id", "signed_up_at"),
        one_where("uq_workshop_place_email", "workshop_id", "email", where="status <> 'given_up'"),
    )

    workshop_id: Mapped[UUID] = mapped_column(ForeignKey("workshop.id"))
    business_id: Mapped[UUID | None] = mapped_column(ForeignKey("business.id"))
    business_name: Mapped[str] = mapped_column(String(200))
    person_name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    signed_up_at: Mapped[datetime] = mapped_column(UtcDateTime)
    agreed_to: Mapped[datetime | None] = mapped_column(UtcDateTime)

    workshop: Mapped[Workshop] = relationship(lazy="raise", viewonly=True)
    business: Mapped[Business | None] = relationship(lazy="raise", viewonly=True)

    def would_come(self, workshop: Workshop) -> bool:
        """Whether they know the time of the workshop as it is now, and want a place at it."""
        return self.agreed_to in (None, workshop.starts_at)
