"""Stripe's objects, read into the facts that the house knows. Since its version Basil much stands elsewhere than before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from crm.gateways.payments.facts import Event, Invoice, NotAnEvent, Price, Session, Subscription
from crm.kernel.money import NO_MONEY, Money


def _money(pence: Any) -> Money:
    return Money(int(pence or 0))


def _moment(seconds: Any) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)


def _moment_if_any(seconds: Any) -> datetime | None:
    return _moment(seconds) if seconds else None


def id_of(thing: Any) -> str:
    """The id of what Stripe tells by its id alone or, where asked to, whole."""
    return str(thing["id"] if isinstance(thing, Mapping) else thing or "")


def read_session(told: Mapping[str, Any]) -> Session:
    """A visit to the payment page, as Stripe words it."""
    return Session(
        id=told["id"],
        customer=id_of(told.get("customer")),
        status=str(told.get("status") or ""),
        payment_status=str(told.get("payment_status") or ""),
        reference=str(told.get("client_reference_id") or ""),
        url=str(told.get("url") or ""),
        invoice=id_of(told.get("invoice")),
    )


def read_subscription(told: Mapping[str, Any]) -> Subscription:
    """A subscription, as Stripe words it: since Basil its period stands on its items."""
    items = told["items"]["data"]
    return Subscription(
        id=told["id"],
        customer=id_of(told["customer"]),
        status=str(told["status"]),
        prices=frozenset(id_of(each["price"]) for each in items),
        began_at=_moment(told["start_date"]),
        renews_at=_moment(max(each["current_period_end"] for each in items)),
        is_stopping=bool(told.get("cancel_at_period_end") or told.get("cancel_at")),
        ended_at=_moment_if_any(told.get("ended_at")),
    )


def read_invoice(told: Mapping[str, Any], *, intent: Mapping[str, Any] | None, dispute: str) -> Invoice:
    """An invoice, as Stripe words it, with its payment. Since Basil neither names the other."""
    lines = told["lines"]["data"]
    details = (told.get("parent") or {}).get("subscription_details") or {}
    charge = (intent or {}).get("latest_charge") or {}
    subscription = id_of(details.get("subscription"))
    pricing = [((each.get("pricing") or {}).get("price_details") or {}).get("price") for each in lines]
    return Invoice(
        id=told["id"],
        customer=id_of(told["customer"]),
        subscription=subscription,
        number=str(told.get("number") or told["id"]),
        status=str(told.get("status") or "draft"),
        prices=frozenset(id_of(each) for each in pricing if each),
        amount=_money(told["amount_paid"] if told.get("status") == "paid" else told["amount_due"]),
        tax=Money(sum(int(each["amount"]) for each in told.get("total_taxes") or ())),
        begins_at=_moment(min(each["period"]["start"] for each in lines)),
        ends_at=_moment(max(each["period"]["end"] for each in lines)) if subscription else None,
        payment=id_of(intent) if intent else "",
        refunded=_money(charge.get("amount_refunded")) if isinstance(charge, Mapping) else NO_MONEY,
        dispute=dispute,
        next_attempt_at=_moment_if_any(told.get("next_payment_attempt")),
        receipt_url=str(told.get("hosted_invoice_url") or ""),
    )


def read_event(told: Any) -> Event:
    """An event, as Stripe words it. Raises `NotAnEvent` where it is none."""
    try:
        thing = told["data"]["object"]
        kind, about = _looked_at(thing)
        words = (str(told["id"])[:255], str(told["type"])[:100], kind, about[:255])
        "".join(words).encode()  # JSON can hold half a sign, which nothing can store
        return Event(
            *words,
            created_at=_moment(told["created"]),
            is_live=told["livemode"] is True,
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError) as error:
        raise NotAnEvent("it does not have the shape of an event") from error


def _looked_at(thing: Mapping[str, Any]) -> tuple[str, str]:
    """Which thing to ask for after an event about this one: of money given back or disputed, the payment behind it."""
    kind = str(thing.get("object") or "")[:50]
    if kind in ("charge", "refund", "dispute"):
        return "payment_intent", id_of(thing.get("payment_intent"))
    if kind == "invoice" and not thing.get("id"):  # one to come has no id yet
        details = (thing.get("parent") or {}).get("subscription_details") or {}
        return "subscription", id_of(details.get("subscription"))
    return kind, id_of(thing.get("id"))


def months_of(recurring: Mapping[str, Any] | None) -> int | None:
    """How many months a price that renews is for. Memberships are sold by the month or year, not by the day."""
    if not recurring:
        return None
    return {"year": 12, "month": 1}[recurring["interval"]] * int(recurring["interval_count"])


def read_price(told: Mapping[str, Any]) -> Price:
    """A price, as Stripe words it."""
    return Price(told["id"], _money(told["unit_amount"]), months_of(told.get("recurring")))
