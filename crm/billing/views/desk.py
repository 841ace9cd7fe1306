"""What waits on the desk about payments by card."""

from __future__ import annotations

from flask import url_for

from crm.billing import queries
from crm.billing.models import CardPayment
from crm.kernel.clock import is_past, today
from crm.kernel.permissions import Actor
from crm.web.feature import Todo, counted_todo


def payments_to_decide(actor: Actor) -> tuple[Todo, ...]:
    """Payments that were made twice, given back in part or asked back, but for this person's own."""
    return tuple(_todo(each) for each in queries.payments_to_decide() if each.account_id != actor.account_id)


def _todo(found: CardPayment) -> Todo:
    """What to do about one; a refund that its payer asked for has its last day."""
    href, name = url_for("billing.one_membership", account_id=found.account_id), found.account.name
    last = found.refund_by
    if last is None:
        words = "Refund a payment made twice" if found.is_twice else "Decide about a partial refund"
        return Todo(words, None, href, about=name, since=found.starts_on)
    is_late = bool(is_past(last, on=today()))
    return Todo("Refund a member who asked for it", None, href, is_overdue=is_late, about=name, due=last)


def events_to_look_at(_actor: Actor) -> tuple[Todo, ...]:
    """Events of Stripe that were not acted on and that nobody has looked at."""
    href = url_for("stripe_events.events", show="open")
    words = ("event from Stripe to look at", "events from Stripe to look at")
    return counted_todo(queries.count_open_events(), words, href=href)
