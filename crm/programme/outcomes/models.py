"""Reports of a business's figures at fixed days after its award was accepted, with every version of the figures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.businesses.models import Business
from crm.db.base import Base, Identified, Versioned
from crm.db.states import Stateful
from crm.db.types import JsonType, MoneyType, UtcDateTime, WordsType, enum_type
from crm.kernel.clock import is_past
from crm.kernel.money import Money
from crm.programme.applications.models import Application
from crm.programme.outcomes.rules.labels import NAMES, time_in_words
from crm.programme.outcomes.workflow import ReportStatus, Way


class OutcomeReport(Identified, Versioned, Stateful[ReportStatus], Base, start=ReportStatus.PLANNED):
    """What a business is asked once: its figures as at a day, to be sent by another, that day included.

    Both days are fixed when the award is accepted. ``draft`` is what was saved and not sent yet, by measure.
    """

    __tablename__ = "outcome_report"
    __table_args__ = (
        CheckConstraint("place >= 0 AND months >= 0", name="counted_from_acceptance"),
        CheckConstraint("due_on >= as_at", name="dates_in_order"),
        CheckConstraint(
            "status IN ('planned', 'cancelled') OR asked_at IS NOT NULL", name="asked_at_if_asked"
        ),
        CheckConstraint(
            "(status = 'confirmed') = (confirmed_at IS NOT NULL)", name="confirmed_at_if_confirmed"
        ),
        UniqueConstraint("application_id", "place", name="uq_outcome_report_once"),
        Index("ix_outcome_report_status", "status", "due_on"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    place: Mapped[int]
    months: Mapped[int]
    as_at: Mapped[date]
    due_on: Mapped[date]
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    chased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    draft: Mapped[dict[str, Any]] = mapped_column(JsonType, default=dict)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    application: Mapped[Application] = relationship(lazy="raise", viewonly=True)
    confirmed_by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)
    versions: Mapped[list[OutcomeFigures]] = relationship(
        lazy="raise", viewonly=True, order_by="OutcomeFigures.number.desc()"
    )

    @property
    def business(self) -> Business:
        """Whose figures they are. Its application must be loaded."""
        return self.application.business

    @property
    def figures(self) -> OutcomeFigures | None:
        """The figures as they stand: the newest version. The versions must be loaded."""
        return self.versions[0] if self.versions else None

    @property
    def time(self) -> str:
        """Which time of asking it is, in words."""
        return time_in_words(self.months)

    def is_late(self, *, on: date) -> bool:
        """Whether it is asked for and its last day is over."""
        return self.status is ReportStatus.ASKED and is_past(self.due_on, on=on)


class OutcomeFigures(Identified, Base):
    """One version of the figures: never changed, a correction is another with the next number and a reason.

    A measure that is None is not known, and named in ``not_known``. ``said_by`` is the person who sent or said them.
    """

    __tablename__ = "outcome_figures"
    __table_args__ = (
        CheckConstraint(
            "turnover >= 0 AND employees >= 0 AND fte_hundredths >= 0 AND export_sales >= 0"
            " AND rights_registered >= 0 AND finance_raised >= 0",
            name="figures_not_negative",
        ),
        CheckConstraint("export_sales <= turnover", name="export_within_turnover"),
        CheckConstraint("fte_hundredths <= employees * 100", name="fte_within_people"),
        CheckConstraint("(number = 1) = (reason = '')", name="correction_with_reason"),
        CheckConstraint("(way = 'call') = (said_on IS NOT NULL)", name="said_on_if_call"),
        CheckConstraint("said_by <> ''", name="said_by_somebody"),
        UniqueConstraint("report_id", "number", name="uq_outcome_figures_number"),
    )

    report_id: Mapped[UUID] = mapped_column(ForeignKey("outcome_report.id"))
    number: Mapped[int]
    turnover: Mapped[Money | None] = mapped_column(MoneyType)
    employees: Mapped[int | None]
    fte_hundredths: Mapped[int | None]
    export_sales: Mapped[Money | None] = mapped_column(MoneyType)
    rights_registered: Mapped[int | None]
    finance_raised: Mapped[Money | None] = mapped_column(MoneyType)
    not_known: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    way: Mapped[Way] = mapped_column(enum_type(Way, name="way"))
    said_by: Mapped[str] = mapped_column(String(200))
    said_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(500), default="")
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)

    def counted(self, name: str) -> int | None:
        """A measure as a whole number: pence of money, hundredths of full-time equivalents; None if not known."""
        value = getattr(self, name)
        return value.pence if isinstance(value, Money) else value

    @property
    def values(self) -> dict[str, Any]:
        """Every measure by its name."""
        return {name: getattr(self, name) for name in NAMES}
