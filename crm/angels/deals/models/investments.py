"""Money that was invested in a raise: one row for each investment, with the reports that both sides gave of it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.angels.deals.models.pledges import Pledge
from crm.angels.deals.workflow import COMPLETED, InvestmentStatus, ShareRelief, Side
from crm.angels.investors.workflow import Instrument
from crm.angels.pitches.models import Pitch
from crm.db.base import Base, Identified, Versioned
from crm.db.states import Stateful
from crm.db.types import MoneyType, UtcDateTime, enum_type
from crm.kernel.money import Money


class Investment(Identified, Versioned, Stateful[InvestmentStatus], Base, start=InvestmentStatus.REPORTED):
    """One investment in a raise, by a member of the network or by an investor outside it whom the company names.

    Its figures are those of the report that stands: the latest of ``first_side``, until the network settles a difference. ``first_side`` is who
    reported it first. ``pledge_id`` is the pledge that it completes, where there was one.
    """

    __tablename__ = "investment"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("(account_id IS NOT NULL) <> (investor_name <> '')", name="one_investor"),
        CheckConstraint("instrument IN ('equity', 'loan_note', 'convertible')", name="cleared"),
        CheckConstraint("shares IS NULL OR (shares > 0 AND instrument = 'equity')", name="shares_of_equity"),
        CheckConstraint("relief = 'none' OR instrument = 'equity'", name="relief_for_shares"),
        CheckConstraint(
            "status NOT IN ('matched', 'confirmed') OR completed_at IS NOT NULL",
            name="completed_at_if_completed",
        ),
        CheckConstraint("status <> 'confirmed' OR settle_note <> ''", name="settled_with_reason"),
        CheckConstraint("(status = 'reversed') = (reverse_reason <> '')", name="reversed_with_reason"),
        CheckConstraint("(status = 'reversed') = (reversed_at IS NOT NULL)", name="reversed_at_if_reversed"),
        Index("ix_investment_pitch", "pitch_id", "status", "issued_on"),
        Index("ix_investment_account", "account_id", "issued_on"),
        Index("ix_investment_newest", "reported_at", "id"),
        Index("ix_investment_pledge", "pledge_id"),
    )

    pitch_id: Mapped[UUID] = mapped_column(ForeignKey("pitch.id"))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    investor_name: Mapped[str] = mapped_column(String(120), default="")
    pledge_id: Mapped[UUID | None] = mapped_column(ForeignKey("pledge.id"))
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    first_side: Mapped[Side] = mapped_column(enum_type(Side, name="first_side"))
    amount: Mapped[Money] = mapped_column(MoneyType)
    instrument: Mapped[Instrument] = mapped_column(enum_type(Instrument, name="instrument"))
    issued_on: Mapped[date]
    shares: Mapped[int | None]
    share_class: Mapped[str] = mapped_column(String(60), default="")
    relief: Mapped[ShareRelief] = mapped_column(
        enum_type(ShareRelief, name="relief"), default=ShareRelief.NONE
    )
    terms: Mapped[str] = mapped_column(Text, default="")
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    settle_note: Mapped[str] = mapped_column(Text, default="")
    reversed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reversed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    reverse_reason: Mapped[str] = mapped_column(Text, default="")

    pitch: Mapped[Pitch] = relationship(lazy="raise", viewonly=True)
    account: Mapped[Account | None] = relationship(lazy="raise", viewonly=True, foreign_keys=[account_id])
    pledge: Mapped[Pledge | None] = relationship(lazy="raise", viewonly=True)

    @property
    def is_completed(self) -> bool:
        """Whether it counts: both sides said the same, or the network settled what they said."""
        return self.status in COMPLETED


class InvestmentReport(Identified, Base):
    """What one side said of an investment at one moment: never changed; of several the latest counts.

    One that denies it says why in ``words`` and names no sum.
    """

    __tablename__ = "investment_report"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("(amount = 0) = is_denied", name="denied_without_sum"),
        CheckConstraint("NOT is_denied OR words <> ''", name="denied_with_words"),
        Index("ix_investment_report_investment", "investment_id", "at"),
    )

    investment_id: Mapped[UUID] = mapped_column(ForeignKey("investment.id"))
    side: Mapped[Side] = mapped_column(enum_type(Side, name="side"))
    is_denied: Mapped[bool] = mapped_column(default=False)
    amount: Mapped[Money] = mapped_column(MoneyType)
    instrument: Mapped[Instrument] = mapped_column(enum_type(Instrument, name="instrument"))
    issued_on: Mapped[date]
    shares: Mapped[int | None]
    share_class: Mapped[str] = mapped_column(String(60), default="")
    relief: Mapped[ShareRelief] = mapped_column(
        enum_type(ShareRelief, name="relief"), default=ShareRelief.NONE
    )
    terms: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reported_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    investment: Mapped[Investment] = relationship(lazy="raise", viewonly=True)
    reported_by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)
