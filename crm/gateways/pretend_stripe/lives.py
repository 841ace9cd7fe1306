"""What can happen to a subscription at the stand-in, each with the events that Stripe sends of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from crm.gateways.pretend_stripe.store import Store, Thing, later, seconds

RETRY_AFTER = timedelta(days=3)


def pay(store: Store, session: Thing, *, is_delayed: bool = False) -> Thing:
    """Pay on the payment page, by card or in a way that takes days to arrive; return the invoice."""
    renews = session["mode"] == "subscription"
    made = _subscribed(store, session, is_delayed) if renews else _passed(store, session)
    session.update(status="complete", invoice=made["id"], url=None)
    if not is_delayed:
        _settle(store, session, made)
    store.tell("checkout.session.completed", session)
    return made


def _subscribed(store: Store, session: Thing, is_delayed: bool) -> Thing:
    customer, price = session["customer"], session["metadata"]["price"]
    made = store.subscription(customer, price, status="active" if is_delayed else "incomplete")
    session["subscription"] = made["id"]
    store.tell("customer.subscription.created", made)
    return _invoiced(store, made)


def _passed(store: Store, session: Thing) -> Thing:
    moment = seconds(store.clock())
    return store.invoice(session["customer"], session["metadata"]["price"], (moment, moment), None)


def _invoiced(store: Store, subscription: Thing) -> Thing:
    (item,) = subscription["items"]["data"]
    period = (item["current_period_start"], item["current_period_end"])
    made = store.invoice(subscription["customer"], item["price"]["id"], period, subscription["id"])
    subscription["latest_invoice"] = made["id"]
    return made


def _settle(store: Store, session: Thing, invoice: Thing) -> None:
    store.paid(invoice)
    session["payment_status"] = "paid"
    if session["subscription"]:
        _turn(store, store.things[session["subscription"]], "active")


def _turn(store: Store, subscription: Thing, status: str) -> None:
    subscription["status"] = status
    store.tell("customer.subscription.updated", subscription)


def arrive(store: Store, session: Thing) -> None:
    """A payment that took days has arrived."""
    if session["payment_status"] == "paid":
        return
    _settle(store, session, store.things[session["invoice"]])
    store.tell("checkout.session.async_payment_succeeded", session)


def bounce(store: Store, session: Thing) -> None:
    """A payment that took days has failed in the end."""
    if session["payment_status"] == "paid":
        return
    void(store, store.things[session["invoice"]])
    if session["subscription"]:
        end(store, store.things[session["subscription"]])
    store.tell("checkout.session.async_payment_failed", session)


def expire(store: Store, session: Thing) -> None:
    """A visit that was not paid for is over."""
    session.update(status="expired", url=None)
    store.tell("checkout.session.expired", session)


def _forward(store: Store, subscription: Thing) -> Thing:
    (item,) = subscription["items"]["data"]
    begins = datetime.fromtimestamp(item["current_period_end"], UTC)
    item.update(current_period_start=seconds(begins), current_period_end=seconds(later(begins, 12)))
    return _invoiced(store, subscription)


def renew(store: Store, subscription: Thing) -> Thing | None:
    """The next year begins: it is paid, or the subscription ends where it was to stop."""
    if subscription["cancel_at_period_end"]:
        end(store, subscription)
        return None
    made = _forward(store, subscription)
    store.paid(made)
    _turn(store, subscription, "active")
    return made


def fail(store: Store, subscription: Thing) -> Thing:
    """The next year begins and the card is declined, or the invoice that waits is tried once more in vain."""
    open_ = [each for each in invoices_of(store, subscription) if each["status"] == "open"]
    made = open_[0] if open_ else _forward(store, subscription)
    made["attempt_count"] += 1
    made["next_payment_attempt"] = seconds(store.clock() + RETRY_AFTER)
    store.tell("invoice.payment_failed", made)
    _turn(store, subscription, "past_due")
    return made


def recover(store: Store, subscription: Thing) -> None:
    """The invoice that waits is paid after all."""
    for each in invoices_of(store, subscription):
        if each["status"] == "open":
            store.paid(each)
    _turn(store, subscription, "active")


def invoices_of(store: Store, subscription: Thing) -> list[Thing]:
    """The invoices of a subscription, the newest first."""
    found = store.of_kind("invoice", customer=subscription["customer"])
    return [
        each
        for each in found
        if each["parent"] and each["parent"]["subscription_details"]["subscription"] == subscription["id"]
    ]


def set_renewing(store: Store, subscription: Thing, *, is_renewing: bool) -> None:
    """Stop at the end of the time that is paid for, or go on after all."""
    moment = None if is_renewing else seconds(store.clock())
    subscription.update(cancel_at_period_end=not is_renewing, canceled_at=moment)
    store.tell("customer.subscription.updated", subscription)


def move_renewal(store: Store, subscription: Thing, *, moment: int) -> None:
    """Renew at a later moment: Stripe has a trial for it, with an invoice for nothing."""
    (item,) = subscription["items"]["data"]
    begins = seconds(store.clock())
    item.update(current_period_start=begins, current_period_end=moment)
    made = store.invoice(subscription["customer"], item["price"]["id"], (begins, moment), subscription["id"])
    made.update(status="paid", amount_due=0, amount_remaining=0, total=0)
    made["lines"]["data"][0]["amount"] = 0
    store.tell("invoice.paid", made)
    _turn(store, subscription, "trialing")


def end(store: Store, subscription: Thing) -> None:
    """A subscription is over, and what waits to be paid is cancelled: an account of Stripe can be set to do so after the last try."""
    cancel(store, subscription)
    for each in invoices_of(store, subscription):
        if each["status"] == "open":
            void(store, each)


def cancel(store: Store, subscription: Thing) -> None:
    """A subscription is over. As at Stripe, an open invoice stays open and can still be paid on its page."""
    moment = seconds(store.clock())
    subscription.update(status="canceled", canceled_at=moment, ended_at=moment)
    store.tell("customer.subscription.deleted", subscription)


def void(store: Store, invoice: Thing) -> None:
    """An invoice is cancelled: nobody can pay it any more."""
    invoice.update(status="void", next_payment_attempt=None)
    store.tell("invoice.voided", invoice)


def charge_of(store: Store, invoice: Thing) -> Thing:
    """The charge that paid an invoice."""
    (joined,) = store.of_kind("invoice_payment", invoice=invoice["id"])
    intent = store.things[joined["payment"]["payment_intent"]]
    return store.things[intent["latest_charge"]]


def refund(store: Store, invoice: Thing, *, pence: int | None = None) -> Thing:
    """Give money back, all that is left unless another sum is named."""
    charge = charge_of(store, invoice)
    given = charge["amount"] - charge["amount_refunded"] if pence is None else pence
    charge["amount_refunded"] += given
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    joined: dict[str, Any] = {"charge": charge["id"], "payment_intent": charge["payment_intent"]}
    made = store.new("refund", amount=given, currency="gbp", status="succeeded", **joined)
    made.pop("livemode")
    store.tell("refund.created", made)
    store.tell("charge.refunded", charge)
    return made


def dispute(store: Store, invoice: Thing, *, status: str = "needs_response") -> Thing:
    """The card's holder disputes a payment."""
    charge = charge_of(store, invoice)
    charge["disputed"] = True
    made = store.new(
        "dispute",
        amount=charge["amount"],
        currency="gbp",
        charge=charge["id"],
        payment_intent=charge["payment_intent"],
        reason="general",
        status=status,
    )
    store.tell("charge.dispute.created", made)
    return made


def close_dispute(store: Store, found: Thing, *, is_won: bool) -> None:
    """The bank decides a dispute."""
    found["status"] = "won" if is_won else "lost"
    store.tell("charge.dispute.closed", found)
