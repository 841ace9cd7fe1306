"""Payments by card as tests of other things need them, straight in the tables."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from crm.accounts.models import Account
from crm.billing.models import CardPayment, CardSubscription, CheckoutAttempt, StripeCheck, StripeEvent
from crm.billing.workflow import Dispute, Invoiced, Outcome, Stage, Standing
from crm.kernel.clock import now, today
from crm.kernel.money import NO_MONEY, Money
from tests.factories import kept

_number = count(1)


def card_payment(owner: Account, **fields: Any) -> CardPayment:
    """An invoice that was paid by card and bought nothing yet."""
    given: dict[str, Any] = {
        "invoice_id": f"in_made_{next(_number)}",
        "number": f"MADE-{next(_number)}",
        "invoiced": Invoiced.PAID,
        "amount": Money.pounds(300),
        "tax": NO_MONEY,
        "refunded": NO_MONEY,
        "dispute": Dispute.NONE,
        "starts_on": today(),
        "ends_on": today() + timedelta(days=364),
        "looked_at": now(),
    }
    made: CardPayment = kept(CardPayment(account_id=owner.id, **{**given, **fields}))
    return made


def card_subscription(owner: Account, **fields: Any) -> CardSubscription:
    """A membership that renews itself."""
    given: dict[str, Any] = {
        "subscription_id": f"sub_made_{next(_number)}",
        "standing": Standing.ACTIVE,
        "began_at": now(),
        "renews_at": now() + timedelta(days=365),
        "looked_at": now(),
    }
    made: CardSubscription = kept(CardSubscription(account_id=owner.id, **{**given, **fields}))
    return made


def checkout_attempt(owner: Account, **fields: Any) -> CheckoutAttempt:
    """A visit to the payment page that is open."""
    given: dict[str, Any] = {"stage": Stage.OPEN, "session_id": f"cs_made_{next(_number)}", "began_at": now()}
    made: CheckoutAttempt = kept(CheckoutAttempt(account_id=owner.id, **{**given, **fields}))
    return made


def stripe_event(**fields: Any) -> StripeEvent:
    """An event that could not be written."""
    given: dict[str, Any] = {
        "event_id": f"evt_made_{next(_number)}",
        "type": "invoice.paid",
        "kind": "invoice",
        "about": "in_made",
        "outcome": Outcome.FAILED,
        "created_at": now(),
        "heard_at": now(),
    }
    made: StripeEvent = kept(StripeEvent(**{**given, **fields}))
    return made


def stripe_check(**fields: Any) -> StripeCheck:
    """A check that has ended."""
    made: StripeCheck = kept(StripeCheck(**{"asked_at": now(), "ended_at": now(), **fields}))
    return made
