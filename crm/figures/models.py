"""A dated figure: its value from one day on, where it comes from, who proposed it and who approved it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.db.base import Base, Identified, Versioned, one_where
from crm.db.states import Stateful
from crm.db.types import UtcDateTime
from crm.figures.rules import CATALOGUE, Definition, shown
from crm.figures.workflow import FigureStatus

IS_PROPOSED = "status = 'proposed'"


class DatedFigure(Identified, Versioned, Stateful[FigureStatus], Base, start=FigureStatus.PROPOSED):
    """One value of one figure. Rows that came with the product have no proposer; all others need two people."""

    __tablename__ = "dated_figure"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ends_after_it_begins"),
        CheckConstraint("(status = 'proposed') = (decided_at IS NULL)", name="decided_if_not_proposed"),
        CheckConstraint(
            "status <> 'approved' OR proposed_by_id IS NULL"
            " OR (decided_by_id IS NOT NULL AND decided_by_id <> proposed_by_id)",
            name="approved_by_another",
        ),
        Index("ix_dated_figure_name", "name", "valid_from"),
        one_where("uq_dated_figure_proposed", "name", "value", "valid_from", where=IS_PROPOSED),
    )

    name: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(String(40))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(500))
    confidence: Mapped[str] = mapped_column(String(40))
    proposed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(String(500))

    @property
    def definition(self) -> Definition:
        """What the figure is."""
        return CATALOGUE[self.name]

    @property
    def shown(self) -> str:
        """The value for people."""
        return shown(self.definition.unit, self.value)


class BankHoliday(Identified, Base):
    """A day on which England rests: no working day of the service levels."""

    __tablename__ = "bank_holiday"

    day: Mapped[date] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(100))
    source: Mapped[str] = mapped_column(String(500))
