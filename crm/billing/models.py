"""Periods of membership, and what Stripe says of the customers, subscriptions and invoices that some of them rest on."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.billing.rules import DAYS_TO_CHANGE_MIND, DAYS_TO_REFUND, GoneBack, Period
from crm.billing.workflow import LIVE, OWED, UNDER_WAY, Dispute, Invoiced, Outcome, Stage, Standing, Way
from crm.db.base import Base, Identified, Versioned
from crm.db.types import JsonType, MoneyType, UtcDateTime, enum_type
from crm.kernel.calendar import ONE_DAY
from crm.kernel.clock import day_of, has_come
from crm.kernel.money import NO_MONEY, Money


class MembershipPeriod(Identified, Versioned, Base):
    """A membership from a first to a last day, both included. A period recorded by mistake is cancelled, not deleted."""

    __tablename__ = "membership_period"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("(way = 'waiver') = (amount = 0)", name="paid_or_waived"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("way <> 'waiver' OR reason <> ''", name="waived_with_reason"),
        CheckConstraint("recorded_by_id IS NULL OR recorded_by_id <> account_id", name="recorded_by_another"),
        CheckConstraint("(voided_at IS NULL) = (void_reason = '')", name="voided_with_reason"),
        Index("ix_membership_period_account", "account_id", "starts_on"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    way: Mapped[Way] = mapped_column(enum_type(Way, name="way"))
    amount: Mapped[Money] = mapped_column(MoneyType)
    reference: Mapped[str] = mapped_column(String(100), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    voided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    void_reason: Mapped[str] = mapped_column(String(500), default="")
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    account: Mapped[Account] = relationship(lazy="raise", viewonly=True, foreign_keys=[account_id])
    recorded_by: Mapped[Account | None] = relationship(
        lazy="raise", viewonly=True, foreign_keys=[recorded_by_id]
    )

    @property
    def span(self) -> Period:
        """As the rules read it."""
        return Period(self.starts_on, self.ends_on)

    @property
    def was_voided_in_it(self) -> bool:
        """Whether it was cancelled once it had begun: one that was still to come ended no membership."""
        return self.voided_at is not None and bool(has_come(self.starts_on, on=day_of(self.voided_at)))


class CardCustomer(Identified, Base):
    """A person as Stripe knows them: one for each. The row is there before Stripe is asked, and its id is the idempotency key."""

    __tablename__ = "card_customer"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), unique=True)
    customer_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CheckoutAttempt(Identified, Versioned, Base):
    """A visit to the payment page. Its id is the idempotency key, so that a second click leads to the same page.

    ``closes_at`` is set where its member no longer pays: from then on the worker asks Stripe to close the page. ``invoice_id`` is
    the invoice that was paid there: until that is written here, the payment is on its way.
    """

    __tablename__ = "checkout_attempt"
    __table_args__ = (
        CheckConstraint(
            "(session_id IS NOT NULL) OR stage IN ('started', 'failed')", name="opened_with_session"
        ),
        Index(
            "uq_checkout_attempt_under_way",
            "account_id",
            unique=True,
            sqlite_where=text("stage IN ('started', 'open', 'waiting')"),
            postgresql_where=text("stage IN ('started', 'open', 'waiting')"),
        ),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    stage: Mapped[Stage] = mapped_column(enum_type(Stage, name="stage"))
    session_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    invoice_id: Mapped[str] = mapped_column(String(255), default="")

    @property
    def is_under_way(self) -> bool:
        """Whether it can still be paid, or its payment can still arrive."""
        return self.stage in UNDER_WAY


class CardSubscription(Identified, Versioned, Base):
    """A membership that renews itself, as Stripe had it when it was last asked (``looked_at``).

    What Stripe has still to be told of it: that it stops (``is_to_stop``), that it ends at once (``is_to_end``), or that it renews
    on a later day (``moves_to``). The worker tells it from ``asks_at`` on.
    """

    __tablename__ = "card_subscription"
    __table_args__ = (Index("ix_card_subscription_account_id", "account_id"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    subscription_id: Mapped[str] = mapped_column(String(255), unique=True)
    standing: Mapped[Standing] = mapped_column(enum_type(Standing, name="standing"))
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    renews_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_stopping: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_to_stop: Mapped[bool] = mapped_column(default=False)
    is_to_end: Mapped[bool] = mapped_column(default=False)
    moves_to: Mapped[date | None]
    asks_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def renews_on(self) -> date:
        """The day on which it renews or ends."""
        return day_of(self.renews_at)

    @property
    def last_day(self) -> date:
        """The last day that is paid for or invoiced."""
        return self.renews_on - ONE_DAY

    @property
    def ended_on(self) -> date | None:
        """The day on which it ended, if it did."""
        return day_of(self.ended_at) if self.ended_at else None

    @property
    def is_live(self) -> bool:
        """Whether it may still ask for money. One that is to end does not, as soon as Stripe answers."""
        return self.standing in LIVE and not self.is_to_end

    @property
    def renews(self) -> bool:
        """Whether it takes money again by itself."""
        return self.is_live and not (self.is_stopping or self.is_to_stop)

    @property
    def is_owed(self) -> bool:
        """Whether a payment has failed that Stripe tries again."""
        return self.standing in OWED


class CardPayment(Identified, Versioned, Base):
    """An invoice and what became of its payment, as Stripe had both when it was last asked.

    ``period_id`` is the period of membership that it bought. ``settled`` is how much of a partial refund a manager has dealt with.
    ``asked_back_at`` is when its payer changed their mind, until the refund or a manager's decision.
    """

    __tablename__ = "card_payment"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("refunded >= 0 AND refunded <= amount", name="refunded_within_amount"),
        CheckConstraint("settled >= 0 AND settled <= refunded", name="settled_within_refunded"),
        Index("ix_card_payment_account_id", "account_id"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    invoice_id: Mapped[str] = mapped_column(String(255), unique=True)
    subscription_id: Mapped[str] = mapped_column(String(255), default="")
    number: Mapped[str] = mapped_column(String(100))
    invoiced: Mapped[Invoiced] = mapped_column(enum_type(Invoiced, name="invoiced"))
    amount: Mapped[Money] = mapped_column(MoneyType)
    tax: Mapped[Money] = mapped_column(MoneyType)
    refunded: Mapped[Money] = mapped_column(MoneyType)
    dispute: Mapped[Dispute] = mapped_column(enum_type(Dispute, name="dispute"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    period_id: Mapped[UUID | None] = mapped_column(ForeignKey("membership_period.id"))
    is_twice: Mapped[bool] = mapped_column(default=False)
    failed_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled: Mapped[Money] = mapped_column(MoneyType, default=NO_MONEY)
    settled_note: Mapped[str] = mapped_column(String(500), default="")
    asked_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime)

    account: Mapped[Account] = relationship(lazy="raise", viewonly=True)
    period: Mapped[MembershipPeriod | None] = relationship(lazy="raise", viewonly=True)

    @property
    def counts(self) -> bool:
        """Whether it was paid, and neither given back whole nor taken back by the bank."""
        is_kept = self.refunded < self.amount and self.dispute not in (Dispute.OPEN, Dispute.LOST)
        return self.invoiced is Invoiced.PAID and is_kept

    @property
    def is_undone(self) -> bool:
        """Whether all of it went back to its payer: refunded whole, or given back by the bank for good."""
        is_back = self.refunded >= self.amount or self.dispute is Dispute.LOST
        return self.invoiced is Invoiced.PAID and self.amount > NO_MONEY and is_back

    @property
    def gone_back(self) -> GoneBack | None:
        """How it went back to its payer, or that their bank decides about it; None where it did not."""
        known = {Dispute.OPEN: GoneBack.DISPUTED, Dispute.LOST: GoneBack.CHARGED_BACK}
        is_refunded = self.refunded >= self.amount
        return known.get(self.dispute) or (GoneBack.REFUNDED if is_refunded else None)

    @property
    def is_to_give_back(self) -> bool:
        """Whether it was paid for days that were paid for already, and not refunded yet."""
        return self.is_twice and self.refunded < self.amount

    @property
    def is_to_settle(self) -> bool:
        """Whether some of it was given back, or its payer asks for it, and nobody has said what follows."""
        is_open = self.settled < self.refunded or self.asked_back_at is not None
        return self.counts and not self.is_twice and is_open

    @property
    def change_by(self) -> date:
        """The last day on which its payer may change their mind."""
        return self.starts_on + DAYS_TO_CHANGE_MIND

    @property
    def refund_by(self) -> date | None:
        """The last day to refund it, where its payer asked for that and still waits."""
        is_waiting = self.asked_back_at is not None and self.counts
        return day_of(self.asked_back_at) + DAYS_TO_REFUND if is_waiting and self.asked_back_at else None


class StripeEvent(Identified, Versioned, Base):
    """An event that Stripe sent, once, and what became of it. ``kind`` and ``about`` are what it made us ask for."""

    __tablename__ = "stripe_event"
    __table_args__ = (Index("ix_stripe_event_heard_at", "heard_at", "id"),)

    event_id: Mapped[str] = mapped_column(String(255), unique=True)
    type: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(50))
    about: Mapped[str] = mapped_column(String(255))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    outcome: Mapped[Outcome] = mapped_column(enum_type(Outcome, name="outcome"))
    words: Mapped[str] = mapped_column(String(300), default="")
    tries: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    heard_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    account: Mapped[Account | None] = relationship(lazy="raise", viewonly=True, foreign_keys=[account_id])

    @property
    def is_open(self) -> bool:
        """Whether a person has to look at it."""
        return self.closed_at is None and self.outcome not in (Outcome.DONE, Outcome.IGNORED)


class StripeCheck(Identified, Versioned, Base):
    """A comparison of everything that Stripe has with what stands here: what was looked at, and what was put right."""

    __tablename__ = "stripe_check"

    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    began_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    looked: Mapped[int] = mapped_column(default=0)
    repairs: Mapped[list[str]] = mapped_column(JsonType, default=list)
    fault: Mapped[str] = mapped_column(String(300), default="")
