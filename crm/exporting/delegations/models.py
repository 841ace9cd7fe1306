"""Delegations, the places in them, and what came of each place."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.businesses.models import Business, Person
from crm.db.base import Base, Identified, Versioned
from crm.db.states import Stateful
from crm.db.types import JsonType, MoneyType, UtcDateTime, enum_type
from crm.exporting.delegations.rules import Terms
from crm.exporting.delegations.workflow import SEATED, DelegationStatus, PlaceStatus, Sells
from crm.exporting.plans.models import MarketEdition
from crm.kernel.marks import mark_of
from crm.kernel.money import Money

HOLD_A_SEAT = ", ".join(f"'{each.value}'" for each in SEATED)


class Delegation(Identified, Versioned, Stateful[DelegationStatus], Base, start=DelegationStatus.DRAFT):
    """A journey of several businesses to a market. ``cost`` is for each place, ``share`` what of it the business pays.

    ``criteria`` are stated before it opens. ``review`` says what changed at the market until the lead has decided.
    ``sequence`` grows with what its invitations say.
    """

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("seats > 0", name="has_seats"),
        CheckConstraint("returns_on >= departs_on AND closes_on < departs_on", name="days_in_order"),
        CheckConstraint("share >= 0 AND share <= cost", name="share_within_cost"),
        CheckConstraint("answer_days BETWEEN 1 AND 60", name="days_to_answer"),
        CheckConstraint("(status = 'cancelled') = (reason <> '')", name="cancelled_with_reason"),
        Index("ix_delegation_departs", "status", "departs_on"),
        Index("ix_delegation_edition", "edition_id"),
    )

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("market_edition.id"))
    title: Mapped[str] = mapped_column(String(200))
    about: Mapped[str] = mapped_column(Text)
    partner: Mapped[str] = mapped_column(String(200), default="")
    lead_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    departs_on: Mapped[date]
    returns_on: Mapped[date]
    closes_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(300))
    seats: Mapped[int]
    answer_days: Mapped[int]
    cost: Mapped[Money] = mapped_column(MoneyType)
    share: Mapped[Money] = mapped_column(MoneyType)
    covers: Mapped[str] = mapped_column(String(500), default="")
    criteria: Mapped[list[str]] = mapped_column(JsonType)
    sequence: Mapped[int] = mapped_column(default=0)
    selected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    review: Mapped[str] = mapped_column(String(500), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    edition: Mapped[MarketEdition] = relationship(lazy="raise", viewonly=True)
    lead: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)

    @property
    def subsidy(self) -> Money:
        """What we pay of each place."""
        return self.terms.subsidy

    @property
    def terms(self) -> Terms:
        """On what terms a place is offered."""
        return Terms(self.cost, self.share, self.covers)

    @property
    def mark(self) -> str:
        """The mark of what an offer says: who accepts it accepts these days, this place and these terms."""
        where = (self.title, self.departs_on, self.returns_on, self.place)
        return mark_of(*where, self.cost, self.share, self.covers)


class DelegationPlace(Identified, Versioned, Stateful[PlaceStatus], Base, start=PlaceStatus.APPLIED):
    """A business's application for a place, and the place. ``seat`` counts from 1: two never have the same one.

    ``marks`` has one mark for each criterion of the delegation; ``reminded_for`` is the last day to answer that was reminded of; ``legal_note`` is what was checked where goods are sold.
    ``agreed_cost``, ``agreed_share`` and ``agreed_covers`` are the terms that the business accepted: they bind, whatever changes later.
    ``settled`` is what a person decided about money that was given for it before it was given up.
    """

    __tablename__ = "delegation_place"
    __table_args__ = (
        CheckConstraint(f"(status IN ({HOLD_A_SEAT})) = (seat IS NOT NULL)", name="seated_if_offered"),
        CheckConstraint("seat > 0", name="seat_counted"),
        CheckConstraint("status <> 'waiting' OR queue IS NOT NULL", name="waiting_in_order"),
        CheckConstraint("(is_suitable IS NULL) = (assessed_at IS NULL)", name="assessed_at_if_assessed"),
        CheckConstraint("is_suitable IS NULL OR reason <> ''", name="assessed_with_reason"),
        CheckConstraint("(agreed_cost IS NULL) = (agreed_share IS NULL)", name="agreed_in_full"),
        CheckConstraint("agreed_share >= 0 AND agreed_share <= agreed_cost", name="agreed_share_within_cost"),
        Index("uq_delegation_place_once", "delegation_id", "business_id", unique=True),
        Index("uq_delegation_place_seat", "delegation_id", "seat", unique=True),
        Index("ix_delegation_place_business", "business_id", "applied_at"),
    )

    delegation_id: Mapped[UUID] = mapped_column(ForeignKey("delegation.id"))
    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    why: Mapped[str] = mapped_column(Text)
    sells: Mapped[Sells] = mapped_column(enum_type(Sells, name="sells"))
    seat: Mapped[int | None]
    queue: Mapped[int | None]
    marks: Mapped[list[Any]] = mapped_column(JsonType, default=list)
    is_suitable: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    legal_note: Mapped[str] = mapped_column(String(500), default="")
    assessed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_by: Mapped[date | None]
    reminded_for: Mapped[date | None]
    agreed_cost: Mapped[Money | None] = mapped_column(MoneyType)
    agreed_share: Mapped[Money | None] = mapped_column(MoneyType)
    agreed_covers: Mapped[str] = mapped_column(String(500), default="")
    subsidy_id: Mapped[UUID | None] = mapped_column(ForeignKey("subsidy.id"))
    settled: Mapped[str] = mapped_column(String(500), default="")
    applied_at: Mapped[datetime] = mapped_column(UtcDateTime)
    applied_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    delegation: Mapped[Delegation] = relationship(lazy="raise", viewonly=True)
    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
    person: Mapped[Person] = relationship(lazy="raise", viewonly=True)

    @property
    def points(self) -> int:
        """The marks in sum."""
        return sum(int(each) for each in self.marks)

    @property
    def agreed(self) -> Terms | None:
        """The terms that the business accepted last; None where it accepted none."""
        if self.agreed_cost is None or self.agreed_share is None:
            return None
        return Terms(self.agreed_cost, self.agreed_share, self.agreed_covers)

    @property
    def terms(self) -> Terms:
        """The terms that hold for this place: those that were accepted, else those of its delegation."""
        return self.agreed or self.delegation.terms


class DelegationReturn(Identified, Versioned, Base):
    """What came of a place, asked so many months after: in all since the delegation. None is not known yet.

    That of no months is what was known on the return: it can be recorded at once, and nobody is asked for it by letter.
    """

    __tablename__ = "delegation_return"
    __table_args__ = (
        CheckConstraint("months >= 0", name="months_counted"),
        CheckConstraint("meetings IS NULL OR meetings >= 0", name="meetings_not_negative"),
        CheckConstraint("leads IS NULL OR leads >= 0", name="leads_not_negative"),
        CheckConstraint("sales IS NULL OR sales >= 0", name="sales_not_negative"),
        CheckConstraint("reminded_at IS NULL OR asked_at IS NOT NULL", name="asked_before_reminded"),
        Index("uq_delegation_return_once", "place_id", "months", unique=True),
        Index("ix_delegation_return_due", "due_on"),
    )

    place_id: Mapped[UUID] = mapped_column(ForeignKey("delegation_place.id"))
    months: Mapped[int]
    due_on: Mapped[date]
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    meetings: Mapped[int | None]
    leads: Mapped[int | None]
    sales: Mapped[Money | None] = mapped_column(MoneyType)

    place: Mapped[DelegationPlace] = relationship(lazy="raise", viewonly=True)

    @property
    def stands_on(self) -> DelegationPlace:
        """On whose page it is shown."""
        return self.place

    @property
    def business(self) -> Business:
        """Whose place it is, for the policy."""
        return self.place.business
