"""The outbox, and the note of which timed work was done for which period."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm.db.base import Base, Identified, Versioned
from crm.db.states import Stateful
from crm.db.types import JsonType, UtcDateTime, enum_type
from crm.links.rules import Purpose
from crm.notices.workflow import LetterStatus


class Letter(Identified, Versioned, Stateful[LetterStatus], Base, start=LetterStatus.QUEUED):
    """One letter to one reader. ``kept_text`` is what was sent, with the secret of any link taken out.

    ``calendar`` is the calendar file that goes with it; ``caused_by_id`` is who was signed in when it was queued. ``about_table`` and
    ``about_id`` are the row that it tells its reader about, where those who see that row may read the letter too.
    """

    __tablename__ = "letter"
    __table_args__ = (
        CheckConstraint("(status = 'sent') = (sent_at IS NOT NULL)", name="sent_at_if_sent"),
        CheckConstraint("(link_purpose IS NULL) = (link_subject_id IS NULL)", name="link_whole"),
        CheckConstraint("attempts >= 0", name="attempts_counted"),
        CheckConstraint("(about_table IS NULL) = (about_id IS NULL)", name="about_whole"),
        Index("ix_letter_about", "about_table", "about_id", "queued_at"),
        Index("ix_letter_waiting", "status", "not_before"),
        Index("ix_letter_links", "link_purpose", "status", "not_before"),
        Index("ix_letter_newest", "queued_at", "id"),
        Index("ix_letter_to_address", "to_address", "status"),
    )

    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    to_address: Mapped[str] = mapped_column(String(254))
    to_name: Mapped[str] = mapped_column(String(200))
    reply_to: Mapped[str | None] = mapped_column(String(254))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    caused_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    context: Mapped[dict[str, Any]] = mapped_column(JsonType, default=dict)
    calendar: Mapped[str | None] = mapped_column(Text)
    link_purpose: Mapped[Purpose | None] = mapped_column(enum_type(Purpose, name="link_purpose"))
    link_subject_id: Mapped[str | None] = mapped_column(String(60))
    about_table: Mapped[str | None] = mapped_column(String(60))
    about_id: Mapped[UUID | None]
    attempts: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    kept_text: Mapped[str | None] = mapped_column(Text)
    fault: Mapped[str | None] = mapped_column(String(200))


class SignOfLife(Base):
    """When the worker was last seen, under its own name, and when each timed work was last done, under that of the work."""

    __tablename__ = "sign_of_life"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class TimedRun(Base):
    """Timed work of one name, done for one period: the row is the right to do it, so nobody does it twice."""

    __tablename__ = "timed_run"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    period: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
