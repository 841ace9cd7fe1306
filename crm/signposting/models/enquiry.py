"""Enquiries, unfinished ones, notes on them, and how much an adviser can take on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account, Hub
from crm.businesses.models import Business
from crm.db.base import Base, Identified, Versioned
from crm.db.states import Stateful
from crm.db.types import JsonType, UtcDateTime, enum_type
from crm.kernel.clock import has_come, is_past
from crm.signposting.workflow import CloseReason, EnquiryStatus, Way


class EnquiryDraft(Identified, Versioned, Base):
    """An enquiry that somebody has not sent yet. Whoever holds its key goes on with it; forgotten after some days."""

    __tablename__ = "enquiry_draft"

    answers: Mapped[dict[str, Any]] = mapped_column(JsonType, default=dict)
    email: Mapped[str | None] = mapped_column(String(254))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    sent_as_id: Mapped[UUID | None] = mapped_column(ForeignKey("enquiry.id"))


class Enquiry(Identified, Versioned, Stateful[EnquiryStatus], Base, start=EnquiryStatus.WAITING):
    """A request for help. It opens no business's record: an adviser attaches it to one.

    ``answers`` are those of the support finder by the name of the question; ``consents`` maps each purpose agreed to
    to the version of its wording; ``ask`` is the finance sought, if any. ``due_on`` is the last day for an answer,
    ``answered_at`` when the first one was given.
    """

    __tablename__ = "enquiry"
    __table_args__ = (
        CheckConstraint("email IS NOT NULL OR phone IS NOT NULL", name="can_be_reached"),
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
        CheckConstraint("status <> 'waiting' OR claimed_by_id IS NULL", name="waiting_for_anybody"),
        CheckConstraint(
            "status NOT IN ('claimed', 'answered') OR claimed_by_id IS NOT NULL", name="claimed_by_somebody"
        ),
        CheckConstraint("status <> 'answered' OR answered_at IS NOT NULL", name="answered_at_a_moment"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_at_if_closed"),
        CheckConstraint("(status = 'closed') = (close_reason IS NOT NULL)", name="closed_with_reason"),
        Index("ix_enquiry_queue", "hub_id", "status", "due_on"),
        Index("ix_enquiry_adviser", "claimed_by_id", "status", "due_on"),
        Index("ix_enquiry_due", "due_on", "id"),
        Index("ix_enquiry_newest", "received_at", "id"),
    )

    reference: Mapped[str] = mapped_column(String(12), unique=True)
    business_id: Mapped[UUID | None] = mapped_column(ForeignKey("business.id"), index=True)
    business_name: Mapped[str] = mapped_column(String(200))
    company_number: Mapped[str | None] = mapped_column(String(8))
    person_name: Mapped[str] = mapped_column(String(200))
    person_role: Mapped[str] = mapped_column(String(100), default="")
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    postcode: Mapped[str | None] = mapped_column(String(8))
    outcode: Mapped[str | None] = mapped_column(String(4))
    answers: Mapped[dict[str, Any]] = mapped_column(JsonType, default=dict)
    ask: Mapped[dict[str, Any]] = mapped_column(JsonType, default=dict)
    consents: Mapped[dict[str, str]] = mapped_column(JsonType, default=dict)
    story: Mapped[str] = mapped_column(Text, default="")
    way: Mapped[Way] = mapped_column(enum_type(Way, name="way"))
    taken_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    hub_id: Mapped[UUID | None] = mapped_column(ForeignKey("hub.id"))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date]
    claimed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    close_reason: Mapped[CloseReason | None] = mapped_column(enum_type(CloseReason, name="close_reason"))
    close_note: Mapped[str] = mapped_column(Text, default="")

    business: Mapped[Business | None] = relationship(lazy="raise", viewonly=True)
    hub: Mapped[Hub | None] = relationship(lazy="raise", viewonly=True)
    claimed_by: Mapped[Account | None] = relationship(
        lazy="raise", viewonly=True, foreign_keys=[claimed_by_id]
    )

    @property
    def is_answered(self) -> bool:
        """Whether the clock stands still: an answer was given, and it does not wait for another one."""
        return self.status not in (EnquiryStatus.WAITING, EnquiryStatus.CLAIMED)

    def is_overdue(self, *, on: date) -> bool:
        """Whether the day for a first answer is over without one."""
        return not self.is_answered and is_past(self.due_on, on=on)


class EnquiryNote(Identified, Base):
    """What an adviser notes on an enquiry, for advisers alone."""

    __tablename__ = "enquiry_note"
    __table_args__ = (Index("ix_enquiry_note_enquiry", "enquiry_id", "at"),)

    enquiry_id: Mapped[UUID] = mapped_column(ForeignKey("enquiry.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    text: Mapped[str] = mapped_column(Text)


class Capacity(Base):
    """How many enquiries an adviser holds at most, where that is not what everybody holds."""

    __tablename__ = "capacity"
    __table_args__ = (CheckConstraint("most_open BETWEEN 0 AND 500", name="most_open_in_bounds"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    most_open: Mapped[int]

    @property
    def id(self) -> UUID:
        """Whose it is, so that the trail can name it."""
        return self.account_id


class Absence(Identified, Base):
    """Days on which an adviser is away, both included, and who stands in for them, if anybody does."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="days_in_order"),
        CheckConstraint("covered_by_id IS NULL OR covered_by_id <> account_id", name="covered_by_another"),
        Index("ix_absence_account", "account_id", "first_day"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    covered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    def holds(self, *, on: date) -> bool:
        """Whether they are away on a day."""
        return has_come(self.first_day, on=on) and not is_past(self.last_day, on=on)
