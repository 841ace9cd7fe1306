"""What was deleted at the end of its time, what people ask about their personal data, and who is to be erased."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Proposed, walls_of_proposals
from crm.db.base import Base, Identified, Versioned, one_where
from crm.db.states import Stateful
from crm.db.types import JsonType, UtcDateTime, enum_type
from crm.kernel.clock import is_past
from crm.privacy.workflow import MACHINE, ErasureStatus, RequestKind, RequestStatus

IS_OPEN = "finished_at IS NULL"


class RetentionRun(Identified, Base):
    """That rows of one kind whose time ended before a moment are deleted. ``held`` is why not, where a person has to look first.

    ``found`` are those that were due when it was planned, ``done`` those that were deleted so far.
    """

    __tablename__ = "retention_run"
    __table_args__ = (
        CheckConstraint("found >= 0 AND done >= 0", name="counted"),
        one_where("uq_retention_run_open", "kind", where=IS_OPEN),
        Index("ix_retention_run_kind", "kind", "finished_at"),
    )

    kind: Mapped[str] = mapped_column(String(60))
    before: Mapped[datetime] = mapped_column(UtcDateTime)
    found: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    held: Mapped[str] = mapped_column(Text, default="")
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DataRequest(Identified, Versioned, Stateful[RequestStatus], Base, start=MACHINE.start):
    """What a person asks about their personal data, and what we answered.

    ``contact`` is how to reach them where they gave no email address. ``due_on`` is the last day to answer, worked out once by the
    figures of the day on which it came; it moves once, with ``extension_reason``. Once the person is erased, only kind and days stay.
    """

    __tablename__ = "data_request"
    __table_args__ = (
        CheckConstraint("said <> ''", name="something_was_asked"),
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
        CheckConstraint("email IS NOT NULL OR contact <> ''", name="somebody_to_answer"),
        CheckConstraint("received_on <= due_on", name="days_in_order"),
        CheckConstraint("(extended_at IS NULL) = (extension_reason = '')", name="extended_with_reason"),
        CheckConstraint("(status = 'open') = (answered_at IS NULL)", name="answered_with_its_moment"),
        CheckConstraint("answered_at IS NULL OR answer <> ''", name="answered_with_words"),
        Index("ix_data_request_status_due", "status", "due_on", "id"),
    )

    reference: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[RequestKind] = mapped_column(enum_type(RequestKind, name="kind"))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    contact: Mapped[str] = mapped_column(String(500), default="")
    said: Mapped[str] = mapped_column(Text)
    received_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    due_on: Mapped[date]
    extended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    extension_reason: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    def is_overdue(self, *, on: date) -> bool:
        """Whether its last day went by without an answer."""
        return self.status is RequestStatus.OPEN and is_past(self.due_on, on=on)


class PersonErasure(Proposed, Stateful[ErasureStatus], Base, start=ErasureStatus.PROPOSED):
    """That a person who asked for it is to be erased: one administrator proposes it, and another confirms.

    ``subject_table`` and ``subject_id`` are the row by which the person was found; they go with the person. ``known_as`` is the
    pseudonym that came of it, and ``told`` what was deleted and kept, in words and counts.
    """

    __tablename__ = "person_erasure"
    __table_args__ = (
        *walls_of_proposals(),
        CheckConstraint("reason <> ''", name="with_reason"),
        CheckConstraint("status <> 'proposed' OR subject_id IS NOT NULL", name="somebody_if_proposed"),
        CheckConstraint("status <> 'confirmed' OR subject_id IS NULL", name="nobody_if_confirmed"),
        CheckConstraint("(status = 'confirmed') = (known_as <> '')", name="pseudonym_if_confirmed"),
        one_where("uq_person_erasure_open", "request_id", where="status = 'proposed'"),
        Index("ix_person_erasure_request", "request_id", "proposed_at"),
    )

    request_id: Mapped[UUID] = mapped_column(ForeignKey("data_request.id"))
    subject_table: Mapped[str | None] = mapped_column(String(60))
    subject_id: Mapped[UUID | None]
    known_as: Mapped[str] = mapped_column(String(60), default="")
    told: Mapped[list[dict[str, Any]]] = mapped_column(JsonType, default=list)

    request: Mapped[DataRequest] = relationship(lazy="raise", viewonly=True)
