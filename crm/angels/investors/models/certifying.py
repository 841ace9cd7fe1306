"""Statements: their wordings in versions, what was signed, and what was tried and refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.angels.investors.rules.gate import ONE_DAY, Statement
from crm.angels.investors.workflow import Ground
from crm.db.base import Base, Identified, Versioned
from crm.db.types import JsonType, UtcDateTime, WordsType, enum_type
from crm.kernel.clock import has_come, is_past


class StatementWording(Identified, Versioned, Base):
    """One version of the words of a statement. Until a lawyer signed them off it is a summary of ours, marked as such.

    ``valid_from`` to ``signed_until`` are the days on which it can be signed; after ``counts_until`` nothing signed on
    it counts. ``body`` is its heading, lead, conditions by letter, declaration and warning.
    """

    __tablename__ = "statement_wording"
    __table_args__ = (
        CheckConstraint(
            "(approved_on IS NULL) = (approved_by = '') AND (approved_on IS NULL) = (approved_reference = '')",
            name="approved_by_somebody",
        ),
        Index("uq_statement_wording_version", "ground", "version_name", unique=True),
    )

    ground: Mapped[Ground] = mapped_column(enum_type(Ground, name="ground"))
    version_name: Mapped[str] = mapped_column(String(20))
    valid_from: Mapped[date]
    signed_until: Mapped[date | None]
    counts_until: Mapped[date | None]
    body: Mapped[dict[str, Any]] = mapped_column(JsonType)
    sha256: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(500))
    approved_on: Mapped[date | None]
    approved_by: Mapped[str] = mapped_column(String(200), default="")
    approved_reference: Mapped[str] = mapped_column(String(200), default="")
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    @property
    def is_approved(self) -> bool:
        """Whether a lawyer signed it off."""
        return self.approved_on is not None

    def can_be_signed(self, *, on: date) -> bool:
        """Whether it is the form of a day."""
        is_over = self.signed_until is not None and is_past(self.signed_until, on=on)
        return has_come(self.valid_from, on=on) and not is_over


class Certification(Identified, Versioned, Base):
    """What an investor signed: the words exactly as they stood before them, with their digest. It is never changed.

    It holds from ``signed_on``, the day in London, until the day before ``valid_until``, unless it is revoked. A
    certificate of an authorised person (article 50) counts once it was confirmed against the file. From ``restricted_at`` on its
    investor is erased: it is evidence alone, which few may read.
    """

    __tablename__ = "certification"
    __table_args__ = (
        CheckConstraint("valid_until > signed_on", name="holds_for_a_day"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_reason = '')", name="revoked_with_reason"),
        CheckConstraint(
            "(ground = 'certified') = (firm <> '') AND (firm <> '') = (frn <> '')"
            " AND (firm <> '') = (issued_on IS NOT NULL) AND (firm <> '') = (kinds <> '')",
            name="certificate_whole",
        ),
        CheckConstraint("confirmed_at IS NULL OR ground = 'certified'", name="confirmed_certificate"),
        CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> account_id", name="confirmed_by_another"
        ),
        # What the ledger of promotions points at: a row there cannot claim other days than were signed for.
        UniqueConstraint("id", "account_id", "signed_on", "valid_until", name="uq_certification_days"),
        Index("ix_certification_account", "account_id", "signed_at"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    ground: Mapped[Ground] = mapped_column(enum_type(Ground, name="ground"))
    wording_id: Mapped[UUID] = mapped_column(ForeignKey("statement_wording.id"))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_on: Mapped[date]
    valid_until: Mapped[date]
    signed_name: Mapped[str] = mapped_column(String(200))
    particulars: Mapped[dict[str, Any]] = mapped_column(JsonType)
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    ip: Mapped[str] = mapped_column(String(45))
    device: Mapped[str] = mapped_column(String(80))
    rests_on_membership: Mapped[bool] = mapped_column(default=False)
    firm: Mapped[str] = mapped_column(String(200), default="")
    frn: Mapped[str] = mapped_column(String(7), default="")
    issued_on: Mapped[date | None]
    kinds: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("document.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    revoked_reason: Mapped[str] = mapped_column(Text, default="")
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    restricted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    account: Mapped[Account] = relationship(lazy="raise", viewonly=True, foreign_keys=[account_id])
    wording: Mapped[StatementWording] = relationship(lazy="raise", viewonly=True)

    @property
    def last_day(self) -> date:
        """The last day on which it holds."""
        return self.valid_until - ONE_DAY

    @property
    def kept_at(self) -> str:
        """Where the paper is kept, for a statement that is for the record only; else empty."""
        return str(self.particulars.get("kept_at", ""))

    @property
    def as_statement(self) -> Statement:
        """As the gate reads it."""
        return Statement(
            id=self.id,
            signed_on=self.signed_on,
            until=self.valid_until,
            is_revoked=self.revoked_at is not None,
            is_confirmed=self.ground is not Ground.CERTIFIED or self.confirmed_at is not None,
            rests_on_membership=self.rests_on_membership,
            kinds=frozenset(self.kinds) if self.ground is Ground.CERTIFIED else None,
        )


class CertificationAttempt(Identified, Base):
    """A statement that was refused, with why: part of what shows reasonable grounds."""

    __tablename__ = "certification_attempt"
    __table_args__ = (Index("ix_certification_attempt_account", "account_id", "tried_at"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    ground: Mapped[Ground] = mapped_column(enum_type(Ground, name="ground"))
    tried_at: Mapped[datetime] = mapped_column(UtcDateTime)
    particulars: Mapped[dict[str, Any]] = mapped_column(JsonType)
    reason: Mapped[str] = mapped_column(String(500))
    ip: Mapped[str] = mapped_column(String(45))
