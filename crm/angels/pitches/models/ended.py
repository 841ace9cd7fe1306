"""What is left of evidence whose time is over: that it was there, until when it was kept, and how much was deleted."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from crm.db.base import Base, Identified


class EvidenceEnd(Identified, Base):
    """The evidence about one investor, deleted after its time. The wall opens for rows up to ``last_on`` alone.

    ``last_on`` is the day of the last showing, statement or attempt; ``kept_until`` the last day on which all of it was kept.
    """

    __tablename__ = "evidence_end"
    __table_args__ = (
        CheckConstraint("last_on < kept_until AND kept_until < ended_on", name="after_its_time"),
        CheckConstraint("showings >= 0 AND statements >= 0 AND attempts >= 0", name="rows_counted"),
        Index("ix_evidence_end_account", "account_id", "last_on"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    last_on: Mapped[date]
    kept_until: Mapped[date]
    ended_on: Mapped[date]
    showings: Mapped[int]
    statements: Mapped[int]
    attempts: Mapped[int]
