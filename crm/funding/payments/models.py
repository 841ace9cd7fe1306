"""Bank details of a business, payments to it, the runs that carry them to the bank, and what the bank answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.businesses.models import Business
from crm.db.base import Base, Identified, Versioned, one_where
from crm.db.states import Stateful
from crm.db.types import JsonType, MoneyType, UtcDateTime, enum_type
from crm.funding.envelopes.models import Envelope
from crm.funding.envelopes.rules import LINES, Line, Subject
from crm.funding.payments.rules.accounts import BankAccount, digits, masked
from crm.funding.payments.rules.answers import Said, Verdict
from crm.funding.payments.rules.labels import (
    ANSWER_STATUSES,
    DETAILS_STATUSES,
    PAYMENT_STATUSES,
    RUN_STATUSES,
)
from crm.funding.payments.rules.reasons import RETURNED_BY, is_against_payee, to_payee
from crm.funding.payments.workflow import (
    AnswerStatus,
    DetailsStatus,
    PaymentStatus,
    RunStatus,
)
from crm.kernel.money import Money


class BankDetails(Identified, Versioned, Stateful[DetailsStatus], Base, start=DetailsStatus.ENTERED):
    """An account to pay a business to. ``numbers`` and ``readers`` are telephones and addresses known before it was entered."""

    __tablename__ = "bank_details"
    __table_args__ = (
        CheckConstraint(
            "status NOT IN ('confirmed', 'replaced') OR (called_by_id IS NOT NULL AND called_at IS NOT NULL"
            " AND spoke_to <> '' AND called_number <> '' AND called_by_id <> entered_by_id)",
            name="called_back_by_another",
        ),
        one_where("uq_bank_details_entered", "business_id", where="status = 'entered'"),
        one_where("uq_bank_details_confirmed", "business_id", where="status = 'confirmed'"),
        Index("ix_bank_details_business", "business_id", "entered_at"),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    account_name: Mapped[str] = mapped_column(String(70))
    sort_code: Mapped[str] = mapped_column(String(6))
    account_number: Mapped[str] = mapped_column(String(8))
    entered_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    numbers: Mapped[list[Any]] = mapped_column(JsonType)
    readers: Mapped[list[Any]] = mapped_column(JsonType)
    called_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    called_number: Mapped[str] = mapped_column(String(40), default="")
    spoke_to: Mapped[str] = mapped_column(String(200), default="")
    decision: Mapped[str] = mapped_column(String(500), default="")

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
    entered_by: Mapped[Account] = relationship(lazy="raise", viewonly=True, foreign_keys=[entered_by_id])
    called_by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True, foreign_keys=[called_by_id])

    @property
    def status_label(self) -> str:
        """Where the details stand, in words."""
        return DETAILS_STATUSES[self.status]

    @property
    def account(self) -> BankAccount:
        """The account in whole: for the file to the bank, and for an act of its own."""
        return BankAccount(self.account_name, self.sort_code, self.account_number)

    @property
    def masked(self) -> str:
        """The account as pages and letters say it."""
        return masked(self.account_number)

    def is_account_of(self, other: BankDetails) -> bool:
        """Whether other details are about the same account, whatever name they give it."""
        return (self.sort_code, self.account_number) == (other.sort_code, other.account_number)

    @property
    def number_changed_on(self) -> date | None:
        """The day on which the number that was called had been added or changed, where that was shortly before the details came."""
        days = {digits(each["number"]): each.get("changed_on") for each in self.numbers}
        changed = days.get(digits(self.called_number))
        return date.fromisoformat(changed) if changed else None


class PaymentRun(Identified, Versioned, Stateful[RunStatus], Base, start=RunStatus.MADE):
    """Payments that go to the bank in one file: made by one person, checked and released by another."""

    __tablename__ = "payment_run"
    __table_args__ = (
        Index("ix_payment_run_status", "status", "pay_on"),
        Index("ix_payment_run_newest", "made_at", "id"),
        CheckConstraint("(status = 'released') = (released_at IS NOT NULL)", name="released_at_if_released"),
        CheckConstraint(
            "status <> 'released' OR (released_by_id IS NOT NULL AND released_by_id <> made_by_id AND digest <> '')",
            name="released_by_another",
        ),
        UniqueConstraint("reference"),
    )

    reference: Mapped[str] = mapped_column(String(35))
    pay_on: Mapped[date]
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    payer_name: Mapped[str] = mapped_column(String(70), default="")
    payer_sort_code: Mapped[str] = mapped_column(String(6), default="")
    payer_account: Mapped[str] = mapped_column(String(8), default="")
    released_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    digest: Mapped[str] = mapped_column(String(64), default="")
    discard_reason: Mapped[str] = mapped_column(String(500), default="")

    made_by: Mapped[Account] = relationship(lazy="raise", viewonly=True, foreign_keys=[made_by_id])
    released_by: Mapped[Account | None] = relationship(
        lazy="raise", viewonly=True, foreign_keys=[released_by_id]
    )
    lines: Mapped[list[RunLine]] = relationship(
        lazy="raise", viewonly=True, order_by="RunLine.end_to_end_id", back_populates="run"
    )

    @property
    def status_label(self) -> str:
        """Where the run stands, in words."""
        return RUN_STATUSES[self.status]

    @property
    def total(self) -> Money:
        """What all its payments add up to: the control sum of the file."""
        return Money(sum(each.amount.pence for each in self.lines))


class Payment(Identified, Versioned, Stateful[PaymentStatus], Base, start=PaymentStatus.DUE):
    """Money that was claimed and approved, to be paid once. ``about`` is its subject in the ledger, ``cause`` what asked for it.

    ``approved_at`` is when what it pays for was approved: earlier than ``requested_at`` where it was asked for again.
    ``paid_on`` is the bank's day, ``paid_at`` when that was recorded. ``part_paid`` is another sum than ours that the bank says it
    paid: a person looks into it, and nothing moves in the ledger.
    """

    __tablename__ = "payment"
    __table_args__ = (
        Index("ix_payment_cause", "cause_table", "cause_id"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("(status = 'paid') = (paid_at IS NOT NULL)", name="paid_at_if_paid"),
        CheckConstraint("(status = 'cancelled') = (cancel_reason <> '')", name="cancelled_with_reason"),
        one_where("uq_payment_cause", "cause_table", "cause_id", where="status <> 'cancelled'"),
        Index("ix_payment_business", "business_id", "requested_at"),
        Index("ix_payment_about", "about_table", "about_id"),
        Index("ix_payment_status", "status", "requested_at"),
        CheckConstraint("part_paid IS NULL OR (status = 'sent' AND part_paid > 0)", name="part_paid_if_sent"),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    envelope_id: Mapped[UUID] = mapped_column(ForeignKey("envelope.id"))
    line: Mapped[Line] = mapped_column(enum_type(Line, name="line"))
    amount: Mapped[Money] = mapped_column(MoneyType)
    about_table: Mapped[str] = mapped_column(String(60))
    about_id: Mapped[UUID]
    cause_table: Mapped[str] = mapped_column(String(60))
    cause_id: Mapped[UUID]
    reason: Mapped[str] = mapped_column(String(300))
    approved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    paid_on: Mapped[date | None]
    paid_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    part_paid: Mapped[Money | None] = mapped_column(MoneyType)
    fail_reason: Mapped[str] = mapped_column(String(500), default="")
    cancel_reason: Mapped[str] = mapped_column(String(500), default="")

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
    envelope: Mapped[Envelope] = relationship(lazy="raise", viewonly=True)
    approved_by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)
    tries: Mapped[list[RunLine]] = relationship(
        lazy="raise", viewonly=True, order_by="RunLine.end_to_end_id", back_populates="payment"
    )

    @property
    def about(self) -> Subject:
        """What the ledger says it is about."""
        return Subject(self.about_table, self.about_id)

    @property
    def cause(self) -> Subject:
        """What asked for it, such as a claim."""
        return Subject(self.cause_table, self.cause_id)

    @property
    def status_label(self) -> str:
        """Where the payment stands, in words; with what the bank says it paid where that is not our sum."""
        words = PAYMENT_STATUSES[self.status]
        return f"{words}, the bank says {self.part_paid.in_full()} paid" if self.part_paid else words

    @property
    def is_our_fault(self) -> bool:
        """Whether the bank did not make the payment for a reason that says nothing against the account of the business."""
        return not is_against_payee(self.fail_reason)

    @property
    def is_sent_back(self) -> bool:
        """Whether the bank returned it after it had paid, the last time that it was not paid."""
        return self.fail_reason.startswith(RETURNED_BY)

    @property
    def reason_told(self) -> str:
        """Why the bank did not make it as the business reads it: without codes, and empty where it is about us."""
        return to_payee(self.fail_reason)

    @property
    def line_label(self) -> str:
        """The line of its envelope as it is said."""
        return LINES[self.line]


class Settlement(Identified, Base):
    """What became of a payment that the bank never answered: said by one finance officer, confirmed by another person."""

    __tablename__ = "payment_settlement"
    __table_args__ = (
        CheckConstraint("words <> ''", name="in_words"),
        CheckConstraint(
            "is_confirmed IS NULL OR NOT is_confirmed OR (decided_by_id IS NOT NULL AND decided_by_id <> proposed_by_id)",
            name="confirmed_by_another",
        ),
        one_where("uq_payment_settlement_waiting", "payment_id", where="is_confirmed IS NULL"),
    )

    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payment.id"))
    is_paid: Mapped[bool]
    paid_on: Mapped[date | None]
    words: Mapped[str] = mapped_column(String(500))
    proposed_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_confirmed: Mapped[bool | None]

    proposed_by: Mapped[Account] = relationship(lazy="raise", viewonly=True, foreign_keys=[proposed_by_id])
    payment: Mapped[Payment] = relationship(lazy="raise", viewonly=True)

    @property
    def business_id(self) -> UUID:
        """Whose payment it is."""
        return self.payment.business_id


class RunLine(Identified, Base):
    """One try to pay a payment, with the account as it was then. While it is open, no other run can hold the payment."""

    __tablename__ = "payment_run_line"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        UniqueConstraint("end_to_end_id"),
        one_where("uq_payment_run_line_open", "payment_id", where="is_open"),
        Index("ix_payment_run_line_run", "run_id"),
    )

    run_id: Mapped[UUID] = mapped_column(ForeignKey("payment_run.id"))
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payment.id"))
    details_id: Mapped[UUID] = mapped_column(ForeignKey("bank_details.id"))
    end_to_end_id: Mapped[str] = mapped_column(String(35))
    amount: Mapped[Money] = mapped_column(MoneyType)
    account_name: Mapped[str] = mapped_column(String(70))
    sort_code: Mapped[str] = mapped_column(String(6))
    account_number: Mapped[str] = mapped_column(String(8))
    is_open: Mapped[bool] = mapped_column(default=True)

    run: Mapped[PaymentRun] = relationship(lazy="raise", viewonly=True, back_populates="lines")
    payment: Mapped[Payment] = relationship(lazy="raise", viewonly=True, back_populates="tries")

    @property
    def masked(self) -> str:
        """The account as pages and letters say it."""
        return masked(self.account_number)


class BankAnswer(Identified, Versioned, Stateful[AnswerStatus], Base, start=AnswerStatus.UPLOADED):
    """A file in which the bank says what it paid and rejected. ``digest`` finds the same file again."""

    __tablename__ = "bank_answer"
    __table_args__ = (
        one_where("uq_bank_answer_recorded", "digest", where="status = 'recorded'"),
        Index("ix_bank_answer_uploaded", "uploaded_at"),
    )

    name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    uploaded_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    uploaded_by: Mapped[Account] = relationship(lazy="raise", viewonly=True)
    lines: Mapped[list[BankAnswerLine]] = relationship(
        lazy="raise", viewonly=True, order_by="BankAnswerLine.position", back_populates="answer"
    )

    @property
    def status_label(self) -> str:
        """Where the file stands, in words."""
        return ANSWER_STATUSES[self.status]


class BankAnswerLine(Identified, Base):
    """One line of the bank's file, and what it came to. A try is answered once: the index says so."""

    __tablename__ = "bank_answer_line"
    __table_args__ = (
        CheckConstraint("resolved_at IS NULL OR resolution <> ''", name="resolved_in_words"),
        UniqueConstraint("answer_id", "position"),
        one_where("uq_bank_answer_line_counted", "run_line_id", where="verdict IN ('paid', 'rejected')"),
    )

    answer_id: Mapped[UUID] = mapped_column(ForeignKey("bank_answer.id"))
    position: Mapped[int]
    end_to_end_id: Mapped[str] = mapped_column(String(35))
    amount: Mapped[Money] = mapped_column(MoneyType)
    is_paid: Mapped[bool]
    paid_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(300), default="")
    verdict: Mapped[Verdict | None] = mapped_column(enum_type(Verdict, name="verdict"))
    run_line_id: Mapped[UUID | None] = mapped_column(ForeignKey("payment_run_line.id"))
    resolved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolution: Mapped[str] = mapped_column(String(500), default="")

    answer: Mapped[BankAnswer] = relationship(lazy="raise", viewonly=True, back_populates="lines")
    resolved_by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)

    @property
    def said(self) -> Said:
        """The line as it was read."""
        return Said(self.end_to_end_id, self.amount, self.is_paid, self.reason, self.paid_on)
