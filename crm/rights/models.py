"""A right that a business uses: what it is, who owns it, who made its parts, and who may use it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.businesses.models import Business
from crm.db.base import Base, Identified, Versioned
from crm.db.types import JsonType, MoneyType, UtcDateTime, enum_type
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.rights.rules.gaps import Holding, Licensed, Made, gaps_in
from crm.rights.rules.registering import COMPARED, contradictions, number_on_register, out_of_place
from crm.rights.workflow import LicenceWay, MakerKind, RightKind, RightStatus


class Right(Identified, Versioned, Base):
    """One entry of the register. One that was removed stays as a row, so that what was shown can be explained.

    ``shares`` lists each owner with hundredths of a per cent; ``owner`` says the same in words. ``reminded_for`` is the
    renewal date that was last reminded of, and ``reminded_days`` at which figure.
    """

    __tablename__ = "ip_right"
    __table_args__ = (
        CheckConstraint("status <> 'registered' OR number <> ''", name="registered_with_number"),
        CheckConstraint(
            "kind NOT IN ('copyright', 'database', 'know_how', 'trade_secret') "
            "OR status NOT IN ('registered', 'applied_for')",
            name="register_there_is",
        ),
        CheckConstraint(
            "renews_on IS NULL OR filed_on IS NULL OR renews_on > filed_on", name="renewal_after_filing"
        ),
        Index("ix_ip_right_business", "business_id", "title"),
        Index("ix_ip_right_renews_on", "renews_on"),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    kind: Mapped[RightKind] = mapped_column(enum_type(RightKind, name="kind"))
    title: Mapped[str] = mapped_column(String(200), info={"unnamed": ("kind", RightKind.TRADE_SECRET)})
    owner: Mapped[str] = mapped_column(String(1000))
    shares: Mapped[list[Any]] = mapped_column(JSON().with_variant(JSONB(), "postgresql"), default=list)
    territory: Mapped[str] = mapped_column(String(200))
    status: Mapped[RightStatus] = mapped_column(enum_type(RightStatus, name="status"))
    number: Mapped[str] = mapped_column(String(60), default="")
    classes: Mapped[str] = mapped_column(String(200), default="")
    filed_on: Mapped[date | None]
    registered_on: Mapped[date | None]
    renews_on: Mapped[date | None]
    yearly_cost: Mapped[Money | None] = mapped_column(MoneyType)
    protects: Mapped[str] = mapped_column(String(300), default="")
    reminded_for: Mapped[date | None]
    reminded_days: Mapped[int | None]
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
    parts: Mapped[list[RightPart]] = relationship(
        lazy="raise",
        viewonly=True,
        order_by="(RightPart.added_at, RightPart.id)",
        primaryjoin="and_(RightPart.right_id == Right.id, RightPart.removed_at.is_(None))",
    )
    licences: Mapped[list[RightLicence]] = relationship(
        lazy="raise",
        viewonly=True,
        order_by="(RightLicence.starts_on, RightLicence.id)",
        primaryjoin="and_(RightLicence.right_id == Right.id, RightLicence.removed_at.is_(None))",
    )

    answer: Mapped[RegisterAnswer | None] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin=(
            "and_(RegisterAnswer.business_id == foreign(Right.business_id), "
            "RegisterAnswer.number == foreign(Right.number), "
            "RegisterAnswer.kind == cast(Right.kind, String))"
        ),
    )

    @property
    def gaps(self) -> tuple[str, ...]:
        """What is missing from its title, in sentences."""
        holding = Holding(
            self.kind, self.status, self.shares, self.renews_on, self.owners, self.business.name, today()
        )
        parts = [each.made for each in self.parts]
        found = gaps_in(holding, parts=parts, licences=[each.licensed for each in self.licences])
        found += out_of_place(self.kind, self.number, territory=self.territory)
        is_told = self.answer is not None and self.number_on_register is not None
        return found + (contradictions(self.compared, self.answer.says) if self.answer and is_told else ())

    @property
    def number_on_register(self) -> str | None:
        """Its number as the register of the United Kingdom writes it; None where it is not on that register."""
        return number_on_register(self.kind, self.number, territory=self.territory)

    @property
    def owners(self) -> tuple[str, ...]:
        """Who owns it, by name."""
        return tuple(str(name) for name, _ in self.shares) or (self.owner,)

    @property
    def compared(self) -> dict[str, Any]:
        """What of it the register may say differently."""
        return {name: getattr(self, name) for name in ("kind", "number", "owners", *COMPARED)}

    @property
    def is_due(self) -> bool:
        """Whether it has a renewal ahead or missed: what lapsed needs none."""
        return self.renews_on is not None and self.status is not RightStatus.LAPSED


class RegisterAnswer(Identified, Base):
    """What the register of the Intellectual Property Office said of a number, when a business last had it looked up.

    ``says`` is None where the register knows no such number.
    """

    __tablename__ = "register_answer"
    __table_args__ = (Index("uq_register_answer_once", "business_id", "kind", "number", unique=True),)

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    kind: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(60))
    says: Mapped[dict[str, Any] | None] = mapped_column(JsonType)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class _OfRight:
    """What belongs to a right, which must be loaded, and so to its business."""

    right: Mapped[Right]

    @property
    def business(self) -> Business:
        """Whose right it is."""
        return self.right.business

    @property
    def stands_on(self) -> Right:
        """On whose page it is shown."""
        return self.right

    @property
    def kind(self) -> RightKind:
        """What kind of right it is."""
        return self.right.kind


class RightPart(_OfRight, Identified, Versioned, Base):
    """A part of a work and who made it.

    ``assigned_at`` is when the signed assignment was attached, ``signed_on`` the day that stands on it, where it has one.
    """

    __tablename__ = "right_part"
    __table_args__ = (
        Index("ix_right_part_unassigned", "assigned_at", "right_id"),
        Index("ix_right_part_right", "right_id", "added_at"),
        CheckConstraint("signed_on IS NULL OR assigned_at IS NOT NULL", name="signed_with_paper"),
    )

    right_id: Mapped[UUID] = mapped_column(ForeignKey("ip_right.id"))
    title: Mapped[str] = mapped_column(String(120))
    craft: Mapped[str] = mapped_column(String(60))
    maker: Mapped[str] = mapped_column(String(120))
    maker_kind: Mapped[MakerKind] = mapped_column(enum_type(MakerKind, name="maker_kind"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    assigned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_on: Mapped[date | None]
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    right: Mapped[Right] = relationship(lazy="raise", viewonly=True)

    @property
    def made(self) -> Made:
        """As the rules of title read it."""
        is_employee = self.maker_kind is MakerKind.EMPLOYEE
        return Made(self.title, self.craft, self.maker, is_employee, self.assigned_at is not None)


class RightLicence(_OfRight, Identified, Versioned, Base):
    """A licence of a right, to another or to the business. ``income`` is what is paid for a year: to the business for a
    licence to another, and by the business for a licence that it has.
    """

    __tablename__ = "right_licence"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates_in_order"),
        Index("ix_right_licence_right", "right_id", "starts_on"),
    )

    right_id: Mapped[UUID] = mapped_column(ForeignKey("ip_right.id"))
    way: Mapped[LicenceWay] = mapped_column(enum_type(LicenceWay, name="way"))
    party: Mapped[str] = mapped_column(String(200))
    territory: Mapped[str] = mapped_column(String(200))
    is_exclusive: Mapped[bool]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    income: Mapped[Money | None] = mapped_column(MoneyType)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    right: Mapped[Right] = relationship(lazy="raise", viewonly=True)

    @property
    def licensed(self) -> Licensed:
        """As the rules of title read it."""
        is_out = self.way is LicenceWay.OUT
        return Licensed(
            self.party, self.territory, is_out, self.is_exclusive, self.starts_on, ends_on=self.ends_on
        )
