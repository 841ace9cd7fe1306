"""Membership is worked out from periods and grace, and kept nowhere: no flag can be wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from crm.kernel.calendar import ONE_DAY, add_months
from crm.kernel.clock import has_come, is_past

DAYS_TO_CHANGE_MIND, DAYS_TO_REFUND = timedelta(days=14), timedelta(days=14)
"""Consumer Contracts Regulations 2013: regulation 30, counted from the day after the contract; and regulation 34, from the day
after the payer said so."""


@dataclass(frozen=True)
class Period:
    """From a first to a last day, both included."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Membership:
    """A membership on a day. ``since`` is the first day of the unbroken membership that holds then.

    ``until`` is the last day that is paid for without a break, with what is paid ahead; where it does not hold, the last that
    was ever paid for. ``last_day`` is the last day on which it holds, with grace; None where it does not hold. ``next_from`` is
    the first day of a later period that is paid for already, after a break.
    """

    is_member: bool
    is_in_grace: bool = False
    since: date | None = None
    until: date | None = None
    last_day: date | None = None
    next_from: date | None = None


def membership_on(periods: Iterable[Period], *, on: date, grace_days: int) -> Membership:
    """Membership on a day: within a period, or at most so many days after one. Grace joins two periods to one."""
    grace, known = timedelta(days=grace_days), tuple(periods)
    since: date | None = None
    until: date | None = None
    for each in sorted(
        (each for each in known if has_come(each.starts_on, on=on)), key=lambda each: each.starts_on
    ):
        if until is None or each.starts_on > until + grace + timedelta(days=1):
            since = each.starts_on
        until = max(until, each.ends_on) if until else each.ends_on
    if since is None or until is None or is_past(until + grace, on=on):
        return Membership(is_member=False, until=until, next_from=_first_after(on, known))
    ahead = _paid_ahead(until, known, grace)
    return Membership(
        is_member=True,
        is_in_grace=is_past(ahead, on=on),
        since=since,
        until=ahead,
        last_day=ahead + grace,
        next_from=_first_after(ahead, known),
    )


def _first_after(day: date, periods: Iterable[Period]) -> date | None:
    return min((each.starts_on for each in periods if not has_come(each.starts_on, on=day)), default=None)


def _paid_ahead(until: date, periods: Iterable[Period], grace: timedelta) -> date:
    """The last day paid for without a break longer than grace, from a paid day on."""
    for each in sorted(periods, key=lambda each: each.starts_on):
        if each.starts_on <= until + grace + timedelta(days=1):
            until = max(until, each.ends_on)
    return until


class GoneBack(StrEnum):
    """How a payment went back to its payer, or whether their bank decides about it."""

    REFUNDED = "refunded"
    DISPUTED = "disputed"
    CHARGED_BACK = "charged_back"


def overlaps(wanted: Period, others: Iterable[Period]) -> bool:
    """Whether a period shares a day with one of the others."""
    return any(wanted.starts_on <= each.ends_on and each.starts_on <= wanted.ends_on for each in others)


def next_free(known: Membership, *, on: date) -> Period:
    """A year from the first day that is not paid for, today at the earliest; shorter where a later period begins before."""
    first = max(on, known.until + timedelta(days=1)) if known.until else on
    last = add_months(first, 12) - timedelta(days=1)
    is_cut = known.next_from is not None and first < known.next_from <= last
    return Period(first, known.next_from - timedelta(days=1) if is_cut and known.next_from else last)


def first_free_after(day: date, periods: Iterable[Period]) -> date:
    """The first day after one that none of some periods covers."""
    first = day + ONE_DAY
    for each in sorted(periods, key=lambda each: each.starts_on):
        if each.starts_on <= first <= each.ends_on:
            first = each.ends_on + ONE_DAY
    return first


