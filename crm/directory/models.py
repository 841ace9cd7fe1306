"""Providers and their support services, with what each asks of a business."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.db.base import Base, Identified, Versioned
from crm.db.states import Stateful
from crm.db.types import MoneyType, UtcDateTime, WordsType
from crm.directory.workflow import MACHINE, REPORTS, ReportStatus, ServiceStatus
from crm.kernel.eligibility import Terms, is_available, is_fresh
from crm.kernel.money import Money

TERMS = (
    "min_turnover",
    "max_turnover",
    "min_employees",
    "max_employees",
    "min_trading_months",
    "max_trading_months",
    "min_export_share_pct",
    "legal_forms",
    "stages",
    "dcms_groups",
    "leps",
    "lad_names",
    "outcodes",
    "wmca_only",
)
"""The columns that make up a service's terms, named as in `Terms`."""


class Provider(Identified, Base):
    """Who offers support services, who there answers for them, and when they were last asked whether they still run."""

    __tablename__ = "provider"

    __table_args__ = (
        CheckConstraint("contact_email = lower(contact_email)", name="contact_email_in_lower_case"),
        CheckConstraint("contact_email IS NULL OR contact_name <> ''", name="contact_with_name"),
    )

    name: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    contact_email: Mapped[str | None] = mapped_column(String(254))
    asked_on: Mapped[date | None]


def terms_checks() -> tuple[CheckConstraint, ...]:
    """What holds of terms wherever they are kept."""
    return (
        CheckConstraint("min_turnover IS NULL OR min_turnover >= 0", name="min_turnover_not_negative"),
        CheckConstraint("max_turnover >= min_turnover", name="turnover_in_order"),
        CheckConstraint("max_employees >= min_employees", name="employees_in_order"),
        CheckConstraint("max_trading_months >= min_trading_months", name="trading_in_order"),
        CheckConstraint("min_export_share_pct BETWEEN 0 AND 100", name="export_share_is_percent"),
    )


class Asking:
    """A row that asks something of a business, in the words of `Terms`: one language for every offer there is."""

    min_turnover: Mapped[Money | None] = mapped_column(MoneyType)
    max_turnover: Mapped[Money | None] = mapped_column(MoneyType)
    min_employees: Mapped[int | None]
    max_employees: Mapped[int | None]
    min_trading_months: Mapped[int | None]
    max_trading_months: Mapped[int | None]
    min_export_share_pct: Mapped[Decimal | None] = mapped_column(Numeric(7, 4))
    legal_forms: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    stages: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    dcms_groups: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    leps: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    lad_names: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    outcodes: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    wmca_only: Mapped[bool] = mapped_column(default=False)

    @property
    def terms(self) -> Terms:
        """What it asks of a business."""
        return Terms(**{name: getattr(self, name) for name in TERMS})


class Service(Asking, Identified, Versioned, Stateful[ServiceStatus], Base, start=MACHINE.start):
    """One thing that a provider offers. ``service_id`` is the short name that the directory's file knows it by."""

    __tablename__ = "service"
    __table_args__ = (
        *terms_checks(),
        CheckConstraint("amount_min IS NULL OR amount_min >= 0", name="amount_min_not_negative"),
        CheckConstraint("amount_max >= amount_min", name="amounts_in_order"),
        CheckConstraint("closes_on >= opens_on", name="dates_in_order"),
        Index("ix_service_name_id", "name", "id"),
        Index("ix_service_status_checked", "status", "checked_on"),
    )

    service_id: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id"), index=True)
    needs: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    description: Mapped[str] = mapped_column(Text, default="")
    eligibility_note: Mapped[str] = mapped_column(Text, default="")

    opens_on: Mapped[date | None]
    closes_on: Mapped[date | None]
    cost_type: Mapped[str] = mapped_column(String(200), default="")
    cost_text: Mapped[str] = mapped_column(Text, default="")
    amount_min: Mapped[Money | None] = mapped_column(MoneyType)
    amount_max: Mapped[Money | None] = mapped_column(MoneyType)
    status_note: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str] = mapped_column(Text, default="")
    plan_lines: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    verified: Mapped[str] = mapped_column(String(200), default="")
    checked_on: Mapped[date | None]
    checked_note: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    """Who looks after it: checks it, and hears what is wrong with it. None is everybody who may check."""

    provider: Mapped[Provider] = relationship(lazy="raise", viewonly=True)

    def is_available(self, *, on: date) -> bool:
        """Whether it is open, and the day lies within its dates."""
        return is_available(self.status, opens_on=self.opens_on, closes_on=self.closes_on, on=on)

    @property
    def is_unconfirmed(self) -> bool:
        """Whether nobody has confirmed that it is running."""
        return self.status is ServiceStatus.CHECK

    def is_fresh(self, *, on: date, months: int) -> bool:
        """Whether it was checked within so many months."""
        return is_fresh(self.checked_on, on=on, months=months)

    def fields(self) -> dict[str, Any]:
        """Everything about the service that people fill in, but for its provider and status."""
        left_out = {"id", "service_id", "provider_id", "status", "changed_at", "version", "owner_id"}
        return {name: getattr(self, name) for name in self.__table__.columns.keys() if name not in left_out}  # noqa: SIM118 no dictionary


class Checking(Identified, Base):
    """Several services that one person checked together; within a day it can be undone."""

    __tablename__ = "checking"

    by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CheckedService(Identified, Base):
    """One service of such a check: what was known before it, and which version it became."""

    __tablename__ = "checked_service"
    __table_args__ = (Index("uq_checked_service_checking_service", "checking_id", "service_id", unique=True),)

    checking_id: Mapped[UUID] = mapped_column(ForeignKey("checking.id"))
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"), index=True)
    was_in_doubt: Mapped[bool]
    checked_on: Mapped[date | None]
    checked_note: Mapped[str] = mapped_column(String(200), default="")
    status_note: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text, default="")
    became: Mapped[int]

    service: Mapped[Service] = relationship(lazy="raise", viewonly=True)


class ServiceReport(Identified, Versioned, Stateful[ReportStatus], Base, start=REPORTS.start):
    """What somebody told us is wrong with a service, and what was done about it."""

    __tablename__ = "service_report"
    __table_args__ = (
        CheckConstraint("said <> ''", name="something_was_said"),
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
        CheckConstraint("(status = 'settled') = (settled_at IS NOT NULL)", name="settled_with_its_moment"),
        CheckConstraint("settled_at IS NULL OR answer <> ''", name="settled_with_words"),
        Index("ix_service_report_status_reported", "status", "reported_at"),
    )

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"), index=True)
    said: Mapped[str] = mapped_column(String(500))
    name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str | None] = mapped_column(String(254))
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(String(500), default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    service: Mapped[Service] = relationship(lazy="raise", viewonly=True)
