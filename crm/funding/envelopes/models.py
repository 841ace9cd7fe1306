"""An envelope with its lines and running totals, the ledger that makes them, and changes to its limit."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account, Decided
from crm.db.base import Base, Identified, Versioned, one_where
from crm.db.states import Stateful
from crm.db.types import MoneyType, UtcDateTime, enum_type
from crm.funding.envelopes.rules import LINES, LedgerAccount, Line, Movement, Posted, Subject
from crm.funding.envelopes.workflow import ChangeStatus, ReversalStatus
from crm.kernel.money import NO_MONEY, Money

BigKey = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts up only a column called INTEGER
TOTALS = ("limited_to", "reserved", "committed", "claimed", "paid", "recovered")
"""The running totals. A trigger of the ledger keeps them; no verb sets them."""


def _walls() -> tuple[CheckConstraint, ...]:
    """What holds of the totals of an envelope, and of each of its lines: never more than the limit, nothing below nought."""
    return (
        CheckConstraint("committed + reserved <= limited_to", name="within_limit"),
        CheckConstraint("reserved >= 0", name="reserved_not_negative"),
        CheckConstraint(
            "claimed >= 0 AND paid >= 0 AND recovered >= 0 AND claimed + paid + recovered <= committed",
            name="within_committed",
        ),
    )


class _Totals:
    """Running totals. ``committed`` is committed in all: claimed, paid and recovered are parts of it until released."""

    limited_to: Mapped[Money] = mapped_column(MoneyType, default=NO_MONEY)
    reserved: Mapped[Money] = mapped_column(MoneyType, default=NO_MONEY)
    committed: Mapped[Money] = mapped_column(MoneyType, default=NO_MONEY)
    claimed: Mapped[Money] = mapped_column(MoneyType, default=NO_MONEY)
    paid: Mapped[Money] = mapped_column(MoneyType, default=NO_MONEY)
    recovered: Mapped[Money] = mapped_column(MoneyType, default=NO_MONEY)

    @property
    def taken(self) -> Money:
        """Committed and reserved together: what the limit cannot be lowered below."""
        return self.committed + self.reserved

    @property
    def free(self) -> Money:
        """What can still be reserved or committed."""
        return self.limited_to - self.taken

    @property
    def unclaimed(self) -> Money:
        """Committed and not yet claimed."""
        return self.committed - self.claimed - self.paid - self.recovered


class Envelope(Identified, Versioned, _Totals, Base):
    """Money from one fund, for one purpose, between two dates. Its limit is what the ledger says came from the fund."""

    __tablename__ = "envelope"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        *_walls(),
    )

    name: Mapped[str] = mapped_column(String(120), unique=True)
    fund: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)

    owner: Mapped[Account] = relationship(lazy="raise", viewonly=True)
    lines: Mapped[list[EnvelopeLine]] = relationship(
        lazy="raise", viewonly=True, order_by="EnvelopeLine.position"
    )


class EnvelopeLine(Identified, _Totals, Base):
    """What of an envelope is for one kind of spending, with running totals of its own."""

    __tablename__ = "envelope_line"
    __table_args__ = (UniqueConstraint("envelope_id", "line"), *_walls())

    envelope_id: Mapped[UUID] = mapped_column(ForeignKey("envelope.id"))
    line: Mapped[Line] = mapped_column(enum_type(Line, name="line"))
    position: Mapped[int]

    @property
    def label(self) -> str:
        """The line as it is said."""
        return LINES[self.line]


class LedgerEntry(Base):
    """One posting of an amount from one account to another: double entry by construction, and never changed.

    ``at`` is when it was recorded, ``happened_on`` the day on which the money itself moved, where that is known.
    A trigger adds it to the running totals of its envelope and line, another refuses a reversal that is not the
    equal and opposite of its entry.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("reason <> ''", name="with_reason"),
        CheckConstraint("(movement = 'reverse') = (reverses_id IS NOT NULL)", name="reversal_of_an_entry"),
        CheckConstraint(
            "(movement = 'raise' AND source = 'fund' AND target = 'free')"
            " OR (movement = 'lower' AND source = 'free' AND target = 'fund')"
            " OR (movement = 'reserve' AND source = 'free' AND target = 'reserved')"
            " OR (movement = 'commit' AND source IN ('free', 'reserved') AND target = 'committed')"
            " OR (movement = 'claim' AND source = 'committed' AND target = 'claimed')"
            " OR (movement = 'pay' AND source = 'claimed' AND target = 'paid')"
            " OR (movement = 'recover' AND source = 'paid' AND target = 'recovered')"
            " OR (movement = 'release' AND source IN ('reserved', 'committed', 'recovered') AND target = 'free')"
            " OR movement = 'reverse'",
            name="moves_as_its_movement_does",
        ),
        UniqueConstraint("reverses_id"),
        Index("ix_ledger_entry_envelope", "envelope_id", "id"),
        Index("ix_ledger_entry_subject", "subject_table", "subject_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    envelope_id: Mapped[UUID] = mapped_column(ForeignKey("envelope.id"))
    line: Mapped[Line] = mapped_column(enum_type(Line, name="line"))
    movement: Mapped[Movement] = mapped_column(enum_type(Movement, name="movement"))
    source: Mapped[LedgerAccount] = mapped_column(enum_type(LedgerAccount, name="source"))
    target: Mapped[LedgerAccount] = mapped_column(enum_type(LedgerAccount, name="target"))
    amount: Mapped[Money] = mapped_column(MoneyType)
    subject_table: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[UUID]
    reason: Mapped[str] = mapped_column(String(500))
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    happened_on: Mapped[date | None]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"))

    by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)
    envelope: Mapped[Envelope] = relationship(lazy="raise", viewonly=True)

    @property
    def posted(self) -> Posted:
        """As the sums need it."""
        return Posted(self.source, self.target, self.amount)

    @property
    def subject(self) -> Subject:
        """What it is about."""
        return Subject(self.subject_table, self.subject_id)


