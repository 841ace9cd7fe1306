"""What waits on the desk about payments by card."""

from __future__ import annotations

from flask import url_for

from crm.billing import queries
from crm.kernel.permissions import Actor
from crm.web.feature import Todo, counted_todo


def payments_to_decide(actor: Actor) -> tuple[Todo, ...]:
    """Payments that were made twice or given back in part, but for this person's own."""
    return tuple(
        Todo(
            "Refund a payment made twice" if each.is_twice else "Decide about a partial refund",
            None,
            url_for("billing.one_membership", account_id=each.account_id),
            about=each.account.name,
            since=each.starts_on,
        )
        for each in queries.payments_to_decide()
        if each.account_id != actor.account_id
    )


def events_to_look_at(_actor: Actor) -> tuple[Todo, ...]:
    """Events of Stripe that were not acted on and that nobody has looked at."""
    href = url_for("stripe_events.events", show="open")
    words = ("event from Stripe to look at", "events from Stripe to look at")
    return counted_todo(queries.count_open_events(), words, href=href)
