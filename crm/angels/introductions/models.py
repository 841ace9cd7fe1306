"""An investor asks to meet a business: nothing that names the one reaches the other before both agree."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.angels.introductions.workflow import DeclineReason, IntroductionStatus
from crm.angels.pitches.models import Pitch
from crm.db.base import Base, Identified, Versioned, one_where
from crm.db.states import Stateful
from crm.db.types import UtcDateTime, WordsType, enum_type

LIVE_IN_SQL = "status IN ('requested', 'held', 'agreed')"


class Introduction(
    Identified, Versioned, Stateful[IntroductionStatus], Base, start=IntroductionStatus.REQUESTED
):
    """One request; an investor has one that is live for a pitch. ``message`` is shown to the business without a name.

    ``nudge_on``, ``task_on`` and ``lapse_on`` are the working days on which the business is reminded, the network's
    manager is asked to help, and the request lapses. ``met_at`` is when both saw each other's contacts: one moment.
    ``contact_ids`` are the accounts that the business named as its contacts: the investor sees these alone.
    """

    __tablename__ = "introduction"
    __table_args__ = (
        Index("ix_introduction_newest", "requested_at", "id"),
        CheckConstraint("(status = 'agreed') = (met_at IS NOT NULL)", name="met_if_agreed"),
        CheckConstraint("(status = 'declined') = (refusal IS NOT NULL)", name="declined_with_reason"),
        CheckConstraint("nudge_on < task_on AND task_on < lapse_on", name="days_in_order"),
        one_where("uq_introduction_live", "pitch_id", "account_id", where=LIVE_IN_SQL),
        Index("ix_introduction_status", "status", "nudge_on"),
        Index("ix_introduction_account", "account_id", "requested_at"),
    )

    pitch_id: Mapped[UUID] = mapped_column(ForeignKey("pitch.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    message: Mapped[str] = mapped_column(Text, default="")
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    nudge_on: Mapped[date]
    task_on: Mapped[date]
    lapse_on: Mapped[date]
    nudged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    refusal: Mapped[DeclineReason | None] = mapped_column(enum_type(DeclineReason, name="refusal"))
    refusal_note: Mapped[str] = mapped_column(Text, default="")
    contact_ids: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    met_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    pitch: Mapped[Pitch] = relationship(lazy="raise", viewonly=True)
    account: Mapped[Account] = relationship(lazy="raise", viewonly=True, foreign_keys=[account_id])
    answered_by: Mapped[Account | None] = relationship(
        lazy="raise", viewonly=True, foreign_keys=[answered_by_id]
    )
