"""What we ask of Stripe and what it answers: with STRIPE_TEST_KEY in the environment of Stripe itself, else of the stand-in.

The same tests either way. A test key of an empty sandbox is enough: its product and price are made here, and no card is charged.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import stripe

from crm.gateways.payments.facts import CheckoutWanted, Invoice, PaymentsUnavailable, Session, Subscription
from crm.gateways.payments.stripe_api import StripePayments
from crm.gateways.pretend_stripe import lives
from crm.gateways.pretend_stripe.api import Api, InProcess
from crm.gateways.pretend_stripe.store import YEARLY, Store
from crm.kernel.clock import now
from crm.kernel.money import Money

KEY = "STRIPE_TEST_KEY"
SECRET = "whsec_made"


@dataclass
class Side:
    """Who is asked: Stripe, by a key of its test mode, or the stand-in."""

    payments: StripePayments
    store: Store | None = None
    client: stripe.StripeClient | None = None

    def subscribe(self, customer: str) -> str:
        """A subscription of a customer that is paid for; by a test card where it is Stripe."""
        if self.client is None:
            assert self.store is not None
            visit = self.payments.checkout(wanted(customer), key=str(uuid4()))
            kept = next(each for each in self.store.of_kind("checkout.session") if each["id"] == visit.id)
            lives.pay(self.store, kept)
            return str(self.store.of_kind("subscription")[0]["id"])
        method = self.client.v1.payment_methods.attach("pm_card_visa", {"customer": customer})
        items: Any = [{"price": self.payments.price_id}]
        made = self.client.v1.subscriptions.create(
            {"customer": customer, "items": items, "default_payment_method": method.id}
        )
        return str(made.id)

    def owe(self, customer: str) -> tuple[str, str]:
        """A subscription of a customer with an invoice that waits to be paid: the ids of both."""
        if self.client is None:
            name, store = self.subscribe(customer), self.store
            assert store is not None
            return name, str(lives.fail(store, store.things[name])["id"])
        items: Any = [{"price": self.payments.price_id}]
        sent: Any = {"collection_method": "send_invoice", "days_until_due": 30}
        made = self.client.v1.subscriptions.create({"customer": customer, "items": items, **sent})
        invoice = self.client.v1.invoices.finalize_invoice(str(made.latest_invoice))
        return str(made.id), str(invoice.id)


def real_price(client: stripe.StripeClient) -> str:
    """A yearly price of our own in the sandbox, made once."""
    found = client.v1.prices.list({"lookup_keys": ["crm_contract_yearly"], "limit": 1}).data
    if found:
        return str(found[0].id)
    recurring: Any = {"interval": "year"}
    made = client.v1.prices.create(
        {
            "currency": "gbp",
            "unit_amount": 30_000,
            "recurring": recurring,
            "product_data": {"name": "Membership, for contract tests"},
            "lookup_key": "crm_contract_yearly",
        }
    )
    return str(made.id)


def stand_in() -> Side:
    store = Store()
    made = StripePayments("sk_test_made", secret=SECRET, price_id=YEARLY, http=InProcess(Api(store)))
    return Side(made, store)


@pytest.fixture
def side(contract_key: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Side]:
    if contract_key:
        monkeypatch.undo()  # the one test that may leave this machine, and only where somebody has set the key
        client = stripe.StripeClient(contract_key, max_network_retries=2)
        price = real_price(client)
        yield Side(StripePayments(contract_key, secret=SECRET, price_id=price), client=client)
        return
    yield stand_in()


@pytest.fixture(scope="session")
def contract_key() -> str:
    """The key of a sandbox, if one is set; a live key is refused."""
    key = os.environ.get(KEY, "")
    assert not key or "_test_" in key, f"{KEY} must be a key of Stripe's test mode"
    return key


def wanted(customer: str) -> CheckoutWanted:
    here = "https://crm.example/membership"
    return CheckoutWanted(customer=customer, reference=str(uuid4()), after=f"{here}/paid", back=here)


def a_customer(side: Side, key: str = "") -> str:
    about = {"name": "Made Contract-Test", "email": "contract@crm.example", "reference": "made"}
    return side.payments.customer(key=key or str(uuid4()), **about)


def test_a_price_says_what_it_costs_and_for_how_many_months(side: Side) -> None:
    price = side.payments.price()
    assert price.months == 12
    assert price.amount > Money(0)
    assert side.payments.is_live is False


def test_the_same_key_makes_one_customer_and_one_visit_and_another_key_another(side: Side) -> None:
    key = str(uuid4())
    customer = a_customer(side, key)
    assert a_customer(side, key) == customer
    assert a_customer(side) != customer
    asked = wanted(customer)
    first = side.payments.checkout(asked, key=asked.reference)
    again = side.payments.checkout(asked, key=asked.reference)
    assert first.id == again.id
    assert first.status == "open"
    assert first.payment_status == "unpaid"
    assert (first.customer, first.reference) == (customer, asked.reference)
    assert first.url.startswith("http")


def test_a_visit_is_looked_at_and_once_expired_it_stays_so(side: Side) -> None:
    made = side.payments.checkout(wanted(a_customer(side)), key=str(uuid4()))
    side.payments.expire(made.id)
    found = side.payments.look("checkout.session", made.id)
    assert isinstance(found, Session)
    assert found.status == "expired"
    with pytest.raises(PaymentsUnavailable) as refused:
        side.payments.expire(made.id)
    assert refused.value.is_answered


def test_what_there_is_not_is_none_and_not_an_error(side: Side) -> None:
    for kind, name in (
        ("checkout.session", "cs_test_none"),
        ("subscription", "sub_none"),
        ("invoice", "in_none"),
    ):
        assert side.payments.look(kind, name) is None
    assert side.payments.look("charge", "ch_none") is None


def test_a_subscription_is_paid_stopped_resumed_and_listed_with_its_invoice(side: Side) -> None:
    customer = a_customer(side)
    name = side.subscribe(customer)
    found = side.payments.look("subscription", name)
    assert isinstance(found, Subscription)
    assert (found.customer, found.status, found.is_stopping) == (customer, "active", False)
    assert found.prices == {side.payments.price_id}
    assert found.renews_at - found.began_at > timedelta(days=364)
    assert side.payments.set_renewing(name, is_renewing=False).is_stopping
    assert not side.payments.set_renewing(name, is_renewing=True).is_stopping
    listed = list(side.payments.listed(since=now() - timedelta(days=1)))
    assert ("subscription", name) in listed
    invoices = [side.payments.look(kind, about) for kind, about in listed if kind == "invoice"]
    (own,) = [each for each in invoices if each is not None and getattr(each, "customer", "") == customer]
    assert own.status == "paid"  # type: ignore[union-attr]
    assert own.prices == {side.payments.price_id}  # type: ignore[union-attr]


def test_a_subscription_that_is_ended_leaves_no_invoice_to_pay_and_can_be_ended_again(side: Side) -> None:
    name, owed = side.owe(a_customer(side))
    for _ in range(2):
        assert side.payments.end(name).status == "canceled"
        found = side.payments.look("invoice", owed)
        assert isinstance(found, Invoice)
        assert found.status == "void"
    with pytest.raises(PaymentsUnavailable):
        side.payments.end("sub_none")


def test_what_was_not_cancelled_the_first_time_is_cancelled_the_second() -> None:
    side = stand_in()
    assert side.store is not None
    name, owed = side.owe(a_customer(side))
    lives.cancel(side.store, side.store.things[name])
    assert side.store.things[owed]["status"] == "open"
    side.payments.end(name)
    assert side.store.things[owed]["status"] == "void"
