"""A complaint about how personal data was handled."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm.complaints.workflow import MACHINE, Channel, ComplaintStatus
from crm.db.base import Base, Identified, Versioned
from crm.db.states import Stateful
from crm.db.types import UtcDateTime, enum_type
from crm.kernel.clock import has_come, is_past


class Complaint(Identified, Versioned, Stateful[ComplaintStatus], Base, start=MACHINE.start):
    """What a person says of how their personal data was handled, and what we answered.

    ``contact`` is how to reach them where they gave no email address. ``alert_on`` and ``due_on`` are worked out once, by
    the figures of the day on which it came.
    """

    __tablename__ = "complaint"
    __table_args__ = (
        CheckConstraint("said <> ''", name="something_was_said"),
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
        CheckConstraint("email IS NOT NULL OR contact <> ''", name="somebody_to_answer"),
        CheckConstraint("received_on <= alert_on AND alert_on <= due_on", name="days_in_order"),
        CheckConstraint("(status = 'open') = (acknowledged_at IS NULL)", name="acknowledged_with_its_moment"),
        CheckConstraint("(status = 'answered') = (answered_at IS NOT NULL)", name="answered_with_its_moment"),
        CheckConstraint("answered_at IS NULL OR answer <> ''", name="answered_with_words"),
        Index("ix_complaint_status_due", "status", "due_on", "id"),
    )

    reference: Mapped[str] = mapped_column(String(20), unique=True)
    channel: Mapped[Channel] = mapped_column(enum_type(Channel, name="channel"))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    contact: Mapped[str] = mapped_column(String(500), default="")
    said: Mapped[str] = mapped_column(Text)
    wanted: Mapped[str] = mapped_column(Text, default="")
    received_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    alert_on: Mapped[date]
    due_on: Mapped[date]
    alerted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    def is_urgent(self, *, on: date) -> bool:
        """Whether the day has come on which it has to be acknowledged before anything else."""
        return self.status is ComplaintStatus.OPEN and has_come(self.alert_on, on=on)

    def is_overdue(self, *, on: date) -> bool:
        """Whether its last day went by without an acknowledgement."""
        return self.status is ComplaintStatus.OPEN and is_past(self.due_on, on=on)
