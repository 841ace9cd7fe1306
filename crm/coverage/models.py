"""What the worker counted: one count in time, what each part of the region has, its totals, and the emptiest places."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.coverage.rules.bands import Band
from crm.db.base import Base, Identified
from crm.db.types import JsonType, UtcDateTime, enum_type


class CoverageCount(Identified, Base):
    """One count of the whole region; of one day the last is kept. ``mark`` says which directory it was a count of.

    ``source`` and ``as_of`` are those of the figures that its businesses are from; without them, they are those that we know.
    """

    __tablename__ = "coverage_count"
    __table_args__ = (
        CheckConstraint("services >= 0 AND unconfirmed >= 0 AND businesses >= 0", name="not_negative"),
        CheckConstraint("(as_of IS NULL) = (source = '')", name="source_with_its_day"),
        Index("uq_coverage_count_day", "on_day", unique=True),
    )

    on_day: Mapped[date]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    mark: Mapped[str] = mapped_column(String(200))
    services: Mapped[int]
    unconfirmed: Mapped[int]
    businesses: Mapped[int]
    source: Mapped[str] = mapped_column(String(500), default="")
    as_of: Mapped[date | None]


class CoverageTotal(Base):
    """How much of the region had nothing for a need and size, in hundredths of districts, with how many businesses."""

    __tablename__ = "coverage_total"
    __table_args__ = (CheckConstraint("uncovered >= 0 AND unserved >= 0", name="not_negative"),)

    count_id: Mapped[UUID] = mapped_column(ForeignKey("coverage_count.id"), primary_key=True)
    need: Mapped[str] = mapped_column(String(60), primary_key=True)
    band: Mapped[Band] = mapped_column(enum_type(Band, name="band"), primary_key=True)
    uncovered: Mapped[int]
    unserved: Mapped[int]


class CoverageCell(Base):
    """How many available services the part of a district in one authority has for a need, by size; of the last count only."""

    __tablename__ = "coverage_cell"
    __table_args__ = (
        CheckConstraint("alone >= 0 AND micro >= 0 AND small >= 0 AND medium >= 0", name="not_negative"),
        Index("ix_coverage_cell_district", "outcode", "need"),
    )

    need: Mapped[str] = mapped_column(String(60), primary_key=True)
    outcode: Mapped[str] = mapped_column(String(4), primary_key=True)
    authority: Mapped[str] = mapped_column(String(60), primary_key=True)
    alone: Mapped[int]
    micro: Mapped[int]
    small: Mapped[int]
    medium: Mapped[int]


class CoverageGap(Base):
    """One of the emptiest districts and needs for a size, the first in ``position`` 1; of the last count only."""

    __tablename__ = "coverage_gap"
    __table_args__ = (
        CheckConstraint("unreached BETWEEN 1 AND 10000", name="share_without"),
        CheckConstraint("businesses >= 0 AND asked >= 0", name="not_negative"),
    )

    band: Mapped[Band] = mapped_column(enum_type(Band, name="band"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    outcode: Mapped[str] = mapped_column(String(4))
    need: Mapped[str] = mapped_column(String(60))
    unreached: Mapped[int]
    businesses: Mapped[int]
    asked: Mapped[int]


class DistrictFigures(Identified, Base):
    """How many creative businesses each district has, by somebody who counted them: ``source``, of the day ``as_of``.

    ``used_at`` is when they were put to use; of those in use, the latest count. A district that is not named has none.
    """

    __tablename__ = "district_figures"
    __table_args__ = (
        CheckConstraint("source <> ''", name="somebody_says_so"),
        Index("ix_district_figures_used", "used_at"),
    )

    source: Mapped[str] = mapped_column(String(500))
    as_of: Mapped[date]
    businesses: Mapped[Mapping[str, int]] = mapped_column(JsonType)
    brought_at: Mapped[datetime] = mapped_column(UtcDateTime)
    brought_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    brought_by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)

    @property
    def total(self) -> int:
        """How many there are in the region."""
        return sum(self.businesses.values())
