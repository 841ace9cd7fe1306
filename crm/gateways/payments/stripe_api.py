"""Stripe, asked over HTTP by its own library; and which payment service an installation has."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import stripe

from crm.config import STRIPE as API
from crm.config import Settings
from crm.gateways.payments.facts import (
    CheckoutWanted,
    Event,
    Fact,
    Invoice,
    NotAnEvent,
    Payments,
    PaymentsUnavailable,
    Price,
    Session,
    Subscription,
)
from crm.gateways.payments.reading import (
    id_of,
    read_event,
    read_invoice,
    read_price,
    read_session,
    read_subscription,
)
from crm.kernel.clock import now

TIMEOUT = 6.0
"""Seconds: somebody waits for the answer."""
TOLERANCE = 300
"""Seconds by which the time of a signature may differ from ours, either way. Stripe's library checks the past alone."""


@contextmanager
def _asking() -> Iterator[None]:
    """Say every failure of the library as one of ours."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise PaymentsUnavailable(is_answered=isinstance(error, stripe.RateLimitError)) from error
    except stripe.StripeError as error:
        raise PaymentsUnavailable(is_answered=error.http_status is not None) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PaymentsUnavailable(is_answered=True) from error


class StripePayments:
    """Stripe, or a stand-in at another address that speaks as it does.

    ``price_id`` is the price of a membership and, after commas, older ones that members still pay. ``tax`` is "none", "automatic" (Stripe works out VAT) or the id of a tax rate that is included in the price.
    """

    def __init__(
        self,
        key: str,
        *,
        secret: str,
        price_id: str,
        tax: str = "none",
        address: str = API,
        http: stripe.HTTPClient | None = None,
    ) -> None:
        self.is_live = "_live_" in key
        self.price_id, *older = [each.strip() for each in price_id.split(",")]
        self.prices = frozenset({self.price_id, *older})
        self._secret, self._tax = secret, tax
        self._client = stripe.StripeClient(
            key,
            base_addresses={"api": address},
            max_network_retries=0,
            http_client=http or stripe.RequestsClient(timeout=TIMEOUT),
        )

    def event(self, raw: bytes, signature: str | None) -> Event:
        """Check the signature and its time both ways, then read the event."""
        try:
            stripe.WebhookSignature.verify_header(raw, signature, self._secret, tolerance=None)
            moment = next(int(part[2:]) for part in str(signature).split(",") if part.startswith("t="))
            if abs(now().timestamp() - moment) > TOLERANCE:
                raise NotAnEvent("its signature is out of time")
            return read_event(json.loads(raw))
        except (
            stripe.SignatureVerificationError,
            ValueError,
            TypeError,
            AttributeError,
            StopIteration,
            RecursionError,
        ) as error:
            raise NotAnEvent("its signature does not fit, or it cannot be read") from error

    def look(self, kind: str, about: str) -> Fact | None:
        """Ask for what an event is about, as it is now."""
        asked: Callable[[str], Fact | None] | None = {
            "checkout.session": self._session,
            "subscription": self._subscription,
            "invoice": self._invoice,
            "payment_intent": self._invoice_of_payment,
        }.get(kind)  # type: ignore[assignment]
        if asked is None or not about:
            return None
        try:
            with _asking():
                return asked(about)
        except PaymentsUnavailable as error:
            if getattr(error.__cause__, "http_status", None) == 404:
                return None
            raise

    def _session(self, about: str) -> Session:
        return read_session(self._client.v1.checkout.sessions.retrieve(about).to_dict())

    def _subscription(self, about: str) -> Subscription:
        return read_subscription(self._client.v1.subscriptions.retrieve(about).to_dict())

    def _invoice(self, about: str) -> Invoice:
        """The invoice, the payment of it that went through or was tried last, and a dispute of that."""
        told = self._client.v1.invoices.retrieve(about, {"expand": ["payments"]}).to_dict()
        paid = [each["payment"] for each in (told.get("payments") or {}).get("data", ())]
        intent_id = next((id_of(each.get("payment_intent")) for each in reversed(paid)), "")
        intent = self._intent(intent_id) if intent_id and told["status"] == "paid" else None
        charge = (intent or {}).get("latest_charge") or {}
        dispute = self._dispute_of(intent_id) if charge.get("disputed") else ""
        return read_invoice(told, intent=intent, dispute=dispute)

    def _intent(self, about: str) -> dict[str, Any]:
        found: dict[str, Any] = self._client.v1.payment_intents.retrieve(
            about, {"expand": ["latest_charge"]}
        ).to_dict()
        return found

    def _dispute_of(self, intent_id: str) -> str:
        found = self._client.v1.disputes.list({"payment_intent": intent_id, "limit": 1}).data
        return str(found[0].status) if found else ""

    def _invoice_of_payment(self, about: str) -> Invoice | None:
        paid = self._client.v1.invoice_payments.list(
            {"payment": {"type": "payment_intent", "payment_intent": about}, "limit": 1}
        ).data
        return self._invoice(id_of(paid[0].to_dict()["invoice"])) if paid else None

    def price(self) -> Price:
        """What a membership costs, and for how long."""
        with _asking():
            told = self._client.v1.prices.retrieve(self.price_id).to_dict()
            return read_price(told)

    def customer(self, *, name: str, email: str, reference: str, key: str) -> str:
        """Make a customer: their name and email are all that Stripe is told of a person."""
        with _asking():
            made = self._client.v1.customers.create(
                {"name": name, "email": email, "metadata": {"account": reference}}, {"idempotency_key": key}
            )
            return made.id

    def checkout(self, wanted: CheckoutWanted, *, key: str) -> Session:
        """Prepare the payment page: a subscription where the price renews, else one payment with an invoice."""
        line: dict[str, Any] = {"price": self.price_id, "quantity": 1}
        if self._tax.startswith("txr_"):
            line["tax_rates"] = [self._tax]
        params: dict[str, Any] = {
            "customer": wanted.customer,
            "client_reference_id": wanted.reference,
            "line_items": [line],
            "success_url": wanted.after,
            "cancel_url": wanted.back,
            **self._mode(wanted.reference),
        }
        with _asking():
            made = self._client.v1.checkout.sessions.create(params, {"idempotency_key": key})  # type: ignore[arg-type]
            return read_session(made.to_dict())

    def _mode(self, reference: str) -> dict[str, Any]:
        extra: dict[str, Any] = {}
        if self._tax == "automatic":
            extra = {"automatic_tax": {"enabled": True}, "customer_update": {"address": "auto"}}
        if self.price().months is None:
            return {"mode": "payment", "invoice_creation": {"enabled": True}, **extra}
        return {"mode": "subscription", "subscription_data": {"metadata": {"attempt": reference}}, **extra}

    def expire(self, session: str) -> None:
        """Close a visit."""
        with _asking():
            self._client.v1.checkout.sessions.expire(session)

    def portal(self, customer: str, *, back: str) -> str:
        """The customer portal, for one visit."""
        with _asking():
            return self._client.v1.billing_portal.sessions.create(
                {"customer": customer, "return_url": back}
            ).url

    def set_renewing(self, subscription: str, *, is_renewing: bool) -> Subscription:
        """Stop or resume renewing at the end of the time that is paid for."""
        with _asking():
            told = self._client.v1.subscriptions.update(
                subscription, {"cancel_at_period_end": not is_renewing}
            )
            return read_subscription(told.to_dict())

    def move_renewal(self, subscription: str, *, to: datetime) -> Subscription:
        """Stripe moves the day of a renewal by a trial that ends then; what was paid stays paid."""
        moved = {"trial_end": int(to.timestamp()), "proration_behavior": "none"}
        with _asking():
            told = self._client.v1.subscriptions.update(subscription, moved)  # type: ignore[arg-type]
            return read_subscription(told.to_dict())

    def end(self, subscription: str) -> Subscription:
        """End a subscription at once, and cancel its open invoices: Stripe leaves them open, with a page on which they can be paid."""
        with _asking():
            ended = self._ended(subscription)
            open_ones: Any = {"subscription": subscription, "status": "open", "limit": 100}
            for each in self._client.v1.invoices.list(open_ones).data:
                self._client.v1.invoices.void_invoice(str(each.id))
            return ended

    def _ended(self, about: str) -> Subscription:
        """End it. One that has ended already is answered with an error, and is as it should be."""
        try:
            return read_subscription(self._client.v1.subscriptions.cancel(about).to_dict())
        except stripe.InvalidRequestError:
            found = self._subscription(about)
            if found.ended_at is None:
                raise
            return found

    def listed(self, *, since: datetime) -> Iterator[tuple[str, str]]:
        """Subscriptions in any state, then invoices."""
        with _asking():
            subscriptions = self._client.v1.subscriptions.list({"status": "all", "limit": 100})
            yield from (("subscription", each.id) for each in subscriptions.auto_paging_iter())
            invoices = self._client.v1.invoices.list(
                {"created": {"gte": int(since.timestamp())}, "limit": 100}
            )
            yield from (("invoice", each.id) for each in invoices.auto_paging_iter() if each.id)


def payments_of(settings: Settings) -> Payments | None:
    """Payments by card as this installation is set up for them; None where memberships are recorded by hand alone."""
    if not settings.stripe_key:
        return None
    return StripePayments(
        settings.stripe_key,
        secret=settings.stripe_secret,
        price_id=settings.stripe_price,
        tax=settings.stripe_tax,
        address=settings.stripe_url,
    )
