"""Markets and festivals with their editions and who goes, and the export plan of a business."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.businesses.models import Business, Person
from crm.db.base import Base, Identified, Versioned
from crm.db.states import Stateful
from crm.db.types import MoneyType, UtcDateTime, WordsType, enum_type
from crm.exporting.plans.workflow import (
    BarrierKind,
    CountryStatus,
    EditionStatus,
    Route,
    Sureness,
    VisitStatus,
)
from crm.kernel.money import Money


class Market(Identified, Versioned, Base):
    """A market, fair or festival. ``months`` are the numbers of its usual months; ``ended`` says that it is no longer held."""

    __tablename__ = "market"
    __table_args__ = (
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint("source <> ''", name="with_source"),
        Index("ix_market_name", "name"),
    )

    key: Mapped[str | None] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(100))
    place: Mapped[str] = mapped_column(String(200))
    country: Mapped[str | None] = mapped_column(String(2))
    months: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    sectors: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    cost: Mapped[str] = mapped_column(String(300), default="")
    sureness: Mapped[Sureness] = mapped_column(enum_type(Sureness, name="sureness"))
    source: Mapped[str] = mapped_column(String(300))
    note: Mapped[str] = mapped_column(Text, default="")
    ended: Mapped[bool] = mapped_column(default=False)


class MarketEdition(Identified, Versioned, Stateful[EditionStatus], Base, start=EditionStatus.PLANNED):
    """One edition. Without dates only its usual month is known; ``moved_from`` is the first day it had before it moved."""

    __tablename__ = "market_edition"
    __table_args__ = (
        CheckConstraint("(starts_on IS NULL) = (ends_on IS NULL)", name="both_days_or_none"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="days_in_order"),
        CheckConstraint("(status = 'cancelled') = (reason <> '')", name="cancelled_with_reason"),
        Index("uq_market_edition_title", "market_id", "title", unique=True),
        Index("ix_market_edition_starts", "starts_on"),
    )

    market_id: Mapped[UUID] = mapped_column(ForeignKey("market.id"))
    title: Mapped[str] = mapped_column(String(60))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    place: Mapped[str] = mapped_column(String(200), default="")
    sureness: Mapped[Sureness] = mapped_column(enum_type(Sureness, name="sureness"))
    source: Mapped[str] = mapped_column(String(300))
    moved_from: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(500), default="")

    market: Mapped[Market] = relationship(lazy="raise", viewonly=True)

    @property
    def stands_on(self) -> Market:
        """On whose page it is shown."""
        return self.market

    @property
    def name(self) -> str:
        """The market with its edition, as it is said: "MIPCOM Cannes 2027"."""
        return f"{self.market.name} {self.title}"


class MarketVisit(Identified, Versioned, Stateful[VisitStatus], Base, start=VisitStatus.GOING):
    """That a business goes to an edition by itself, or went."""

    __tablename__ = "market_visit"
    __table_args__ = (
        Index("uq_market_visit_once", "edition_id", "business_id", unique=True),
        Index("ix_market_visit_business", "business_id"),
    )

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("market_edition.id"))
    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    note: Mapped[str] = mapped_column(String(500), default="")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    edition: Mapped[MarketEdition] = relationship(lazy="raise", viewonly=True)
    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)

    @property
    def stands_on(self) -> MarketEdition:
        """Whose market says more."""
        return self.edition


class ExportCountry(Identified, Versioned, Stateful[CountryStatus], Base, start=CountryStatus.ACTIVE):
    """One country of a business's export plan: how it sells there, and what it expects of it. Each country once.

    ``win_on`` is when the first sale is expected, ``won_on`` the day on which it was made, while the business sells there.
    """

    __tablename__ = "export_country"
    __table_args__ = (
        CheckConstraint("value IS NULL OR value >= 0", name="value_not_negative"),
        CheckConstraint("country <> 'GB'", name="abroad"),
        CheckConstraint("(status = 'won') = (won_on IS NOT NULL)", name="won_with_day"),
        Index("uq_export_country_once", "business_id", "country", unique=True),
        Index("ix_export_country_added", "added_at"),
        Index("ix_export_country_won", "won_on"),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    country: Mapped[str] = mapped_column(String(2))
    route: Mapped[Route] = mapped_column(enum_type(Route, name="route"))
    aim: Mapped[str] = mapped_column(Text, default="")
    value: Mapped[Money | None] = mapped_column(MoneyType)
    win_on: Mapped[date | None]
    won_on: Mapped[date | None]
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
    tasks: Mapped[list[ExportTask]] = relationship(
        lazy="raise", viewonly=True, order_by="ExportTask.due_on, ExportTask.id"
    )


class ExportTask(Identified, Versioned, Base):
    """Something to do for a country, by a person at the business or by one of our staff, by a day."""

    __tablename__ = "export_task"
    __table_args__ = (
        Index("ix_export_task_open", "done_at", "due_on"),
        CheckConstraint("(person_id IS NULL) <> (account_id IS NULL)", name="one_owner"),
        Index("ix_export_task_country", "country_id", "due_on"),
        Index("ix_export_task_account", "account_id", "due_on"),
    )

    country_id: Mapped[UUID] = mapped_column(ForeignKey("export_country.id"))
    title: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    due_on: Mapped[date]
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    country: Mapped[ExportCountry] = relationship(lazy="raise", viewonly=True)
    person: Mapped[Person | None] = relationship(lazy="raise", viewonly=True)
    account: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)

    @property
    def business(self) -> Business:
        """Whose plan it belongs to, for the policy."""
        return self.country.business

    @property
    def owner(self) -> str:
        """Who does it, by name."""
        return self.person.name if self.person else self.account.name if self.account else ""


class ExportBarrier(Identified, Versioned, Base):
    """What stood in the way of exporting, since when, and when and how it was removed."""

    __tablename__ = "export_barrier"
    __table_args__ = (
        CheckConstraint("kind <> 'other' OR words <> ''", name="other_in_words"),
        CheckConstraint("removed_on IS NULL OR removed_on >= met_on", name="removed_later"),
        CheckConstraint("removed_on IS NOT NULL OR how = ''", name="how_if_removed"),
        Index("ix_export_barrier_business", "business_id", "met_on"),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    kind: Mapped[BarrierKind] = mapped_column(enum_type(BarrierKind, name="kind"))
    words: Mapped[str] = mapped_column(String(500), default="")
    met_on: Mapped[date]
    removed_on: Mapped[date | None]
    how: Mapped[str] = mapped_column(String(500), default="")

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
