"""What an investor pledges to a raise, in time order; and the exemption on which its offer rests."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.angels.deals.workflow import PledgeStatus
from crm.angels.pitches.models import Pitch
from crm.db.base import Base, Identified, Versioned
from crm.db.states import Stateful
from crm.db.types import MoneyType, UtcDateTime, WordsType
from crm.kernel.money import NO_MONEY, Money

ENDS = "('completed', 'withdrawn', 'declined', 'lapsed', 'ended')"


class Pledge(Identified, Versioned, Stateful[PledgeStatus], Base, start=PledgeStatus.WAITING):
    """A sum that an investor means to put into a raise. An investor may have several.

    ``pledged_at`` is its place in the line, for the part that waits too. ``pitch_version`` is what the investor had read.
    ``offered_until`` is the last day on which a place that became free is theirs to take. By two triggers of the database, what
    takes room in a raise never adds up to more than it seeks.
    """

    __tablename__ = "pledge"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("(status = 'offered') = (offered_until IS NOT NULL)", name="offered_until_a_day"),
        CheckConstraint(f"(status IN {ENDS}) = (ended_at IS NOT NULL)", name="ended_at_if_ended"),
        CheckConstraint(
            "status <> 'committed' OR committed_at IS NOT NULL", name="committed_at_if_committed"
        ),
        CheckConstraint("status <> 'declined' OR end_reason <> ''", name="declined_with_reason"),
        Index("ix_pledge_pitch", "pitch_id", "status", "pledged_at"),
        Index("ix_pledge_account", "account_id", "pledged_at"),
        Index("ix_pledge_newest", "pledged_at", "id"),
        Index("ix_pledge_offers", "status", "offered_until"),
    )

    pitch_id: Mapped[UUID] = mapped_column(ForeignKey("pitch.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    amount: Mapped[Money] = mapped_column(MoneyType)
    pitch_version: Mapped[int]
    pledged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    offered_until: Mapped[date | None]
    committed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str] = mapped_column(Text, default="")

    pitch: Mapped[Pitch] = relationship(lazy="raise", viewonly=True)
    account: Mapped[Account] = relationship(lazy="raise", viewonly=True)


class RaiseExemption(Identified, Versioned, Base):
    """Which exemptions from the ban on public offers a raise relies on: any one that holds is enough.

    ``raised_before`` is what the company was paid for other offers to the public within twelve months, ``people_before``
    how many people outside the network were offered the same, both as the company says.
    """

    __tablename__ = "raise_exemption"
    __table_args__ = (
        CheckConstraint("kinds <> ''", name="relies_on_one"),
        CheckConstraint("raised_before >= 0 AND people_before >= 0", name="not_negative"),
        CheckConstraint("kinds NOT LIKE '%|qualified|%' OR note <> ''", name="qualified_with_note"),
    )

    pitch_id: Mapped[UUID] = mapped_column(ForeignKey("pitch.id"), unique=True)
    kinds: Mapped[tuple[str, ...]] = mapped_column(WordsType)
    raised_before: Mapped[Money] = mapped_column(MoneyType, default=NO_MONEY)
    people_before: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    pitch: Mapped[Pitch] = relationship(lazy="raise", viewonly=True)
    recorded_by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)
