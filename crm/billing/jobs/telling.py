"""The worker tells Stripe what is wanted: outside of any transaction, and again later where it does not answer."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app

from crm.billing.service import closing, renewing
from crm.db.session import Database
from crm.gateways.payments.facts import Payments, PaymentsUnavailable


def work_on_renewals(database: Database, _pause: Callable[[], bool]) -> bool:
    """Tell Stripe what has waited longest; whether there was anything."""
    payments: Payments | None = current_app.extensions["payments"]
    if payments is None:
        return False
    with database.transaction():
        wish = renewing.next_wish()
    if wish is None:
        return False
    try:
        told = wish.tell(payments)
    except PaymentsUnavailable:
        return True
    with database.transaction():
        renewing.note_told(wish, told)
    return True


def work_on_pages(database: Database, _pause: Callable[[], bool]) -> bool:
    """Close the payment page that has waited longest; whether there was one."""
    payments: Payments | None = current_app.extensions["payments"]
    if payments is None:
        return False
    with database.transaction():
        found = closing.next_closing()
    if found is None:
        return False
    try:
        told = found.tell(payments)
    except PaymentsUnavailable:
        return True
    with database.transaction():
        closing.note_closed(found, told)
    return True
