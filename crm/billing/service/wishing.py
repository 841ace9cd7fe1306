"""What Stripe is still to be told: that a renewal stops, ends or moves to a later day, and that a payment page closes unpaid."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from crm.audit import service as audit
from crm.billing import queries
from crm.billing.models import CardPayment, CardSubscription
from crm.billing.policy import POLICY
from crm.billing.rules import Layout, first_free_after
from crm.billing.workflow import Act, Invoiced, Stage
from crm.db.changes import amend
from crm.db.holding import why_withheld
from crm.kernel.clock import now
from crm.kernel.money import NO_MONEY
from crm.kernel.permissions import SYSTEM, Actor


def stop_all(account_id: UUID, *, by: Actor) -> bool:
    """Let each renewal of a member who leaves be stopped as soon as Stripe answers; whether there was one."""
    found = [each for each in queries.live_subscriptions(account_id) if not each.is_stopping]
    for each in found:
        POLICY.require(by, Act.STOP_RENEWING, each)
        _ask(each, Act.STOP_RENEWING, by=by, is_to_stop=True)
    return bool(found)


def stop_outside(account_id: UUID) -> None:
    """Let no renewal of somebody who has left or is suspended go on: what they had paid may be heard of only after that."""
    if why_withheld("account", account_id) is None:
        return
    for each in queries.live_subscriptions(account_id):
        if each.renews:
            _ask(each, Act.STOP_RENEWING, by=SYSTEM, is_to_stop=True, moves_to=None)


def close_page(account_id: UUID, *, by: Actor) -> None:
    """Let the payment page that a member has open be closed as soon as Stripe answers: nothing is to be paid there any more."""
    queries.hold(account_id)
    found = queries.attempt_under_way(account_id)
    if found is not None and found.stage is not Stage.WAITING and found.closes_at is None:
        audit.record(Act.CLOSE_PAGE, found, amend(found, closes_at=now()), by=by)


def end_unpaid(account_id: UUID, *, payments: Iterable[CardPayment]) -> bool:
    """Let each subscription end whose last payment went back, or whose last period a person cancelled; whether there was one.

    It would take the next payment for going on with what was not bought, and keep its member from paying again.
    """
    rows, found = list(payments), queries.live_subscriptions(account_id)
    over = [each for each in found if _is_undone(each.subscription_id, rows)]
    for each in over:
        _ask(each, Act.STOP_RENEWING, by=SYSTEM, is_to_end=True, is_to_stop=False, moves_to=None)
    return bool(over)


def _is_undone(subscription_id: str, payments: Iterable[CardPayment]) -> bool:
    """Whether the last that a subscription was paid for has gone. An invoice for nothing only moves a renewal."""
    last = _last_paid(subscription_id, payments)
    if last is None:
        return False
    return last.is_undone or (last.period is not None and last.period.voided_by_id is not None)


def _last_paid(subscription_id: str, payments: Iterable[CardPayment]) -> CardPayment | None:
    paid = (
        each
        for each in payments
        if each.subscription_id == subscription_id
        and each.invoiced is Invoiced.PAID
        and each.amount > NO_MONEY
    )
    return max(paid, key=lambda each: (each.starts_on, each.number), default=None)


def is_paid_twice(subscription_id: str, payments: Iterable[CardPayment]) -> bool:
    """Whether the last that a subscription was paid for was paid for already: it is given back, and the renewal ends with it."""
    last = _last_paid(subscription_id, payments)
    return last is not None and last.is_to_give_back


def align(account_id: UUID, *, payments: Iterable[CardPayment], layout: Layout) -> None:
    """Let one subscription renew, on the day after the last that it has paid for; one for days paid for already stops.

    It stops however these days were paid for, by another card or by a transfer.
    """
    rows = list(payments)
    found = [each for each in queries.live_subscriptions(account_id) if not each.is_stopping]
    idle = [each for each in found if is_paid_twice(each.subscription_id, rows)]
    for each in idle:
        if not each.is_to_stop:
            _ask(each, Act.STOP_RENEWING, by=SYSTEM, is_to_stop=True, moves_to=None)
    for each in [each for each in found if each not in idle][:1]:
        paid = [row for row in rows if row.subscription_id == each.subscription_id]
        bought = [layout.spans[row.invoice_id].ends_on for row in paid if row.invoice_id in layout.spans]
        wanted = first_free_after(max(bought, default=each.last_day), queries.by_hand_spans_of(account_id))
        if wanted > each.renews_on and wanted != each.moves_to:
            _ask(each, Act.MOVE_RENEWAL, by=SYSTEM, moves_to=wanted)


def _ask(found: CardSubscription, act: Act, *, by: Actor, **wanted: object) -> None:
    audit.record(act, found, amend(found, asks_at=now(), **wanted), by=by)
