"""What the house knows of payments by card: a few facts of the payment service, and what it can be asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from crm.kernel.money import NO_MONEY, Money

PAYMENT_PAGES = ("https://checkout.stripe.com", "https://billing.stripe.com", "https://invoice.stripe.com")
LARGEST_EVENT = 256 * 1024
"""Bytes. Stripe's events are some 10 kB; what is larger is not one."""
AWAY = "The payment service is not answering just now. Nothing was taken. Try again in a few minutes."


class PaymentsUnavailable(Exception):
    """Stripe could not be asked, or said not now; the message is for people. ``is_answered`` where it did answer."""

    def __init__(self, message: str = AWAY, *, is_answered: bool = False) -> None:
        super().__init__(message)
        self.is_answered = is_answered


class NotAnEvent(Exception):
    """What was sent is no event of Stripe's: forged, out of time, or not to be read."""


@dataclass(frozen=True)
class Price:
    """What a membership costs. ``months`` is how long it lasts; None for one payment that does not renew."""

    id: str
    amount: Money
    months: int | None


@dataclass(frozen=True)
class Session:
    """A visit to the payment page. ``reference`` is the id of our attempt, ``invoice`` what was paid there, once it was."""

    id: str
    customer: str
    status: str
    payment_status: str
    reference: str
    url: str = ""
    invoice: str = ""


@dataclass(frozen=True)
class Subscription:
    """A membership that renews itself, as Stripe has it now. ``renews_at`` is the end of the time that is invoiced."""

    id: str
    customer: str
    status: str
    prices: frozenset[str]
    began_at: datetime
    renews_at: datetime
    is_stopping: bool = False
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Invoice:
    """An invoice and what became of its payment, as Stripe has both now. ``dispute`` is Stripe's word, empty for none."""

    id: str
    customer: str
    subscription: str
    number: str
    status: str
    prices: frozenset[str]
    amount: Money
    tax: Money
    begins_at: datetime
    ends_at: datetime | None
    payment: str = ""
    refunded: Money = NO_MONEY
    dispute: str = ""
    next_attempt_at: datetime | None = None
    receipt_url: str = ""


@dataclass(frozen=True)
class Event:
    """What Stripe says has happened. ``kind`` and ``about`` say what to look at: `Payments.look` asks for it anew."""

    id: str
    type: str
    kind: str
    about: str
    created_at: datetime
    is_live: bool


Fact = Session | Subscription | Invoice


@dataclass(frozen=True)
class CheckoutWanted:
    """A visit to the payment page to be prepared. The price is the installation's own."""

    customer: str
    reference: str
    after: str
    back: str


class Payments(Protocol):
    """Takes payments for memberships. Every call may raise `PaymentsUnavailable`."""

    is_live: bool
    prices: frozenset[str]

    def event(self, raw: bytes, signature: str | None) -> Event:
        """Read what was posted. Raises `NotAnEvent`."""

    def look(self, kind: str, about: str) -> Fact | None:
        """What Stripe says now of the thing that an event is about; None where there is none, or none of our kinds."""

    def price(self) -> Price:
        """What a membership costs."""

    def customer(self, *, name: str, email: str, reference: str, key: str) -> str:
        """Make a customer and return their id: the same for the same key."""

    def checkout(self, wanted: CheckoutWanted, *, key: str) -> Session:
        """Prepare a visit to the payment page: the same for the same key."""

    def expire(self, session: str) -> None:
        """Close a visit that was not paid for, so that it cannot be any more."""

    def portal(self, customer: str, *, back: str) -> str:
        """The address at which a customer changes their card. It opens by itself: never log or keep it."""

    def set_renewing(self, subscription: str, *, is_renewing: bool) -> Subscription:
        """Let a subscription end with the time that is paid for, or go on after all."""

    def move_renewal(self, subscription: str, *, to: datetime) -> Subscription:
        """Let a subscription renew at a later moment. Nothing is taken before."""

    def end(self, subscription: str) -> Subscription:
        """End a subscription at once, also again, and cancel its open invoices: nobody pays for what is over."""

    def listed(self, *, since: datetime) -> Iterator[tuple[str, str]]:
        """Every subscription, and every invoice made since a moment, as `look` takes them."""
