"""Accounts, the roles granted to them, their sessions; hubs and the authorities each serves."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, FromClause, Index, String, Text, and_, or_
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from crm.accounts.workflow import AccountStatus
from crm.db.base import Base, Identified, Versioned
from crm.db.ending import NO_MAIL
from crm.db.states import Stateful
from crm.db.types import UtcDateTime, enum_type
from crm.kernel.clock import day_of, has_come, is_past, now
from crm.kernel.roles import Grant, Role, Scope, Standing

ON_DESKS_FOR = timedelta(days=28)
"""How long what became of a proposal stays on desks where nobody marks it as read."""
DATES_IN_ORDER = "valid_to IS NULL OR valid_to >= valid_from"


class Account(Identified, Versioned, Stateful[AccountStatus], Base, start=AccountStatus.INVITED):
    """A sign-in. One person, one account, several roles. Staff have a password; others sign in by email."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
        Index("ix_account_name_id", "name", "id"),
    )

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    second_factor_secret: Mapped[str | None] = mapped_column(String(200))
    second_factor_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    grants: Mapped[list[RoleGrant]] = relationship(
        lazy="raise", viewonly=True, order_by="RoleGrant.valid_from", foreign_keys="RoleGrant.account_id"
    )

    @property
    def is_erased(self) -> bool:
        """Whether its holder was erased: it has an address that no email reaches, and a pseudonym."""
        return self.email.endswith(f"@{NO_MAIL}")


class RoleGrant(Identified, Base):
    """A role held by an account for a scope, from a first day to a last day, or until the moment it was ended."""

    __tablename__ = "role_grant"
    __table_args__ = (
        Index("ix_role_grant_role", "role", "scope_id"),
        CheckConstraint(DATES_IN_ORDER, name="dates_in_order"),
        CheckConstraint("(scope = 'everywhere') = (scope_id IS NULL)", name="scope_whole"),
        CheckConstraint("granted_by_id IS NULL OR granted_by_id <> account_id", name="granted_by_another"),
        CheckConstraint("role NOT IN ('anyone', 'signed_in', 'key_holder')", name="role_can_be_granted"),
        CheckConstraint("(role = 'founder') = (standing IS NOT NULL)", name="founders_have_standing"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_type(Role, name="role"))
    scope: Mapped[Scope] = mapped_column(enum_type(Scope, name="scope"))
    scope_id: Mapped[str | None] = mapped_column(String(60))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    standing: Mapped[Standing | None] = mapped_column(enum_type(Standing, name="standing"))
    granted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    account: Mapped[Account] = relationship(lazy="raise", foreign_keys=[account_id], viewonly=True)

    def as_grant(self) -> Grant:
        """The grant as policies read it."""
        dates = {"valid_from": self.valid_from, "valid_to": self.valid_to, "ended_on": self.ended_on}
        return Grant(self.role, self.scope, self.scope_id, standing=self.standing, **dates)

    @property
    def ended_on(self) -> date | None:
        """The day in London on which it was ended early."""
        return day_of(self.ended_at) if self.ended_at else None

    def is_over(self, *, on: date) -> bool:
        """Whether it holds no longer on a day."""
        return self.as_grant().is_over(on=on)


class LoginSession(Identified, Base):
    """One sign-in on one device, until it is ended or runs out. Only the hash of its secret is kept."""

    __tablename__ = "login_session"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(80))
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Hub(Identified, Versioned, Base):
    """A Growth Hub: who helps the businesses of an area."""

    __tablename__ = "hub"
    __table_args__ = (
        CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name="dates_in_order"),
        Index("ix_hub_name_id", "name", "id"),
    )

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    website: Mapped[str | None] = mapped_column(String(300))
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(500))

    areas: Mapped[list[HubArea]] = relationship(
        lazy="raise", viewonly=True, order_by="HubArea.authority_code"
    )

    def is_open(self, *, on: date) -> bool:
        """Whether the hub works on a day."""
        return has_come(self.opened_on, on=on) and (
            self.closed_on is None or not is_past(self.closed_on, on=on)
        )

    def serves(self, authority_code: str, *, on: date) -> bool:
        """Whether the hub serves an authority on a day. Its areas must be loaded."""
        return self.is_open(on=on) and any(
            each.authority_code == authority_code and each.holds(on=on) for each in self.areas
        )

    def details(self) -> dict[str, Any]:
        """What can be corrected."""
        names = ("name", "email", "phone", "website", "opened_on", "closed_on", "source")
        return {name: getattr(self, name) for name in names}