EVENTS: Mapping[str, str] = {
    "checkout.session.completed": "The payment page was completed",
    "checkout.session.expired": "The payment page expired",
    "checkout.session.async_payment_succeeded": "A delayed payment arrived",
    "checkout.session.async_payment_failed": "A delayed payment failed",
    "customer.subscription.created": "A subscription was created",
    "customer.subscription.updated": "A subscription changed",
    "customer.subscription.deleted": "A subscription ended",
    "customer.subscription.paused": "A subscription was paused",
    "customer.subscription.resumed": "A subscription was resumed",
    "invoice.upcoming": "An invoice is coming",
    "invoice.finalized": "An invoice was sent",
    "invoice.paid": "An invoice was paid",
    "invoice.payment_failed": "A payment failed",
    "invoice.payment_action_required": "A payment has to be confirmed",
    "invoice.voided": "An invoice was cancelled",
    "invoice.marked_uncollectible": "An invoice was written off",
    "charge.refunded": "A payment was refunded",
    "refund.created": "A refund was made",
    "refund.updated": "A refund changed",
    "refund.failed": "A refund failed",
    "charge.dispute.created": "A payment was disputed",
    "charge.dispute.updated": "A dispute changed",
    "charge.dispute.closed": "A dispute was decided",
}
"""The events that we act on, in words. Any other is noted and ignored."""
FAILURES = frozenset({"invoice.payment_failed", "invoice.payment_action_required"})
BOUNCED = "checkout.session.async_payment_failed"


def said_of_event(kind: str) -> str:
    """What an event says, in words; with its own name where we do not act on it."""
    return EVENTS.get(kind, f"Something else ({kind})")


@dataclass(frozen=True)
class Payment:
    """A payment that counts, by the id of its invoice, and the days that it was for. ``number`` is that of the invoice."""

    key: str
    span: Period
    number: str = ""


@dataclass(frozen=True)
class Layout:
    """Which days each payment buys. ``twice`` are payments for days that were paid for already."""

    spans: Mapping[str, Period]
    twice: frozenset[str]


def laid_out(payments: Iterable[Payment], others: Iterable[Period]) -> Layout:
    """Lay payments by card beside the periods recorded by hand, the same whatever order they arrived in.

    A payment buys the days it was for; where a few of them are taken it begins after these and lasts as long. Where more than
    half of them are paid for already, it was paid twice, buys nothing and has to be refunded.
    """
    taken, spans, twice = list(others), dict[str, Period](), set[str]()
    for each in sorted(payments, key=lambda each: (each.span.starts_on, each.number, each.key)):
        shared = sum(_shared(each.span, other) for other in taken)
        if 2 * shared > _length(each.span):
            twice.add(each.key)
            continue
        spans[each.key] = _first_room(each.span, taken)
        taken.append(spans[each.key])
    return Layout(spans, frozenset(twice))


def _length(span: Period) -> int:
    return (span.ends_on - span.starts_on).days + 1


def _shared(one: Period, other: Period) -> int:
    shared = min(one.ends_on, other.ends_on) - max(one.starts_on, other.starts_on)
    return max(0, shared.days + 1)


def _first_room(wanted: Period, taken: Iterable[Period]) -> Period:
    """The first days from its own on that are free for as long as it lasts."""
    span = wanted
    for each in sorted(taken, key=lambda each: each.starts_on):
        if _shared(span, each):
            first = each.ends_on + ONE_DAY
            span = Period(first, first + timedelta(days=_length(wanted) - 1))
    return span


WAYS = {"invoice": "By invoice", "transfer": "By bank transfer", "waiver": "Waived", "card": "By card"}
STAGES = {
    "started": "Begun",
    "open": "On the payment page",
    "waiting": "Waiting for the payment to arrive",
    "expired": "Not paid, expired",
    "failed": "Failed",
    "complete": "Paid",
}
STANDINGS = {
    "incomplete": "First payment not made",
    "incomplete_expired": "First payment never made",
    "trialing": "Renews itself, on a later day",
    "active": "Renews itself",
    "past_due": "Payment failed",
    "unpaid": "Not paid",
    "paused": "Paused",
    "canceled": "Ended",
}
INVOICED = {
    "draft": "Being prepared",
    "open": "Not paid yet",
    "paid": "Paid",
    "uncollectible": "Written off",
    "void": "Cancelled",
}
DISPUTES = {
    "none": "No dispute",
    "open": "Disputed at the bank",
    "won": "Dispute won",
    "lost": "Dispute lost",
}
OUTCOMES = {
    "done": "Done",
    "ignored": "Not acted on",
    "not_ours": "Not about a member",
    "wrong_mode": "Sent in the wrong mode",
    "failed": "Failed",
}
