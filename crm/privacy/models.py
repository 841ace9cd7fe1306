"""What was deleted at the end of its time: one row for each kind and run, without anything of what was deleted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm.db.base import Base, Identified, one_where
from crm.db.types import UtcDateTime

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