class HubArea(Identified, Base):
    """One authority that a hub serves, from a first day to a last day. Two hubs may serve one authority."""

    __tablename__ = "hub_area"
    __table_args__ = (
        CheckConstraint(DATES_IN_ORDER, name="dates_in_order"),
        Index("ix_hub_area_authority", "authority_code", "valid_from"),
        Index("uq_hub_area_beginning", "hub_id", "authority_code", "valid_from", unique=True),
    )

    hub_id: Mapped[UUID] = mapped_column(ForeignKey("hub.id"))
    authority_code: Mapped[str] = mapped_column(String(9))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(500))

    hub: Mapped[Hub] = relationship(lazy="raise", viewonly=True)

    def holds(self, *, on: date) -> bool:
        """Whether the authority is served on a day; the first and the last day both count."""
        return has_come(self.valid_from, on=on) and (
            self.valid_to is None or not is_past(self.valid_to, on=on)
        )


class Handover(Identified, Base):
    """That a person's caseload, or a part of it, went to colleagues. It can be undone within a day."""

    __tablename__ = "handover"

    giver_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    giver: Mapped[Account] = relationship(lazy="raise", viewonly=True, foreign_keys=[giver_id])
    by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True, foreign_keys=[by_id])
    cases: Mapped[list[HandoverCase]] = relationship(
        lazy="raise", viewonly=True, order_by="HandoverCase.position"
    )


class HandoverCase(Identified, Base):
    """One thing that was handed over, to whom, its day and its page (a path)."""

    __tablename__ = "handover_case"
    __table_args__ = (Index("ix_handover_case_handover", "handover_id", "position"),)

    handover_id: Mapped[UUID] = mapped_column(ForeignKey("handover.id"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    case_id: Mapped[UUID]
    title: Mapped[str] = mapped_column(String(300))
    due: Mapped[date | None]
    href: Mapped[str] = mapped_column(String(300), default="")
    receiver_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))

    receiver: Mapped[Account] = relationship(lazy="raise", viewonly=True)


class Decided:
    """A row that one person made and another decides: when, and by whom. Each table's own walls keep the two apart."""

    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, sort_order=50)
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), sort_order=51)

    @declared_attr
    @classmethod
    def decided_by(cls) -> Mapped[Account | None]:
        """Who decided it."""
        return relationship(lazy="raise", viewonly=True, foreign_keys=cls.decided_by_id)


class Proposed(Identified, Versioned, Decided):
    """A row that one person proposes with a reason, and another confirms, or refuses with a reason (decision 0111).

    ``is_unread`` says that nobody marked what became of it as read.
    """

    reason: Mapped[str] = mapped_column(Text, default="", sort_order=40)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime, sort_order=41)
    proposed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), sort_order=42)
    refusal: Mapped[str] = mapped_column(Text, default="", sort_order=52)
    is_unread: Mapped[bool] = mapped_column(default=False, sort_order=53)

    @declared_attr
    @classmethod
    def proposed_by(cls) -> Mapped[Account | None]:
        """Who proposed it."""
        return relationship(lazy="raise", viewonly=True, foreign_keys=cls.proposed_by_id)


def walls_of_proposals() -> tuple[CheckConstraint, ...]:
    """What the database holds of every table of proposals: above all, that nobody confirms what they proposed themselves."""
    return (
        CheckConstraint("(status = 'proposed') = (decided_at IS NULL)", name="decided_if_not_proposed"),
        CheckConstraint("status <> 'refused' OR refusal <> ''", name="refused_with_reason"),
        CheckConstraint("NOT is_unread OR status IN ('confirmed', 'refused')", name="unread_if_decided"),
        CheckConstraint(
            "status <> 'confirmed' OR decided_by_id IS NULL OR proposed_by_id IS NULL"
            " OR decided_by_id <> proposed_by_id",
            name="confirmed_by_another",
        ),
    )


def is_on_desks(table: FromClause) -> ColumnElement[bool]:
    """Of a table of proposals those that wait, and what became of the others lately and nobody marked as read."""
    lately = and_(table.c.is_unread, table.c.decided_at > now() - ON_DESKS_FOR)
    return or_(table.c.status == "proposed", lately)
