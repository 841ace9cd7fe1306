"""Referrals: which business, to whom, with which pack, and what came of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.businesses.models import Business, Person
from crm.casework.models import Conversation
from crm.db.base import Base, Identified, Versioned, held_by_author
from crm.db.states import Stateful
from crm.db.types import MoneyType, UtcDateTime, enum_type
from crm.directory.models import Service
from crm.kernel.clock import is_past
from crm.kernel.money import Money
from crm.referrals.workflow import CLOSED, OPEN, OUTSTANDING, Outcome, ReferralStatus


class Referral(Identified, Versioned, Stateful[ReferralStatus], Base, start=ReferralStatus.DRAFT):
    """A business passed on: to a provider's service, or to a colleague. ``pack`` is what was sent, as it was read.

    ``needs`` are the codes of the needs of its diagnosis that the recipient reads; None, in drafts from before, is the
    most pressing ones.

    ``path`` is the place on a page of the business from which it was drafted; empty where it was written by hand.
    ``holder_id`` is who sees it through: who prepared it, or the colleague it was handed to.
    ``told_at``, ``told_to``: that the business was told before anything left; ``objects_until`` the last day to object.
    """

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint("(service_id IS NULL) <> (recipient_id IS NULL)", name="to_one"),
        CheckConstraint("recipient_id IS NULL OR recipient_id <> created_by_id", name="to_another"),
        CheckConstraint(
            "status IN ('draft', 'announced', 'objected', 'withdrawn') OR (sent_at IS NOT NULL AND pack IS NOT NULL)",
            name="sent_with_pack",
        ),
        CheckConstraint(
            "status NOT IN ('announced', 'objected') "
            "OR (told_at IS NOT NULL AND told_to IS NOT NULL AND objects_until IS NOT NULL AND pack IS NOT NULL)",
            name="announced_with_pack",
        ),
        CheckConstraint(
            "status NOT IN ('declined', 'lapsed', 'withdrawn') OR reason <> ''", name="closed_with_reason"
        ),
        CheckConstraint(
            "(status = 'completed') = (completed_at IS NOT NULL AND outcome IS NOT NULL AND completed_by IS NOT NULL)",
            name="completed_with_outcome",
        ),
        CheckConstraint("quarters BETWEEN 1 AND 4000", name="quarters_counted"),
        CheckConstraint("value >= 0", name="value_not_negative"),
        CheckConstraint("(helped IS NULL) = (helped_at IS NULL)", name="helped_at_a_moment"),
        CheckConstraint("helped IS NULL OR status = 'completed'", name="helped_once_completed"),
        Index("ix_referral_business", "business_id", "created_at"),
        Index("ix_referral_status", "status", "due_on"),
        Index("ix_referral_service", "service_id", "status"),
        Index("ix_referral_recipient", "recipient_id", "status"),
        Index("ix_referral_newest", "created_at", "id"),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    service_id: Mapped[UUID | None] = mapped_column(ForeignKey("service.id"))
    recipient_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    subject: Mapped[str] = mapped_column(String(255))
    path: Mapped[str] = mapped_column(String(200), default="")
    message: Mapped[str] = mapped_column(Text)
    needs: Mapped[list[str] | None] = mapped_column(
        JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    holder_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("account.id"), index=True, default=held_by_author("created_by_id")
    )
    pack: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    )
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_to: Mapped[str | None] = mapped_column(String(254))
    told_to_name: Mapped[str | None] = mapped_column(String(200))
    objects_until: Mapped[date | None]
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_to: Mapped[str | None] = mapped_column(String(254))
    sent_to_name: Mapped[str | None] = mapped_column(String(200))
    due_on: Mapped[date | None]
    chases: Mapped[int] = mapped_column(default=0)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by: Mapped[str | None] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[Outcome | None] = mapped_column(enum_type(Outcome, name="outcome"))
    quarters: Mapped[int | None]
    value: Mapped[Money | None] = mapped_column(MoneyType)
    note_to_business: Mapped[str] = mapped_column(Text, default="")
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_by: Mapped[str | None] = mapped_column(String(200))
    completed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    conversation_id: Mapped[UUID | None] = mapped_column(ForeignKey("conversation.id"), unique=True)
    helped: Mapped[bool | None]
    helped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    helped_note: Mapped[str] = mapped_column(Text, default="")

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
    person: Mapped[Person] = relationship(lazy="raise", viewonly=True)
    service: Mapped[Service | None] = relationship(lazy="raise", viewonly=True)
    recipient: Mapped[Account | None] = relationship(
        lazy="raise", viewonly=True, foreign_keys="Referral.recipient_id"
    )
    sender: Mapped[Account | None] = relationship(
        lazy="raise", viewonly=True, foreign_keys="Referral.created_by_id"
    )
    holder: Mapped[Account | None] = relationship(
        lazy="raise", viewonly=True, foreign_keys="Referral.holder_id"
    )
    chosen: Mapped[list[ReferralConversation]] = relationship(lazy="raise", viewonly=True)

    @property
    def is_known(self) -> bool:
        """Whether the business knows of it: it was told, or it was sent."""
        return self.sent_at is not None or self.told_at is not None

    @property
    def is_open(self) -> bool:
        """Whether it is drafted, told of or under way."""
        return self._status in OPEN

    @property
    def is_outstanding(self) -> bool:
        """Whether something is still to come of it."""
        return self._status in OUTSTANDING

    @property
    def is_closed(self) -> bool:
        """Whether it ended without anything."""
        return self._status in CLOSED

    def is_late(self, *, on: date) -> bool:
        """Whether an answer should have come before this day."""
        return self._status is ReferralStatus.SENT and self.due_on is not None and is_past(self.due_on, on=on)


class ReferralConversation(Base):
    """That a conversation was chosen for the pack: its day and subject, never the notes."""

    __tablename__ = "referral_conversation"

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"), primary_key=True)

    conversation: Mapped[Conversation] = relationship(lazy="raise", viewonly=True)
