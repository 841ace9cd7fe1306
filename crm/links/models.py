"""A one-time link, of which only the hash of the secret is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.db.base import Base, Identified, one_where
from crm.db.types import UtcDateTime

IS_LIVE_ALONE = "used_at IS NULL AND replaced_at IS NULL AND purpose <> 'sign_in'"
"""Of two links minted at once about one subject, one alone stays: the other's letter is tried again. Of those to sign
in several live, so that a stranger who asks for one does not end the owner's."""


class OneTimeLink(Identified, Base):
    """A link for one purpose about one subject: used once, before it expires, unless a newer one replaced it."""

    __tablename__ = "one_time_link"
    __table_args__ = (
        CheckConstraint("used_at IS NULL OR replaced_at IS NULL", name="used_or_replaced"),
        CheckConstraint("expires_at > created_at", name="expires_later"),
        Index("ix_one_time_link_subject", "purpose", "subject_id"),
        one_where("uq_one_time_link_live", "purpose", "subject_id", where=IS_LIVE_ALONE),
    )

    purpose: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(60))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
