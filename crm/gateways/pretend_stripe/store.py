"""What the stand-in knows: customers, prices, visits, subscriptions, invoices, payments, and the events about them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

import stripe

from crm.kernel.calendar import add_months
from crm.kernel.clock import now

Thing = dict[str, Any]
YEARLY, PASS = "price_pretend_yearly", "price_pretend_pass"
FEE = 30_000
"""Pence."""
PREFIXES = {
    "customer": "cus",
    "checkout.session": "cs_test",
    "billing_portal.session": "bps",
    "subscription": "sub",
    "subscription_item": "si",
    "invoice": "in",
    "line_item": "il",
    "invoice_payment": "inpay",
    "payment_intent": "pi",
    "charge": "ch",
    "refund": "re",
    "dispute": "du",
    "event": "evt",
}


def seconds(moment: datetime) -> int:
    """A moment as Stripe says it."""
    return int(moment.timestamp())


def later(moment: datetime, months: int) -> datetime:
    """The same time of the day so many months on."""
    day = add_months(moment.date(), months)
    return moment.replace(year=day.year, month=day.month, day=day.day)


class Store:
    """Everything there is, by id. ``address`` is where its pages are; with a ``path`` it outlives a restart."""

    def __init__(
        self,
        address: str = "http://pretend.stripe.test",
        *,
        path: Path | None = None,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.address, self.path, self.clock = address, path, clock
        self.things: dict[str, Thing] = {}
        self.answers: dict[str, Any] = {}
        self.events: list[Thing] = []
        self.told: Callable[[Thing], None] = lambda _event: None
        if path is not None and path.exists():
            kept = json.loads(path.read_text(encoding="utf-8"))
            self.things, self.answers, self.events = kept["things"], kept["answers"], kept["events"]
        for made in (_price(YEARLY, is_renewing=True), _price(PASS, is_renewing=False)):
            self.things.setdefault(made["id"], made)

    def save(self) -> None:
        """Write it to its file, whole or not at all."""
        if self.path is not None:
            kept = {"things": self.things, "answers": self.answers, "events": self.events}
            beside = self.path.with_suffix(".new")
            beside.write_text(json.dumps(kept), encoding="utf-8")
            beside.replace(self.path)

    def new(self, kind: str, **fields: Any) -> Thing:
        """One more thing of a kind, in the shape that Stripe gives it."""
        thing_id = f"{PREFIXES[kind]}_{secrets.token_hex(12)}"
        made = {
            "id": thing_id,
            "object": kind,
            "created": seconds(self.clock()),
            "livemode": False,
            **fields,
        }
        self.things[thing_id] = made
        return made

    def of_kind(self, kind: str, **fields: Any) -> list[Thing]:
        """Things of a kind with these fields, the newest first, as Stripe lists them."""
        found = [
            each
            for each in self.things.values()
            if each["object"] == kind and all(each.get(name) == value for name, value in fields.items())
        ]
        return found[::-1]

    def tell(self, kind: str, thing: Thing) -> Thing:
        """Note that something has happened to a thing, and hand the event to whoever sends events."""
        told = self.new(
            "event",
            type=kind,
            api_version=stripe.api_version,
            data={"object": deepcopy(thing)},
            pending_webhooks=1,
            request={"id": None, "idempotency_key": None},
        )
        self.things.pop(told["id"])
        self.events.append(told)
        self.told(told)
        return told

    def told_of(self, *kinds: str) -> list[Thing]:
        """The events of some kinds, the oldest first."""
        return [each for each in self.events if each["type"] in kinds]

    def customer(self, **fields: Any) -> Thing:
        """A customer."""
        return self.new("customer", **{"name": None, "email": None, "metadata": {}, **fields})

    def session(self, **fields: Any) -> Thing:
        """A visit to the payment page, open for a day. The price is one that there is."""
        price = self.things[fields.pop("price")]
        made = self.new(
            "checkout.session",
            status="open",
            payment_status="unpaid",
            currency="gbp",
            amount_total=price["unit_amount"],
            expires_at=seconds(self.clock()) + 86_400,
            subscription=None,
            invoice=None,
            payment_intent=None,
            **fields,
        )
        made["url"] = f"{self.address}/pay/{made['id']}"
        made["metadata"] = {**made.get("metadata", {}), "price": price["id"]}
        return made

    def portal(self, customer: str, return_url: str) -> Thing:
        """A visit to the customer portal."""
        made = self.new("billing_portal.session", customer=customer, return_url=return_url)
        made["url"] = f"{self.address}/portal/{made['id']}"
        return made

    def subscription(self, customer: str, price: str, *, status: str) -> Thing:
        """A subscription whose first year begins now."""
        moment = self.clock()
        made = self.new(
            "subscription",
            customer=customer,
            status=status,
            start_date=seconds(moment),
            cancel_at_period_end=False,
            cancel_at=None,
            canceled_at=None,
            ended_at=None,
            latest_invoice=None,
            metadata={},
        )
        item = self.new(
            "subscription_item",
            subscription=made["id"],
            price=deepcopy(self.things[price]),
            quantity=1,
            current_period_start=seconds(moment),
            current_period_end=seconds(later(moment, 12)),
        )
        item.pop("livemode")
        made["items"] = listed([self.things.pop(item["id"])])
        return made

    def invoice(self, customer: str, price: str, period: tuple[int, int], subscription: str | None) -> Thing:
        """An open invoice for a time, with its one line."""
        amount = self.things[price]["unit_amount"]
        parent: Thing = {
            "type": "subscription_details",
            "quote_details": None,
            "subscription_details": {"metadata": {}, "subscription": subscription},
        }
        made = self.new(
            "invoice",
            customer=customer,
            number=f"PRETEND-{len(self.of_kind('invoice')) + 1:04}",
            status="open",
            currency="gbp",
            amount_due=amount,
            amount_paid=0,
            amount_remaining=amount,
            total=amount,
            total_taxes=[],
            attempt_count=0,
            next_payment_attempt=None,
            parent=parent if subscription else None,
            period_start=period[0],
            period_end=period[1],
        )
        made["hosted_invoice_url"] = f"{self.address}/receipts/{made['id']}"
        made["lines"] = listed([self._line(made, price, period)])
        return made

    def _line(self, invoice: Thing, price: str, period: tuple[int, int]) -> Thing:
        pricing = {
            "type": "price_details",
            "price_details": {"price": price, "product": "prod_pretend"},
            "unit_amount_decimal": str(invoice["total"]),
        }
        made = self.new(
            "line_item",
            invoice=invoice["id"],
            amount=invoice["total"],
            currency="gbp",
            quantity=1,
            period={"start": period[0], "end": period[1]},
            pricing=pricing,
        )
        return self.without_created(self.things.pop(made["id"]))

    @staticmethod
    def without_created(thing: Thing) -> Thing:
        """Lines of invoices do not say when they were made."""
        thing.pop("created")
        return thing

    def paid(self, invoice: Thing) -> None:
        """Let an invoice be paid by card: its payment, its charge and what joins them."""
        amount, customer = invoice["amount_due"], invoice["customer"]
        charge = self.new(
            "charge",
            customer=customer,
            amount=amount,
            amount_refunded=0,
            refunded=False,
            disputed=False,
            paid=True,
            currency="gbp",
            status="succeeded",
        )
        intent = self.new(
            "payment_intent",
            customer=customer,
            amount=amount,
            currency="gbp",
            status="succeeded",
            latest_charge=charge["id"],
        )
        charge["payment_intent"] = intent["id"]
        self.new(
            "invoice_payment",
            invoice=invoice["id"],
            amount_paid=amount,
            amount_requested=amount,
            currency="gbp",
            is_default=True,
            status="paid",
            payment={"type": "payment_intent", "payment_intent": intent["id"]},
        )
        invoice.update(status="paid", amount_paid=amount, amount_remaining=0, next_payment_attempt=None)
        self.tell("charge.succeeded", charge)
        self.tell("invoice.paid", invoice)


def listed(things: Iterable[Thing], *, url: str = "/v1/pretend", has_more: bool = False) -> Thing:
    """Things as Stripe lists them."""
    return {"object": "list", "data": list(things), "has_more": has_more, "url": url}


def _price(price_id: str, *, is_renewing: bool) -> Thing:
    recurring = {"interval": "year", "interval_count": 1, "usage_type": "licensed"}
    return {
        "id": price_id,
        "object": "price",
        "active": True,
        "billing_scheme": "per_unit",
        "created": 0,
        "currency": "gbp",
        "livemode": False,
        "metadata": {},
        "product": "prod_pretend",
        "recurring": recurring if is_renewing else None,
        "tax_behavior": "inclusive",
        "type": "recurring" if is_renewing else "one_time",
        "unit_amount": FEE,
    }
