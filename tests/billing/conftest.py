"""The stand-in for Stripe beside the application, without a socket: the real library asks it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from crm.accounts.models import Account
from crm.billing import queries
from crm.billing.rules import Membership
from crm.gateways.payments.stripe_api import StripePayments
from crm.gateways.pretend_stripe import lives
from crm.gateways.pretend_stripe.api import Api, InProcess, Trouble
from crm.gateways.pretend_stripe.sending import signed
from crm.gateways.pretend_stripe.store import YEARLY, Store, Thing
from crm.kernel.clock import today
from tests.client import ConformingClient

SECRET = "whsec_made"
HEADERS = {"Content-Type": "application/json"}


@dataclass
class Stripe:
    """The stand-in, what was sent of it already, and the browser by which events arrive."""

    api: Api
    sent: int = 0

    @property
    def store(self) -> Store:
        return self.api.store

    def fresh(self) -> list[Thing]:
        """The events since the last time."""
        found = self.store.events[self.sent :]
        self.sent = len(self.store.events)
        return found

    def session(self) -> Thing:
        """The visit to the payment page that was begun last."""
        return self.store.of_kind("checkout.session")[0]

    def subscription(self) -> Thing:
        return self.store.of_kind("subscription")[0]

    def fail(self, **trouble: Any) -> None:
        self.api.troubles.append(Trouble(**trouble))


def send(
    client: ConformingClient, event: Thing, *, secret: str = SECRET, at: int | None = None
) -> TestResponse:
    """Post one event as Stripe does: without a cookie."""
    raw, signature = signed(event, secret, moment=at)
    return post(client, raw, signature)


def post(client: ConformingClient, raw: bytes, signature: str | None) -> TestResponse:
    headers = HEADERS | ({"Stripe-Signature": signature} if signature is not None else {})
    return client.post("/stripe/events", data=raw, headers=headers)


def deliver(client: ConformingClient, events: Iterable[Thing]) -> None:
    """Post events and expect each to be heard."""
    for each in events:
        assert send(client, each).status_code == 200, each["type"]


def pay(client: ConformingClient, stripe: Stripe, member: Any, **how: Any) -> Thing:
    """Press the button and pay on the payment page; return the invoice. No event has landed yet."""
    answer = client.sign_in(member).post("/membership/pay")
    assert answer.status_code == 303, answer.text
    assert answer.location == stripe.session()["url"]
    return lives.pay(stripe.store, stripe.session(), **how)


def membership(owner: Account) -> Membership:
    return queries.membership_of(owner.id, on=today())


def set_up(app: Flask, api: Api, price: str = YEARLY) -> None:
    """Let payment by card be set up with this price."""
    made = StripePayments("sk_test_made", secret=SECRET, price_id=price, http=InProcess(api))
    app.extensions["payments"] = made
    app.extensions.pop("price", None)


@pytest.fixture
def stripe(app: Flask) -> Iterator[Stripe]:
    """Payment by card is set up in this test."""
    made = Stripe(Api(Store()))
    set_up(app, made.api)
    yield made
    app.extensions["payments"] = None
    app.extensions.pop("price", None)
