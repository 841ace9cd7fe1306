"""The summaries of the scoreboard: what each measure came to in a period, by hub, place, sub-sector and size."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.db.base import Base
from crm.db.types import UtcDateTime


class ReportCell(Base):
    """One part of the number of a measure in a period. Each business is in one part alone; an empty text is not on record.

    ``behind`` is how many businesses are behind it, with each row of no business as one of its own.
    """

    __tablename__ = "report_cell"
    __table_args__ = (Index("ix_report_cell_days", "first", "last", "measure"),)

    measure: Mapped[str] = mapped_column(String(40), primary_key=True)
    first: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[date] = mapped_column(primary_key=True)
    hub: Mapped[str] = mapped_column(String(36), primary_key=True)
    authority: Mapped[str] = mapped_column(String(60), primary_key=True)
    sector: Mapped[str] = mapped_column(String(40), primary_key=True)
    size: Mapped[str] = mapped_column(String(10), primary_key=True)
    count: Mapped[int]
    amount: Mapped[int] = mapped_column(BigInteger)
    behind: Mapped[int]


class ReportCount(Base):
    """That a measure was counted for a period: by which definition, when, and up to which entry of the audit trail."""

    __tablename__ = "report_count"

    measure: Mapped[str] = mapped_column(String(40), primary_key=True)
    first: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[date] = mapped_column(primary_key=True)
    definition: Mapped[str] = mapped_column(String(60))
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_entry: Mapped[int] = mapped_column(BigInteger)
    rows: Mapped[int]
