"""Asking Stripe from a view: never while the database is held, and what a membership costs at most every ten minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app

from crm.billing.service.hearing import Look, Ours
from crm.gateways.payments.facts import Payments, PaymentsUnavailable, Price
from crm.kernel.clock import now
from crm.kernel.errors import Conflict, Unavailable
from crm.web.transaction import let_go

NOT_SET_UP = "Memberships cannot be paid by card here. Pay by bank transfer or on an invoice."
KEPT, KEPT_SILENCE = timedelta(minutes=10), timedelta(minutes=1)


def payments() -> Payments:
    """The payment service of this installation. Raises `Conflict` where there is none."""
    found: Payments | None = current_app.extensions["payments"]
    if found is None:
        raise Conflict(NOT_SET_UP)
    return found


def is_set_up() -> bool:
    """Whether memberships can be paid by card."""
    return current_app.extensions["payments"] is not None


def ours() -> Ours:
    """What events of this installation have."""
    return Ours(payments().is_live, payments().prices)


def look(kind: str, about: str) -> Look:
    """Ask Stripe for a thing, and note when. Raises `PaymentsUnavailable`."""
    looked_at = now()
    return Look(payments().look(kind, about), looked_at)


def look_alone(kind: str, about: str) -> Look:
    """The same on a page: nothing is held meanwhile, and silence is said in words."""
    let_go()
    try:
        return look(kind, about)
    except PaymentsUnavailable as error:
        raise Unavailable(str(error)) from error


@dataclass(frozen=True)
class _Known:
    price: Price | None
    until: datetime


def price_now() -> Price | None:
    """What a membership costs; None where Stripe does not say just now."""
    if not is_set_up():
        return None
    known: _Known | None = current_app.extensions.get("price")
    if known is None or known.until < now():
        known = _asked()
        current_app.extensions["price"] = known
    return known.price


def _asked() -> _Known:
    try:
        return _Known(payments().price(), now() + KEPT)
    except PaymentsUnavailable:
        return _Known(None, now() + KEPT_SILENCE)