class EnvelopeChange(
    Identified, Versioned, Decided, Stateful[ChangeStatus], Base, start=ChangeStatus.PROPOSED
):
    """By how much each line's limit is to go up or down: proposed by one person, approved by another."""

    __tablename__ = "envelope_change"
    __table_args__ = (
        CheckConstraint("capital <> 0 OR revenue <> 0 OR in_kind <> 0", name="changes_something"),
        CheckConstraint("(status = 'proposed') = (decided_at IS NULL)", name="decided_if_not_proposed"),
        CheckConstraint(
            "status <> 'approved' OR (decided_by_id IS NOT NULL AND decided_by_id <> proposed_by_id)",
            name="approved_by_another",
        ),
        CheckConstraint("status <> 'refused' OR decision <> ''", name="refused_with_reason"),
        one_where("uq_envelope_change_one_open", "envelope_id", where="status = 'proposed'"),
        Index("ix_envelope_change_envelope", "envelope_id", "proposed_at"),
    )

    envelope_id: Mapped[UUID] = mapped_column(ForeignKey("envelope.id"))
    capital: Mapped[Money] = mapped_column(MoneyType)
    revenue: Mapped[Money] = mapped_column(MoneyType)
    in_kind: Mapped[Money] = mapped_column(MoneyType)
    reason: Mapped[str] = mapped_column(String(500))
    proposed_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(String(500), default="")

    envelope: Mapped[Envelope] = relationship(lazy="raise", viewonly=True)
    proposed_by: Mapped[Account] = relationship(lazy="raise", viewonly=True, foreign_keys=[proposed_by_id])

    @property
    def differences(self) -> dict[Line, Money]:
        """By how much each line's limit changes; lines that do not are left out."""
        found = {Line.CAPITAL: self.capital, Line.REVENUE: self.revenue, Line.IN_KIND: self.in_kind}
        return {line: difference for line, difference in found.items() if difference}

    @property
    def total(self) -> Money:
        """By how much the envelope's limit changes."""
        return self.capital + self.revenue + self.in_kind


class EntryReversal(
    Identified, Versioned, Decided, Stateful[ReversalStatus], Base, start=ReversalStatus.ASKED
):
    """A request to reverse a ledger entry that was a mistake: made by one person, confirmed by another."""

    __tablename__ = "entry_reversal"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="with_reason"),
        CheckConstraint("(status = 'asked') = (decided_at IS NULL)", name="decided_if_not_asked"),
        CheckConstraint("status <> 'refused' OR decision <> ''", name="refused_with_reason"),
        CheckConstraint(
            "status <> 'confirmed' OR (decided_by_id IS NOT NULL AND decided_by_id <> asked_by_id)",
            name="confirmed_by_another",
        ),
        one_where("uq_entry_reversal_one_open", "entry_id", where="status = 'asked'"),
        Index("ix_entry_reversal_status", "status", "asked_at"),
    )

    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"))
    reason: Mapped[str] = mapped_column(String(500))
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(String(500), default="")

    entry: Mapped[LedgerEntry] = relationship(lazy="raise", viewonly=True)
    asked_by: Mapped[Account] = relationship(lazy="raise", viewonly=True, foreign_keys=[asked_by_id])
