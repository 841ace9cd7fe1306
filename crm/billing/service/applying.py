"""Writing what Stripe says of a thing, and letting the membership follow: the same in whatever order it is heard."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from crm.accounts.models import Account
from crm.billing import queries
from crm.billing.models import CardPayment, CardSubscription, MembershipPeriod
from crm.billing.rules import Layout, Payment, Period, laid_out
from crm.billing.service import periods, telling, wishing
from crm.billing.service.periods import PeriodDetails
from crm.billing.workflow import Dispute, Invoiced, Stage, Standing, Way, dispute_of, stage_of
from crm.db.changes import Changes, amend
from crm.db.holding import why_withheld
from crm.db.session import session
from crm.gateways.payments.facts import Fact, Invoice, Session, Subscription
from crm.kernel.calendar import ONE_DAY, add_months
from crm.kernel.clock import day_of, is_past, today
from crm.kernel.money import NO_MONEY
from crm.kernel.permissions import SYSTEM, Actor

MONTHS_OF_A_PASS = 12
ORDER = tuple(Stage)


def apply(
    fact: Fact,
    account_id: UUID,
    *,
    looked_at: datetime,
    has_failed: bool = False,
    has_bounced: bool = False,
    is_ours: bool = False,
) -> Changes:
    """Write what Stripe said of a thing when it was asked at ``looked_at``, and let the membership follow.

    What was written of a later look stays. The account is held: two events about one person wait for each other. ``is_ours`` is
    that we have just changed the thing ourselves, and its member is told of that by whoever did.
    """
    queries.hold(account_id)
    if isinstance(fact, Session):
        return _attempt(fact, account_id, has_bounced=has_bounced)
    if isinstance(fact, Subscription):
        return _followed(fact, account_id, looked_at, is_ours=is_ours)
    changes = _payment(fact, account_id, looked_at)
    if has_failed:
        telling.tell_of_failure(fact, account_id)
    return changes | _settle_payment(fact, account_id, changes) if changes else {}


def _followed(fact: Subscription, account_id: UUID, looked_at: datetime, *, is_ours: bool) -> Changes:
    """Write a subscription, and tell a member whose renewal ended at Stripe while they still are one."""
    known = queries.subscription_by(fact.id)
    renewed = known is not None and known.renews and not is_ours
    changes = _subscription(fact, account_id, looked_at, found=known)
    changes |= settle(account_id) if {"standing", "is_stopping"} & changes.keys() else {}
    has_ended = renewed and known is not None and known.ended_at is not None
    if has_ended and _is_member_without_renewal(account_id):
        telling.tell_renewal_ended(account_id)
    return changes


def _is_member_without_renewal(account_id: UUID) -> bool:
    is_alone = queries.live_subscription(account_id) is None
    return is_alone and queries.membership_of(account_id, on=today()).is_member


def _settle_payment(fact: Invoice, account_id: UUID, changes: Changes) -> Changes:
    """Let all follow from a payment that changed, and then tell its member, who reads what became of the membership."""
    settled, found = settle(account_id), queries.payment_by(fact.id)
    if found is not None:
        telling.tell_of_money_back(found, changes)
    return settled


def _attempt(fact: Session, account_id: UUID, *, has_bounced: bool) -> Changes:
    found = queries.attempt_of(account_id, fact.reference)
    stage = stage_of(fact.status, fact.payment_status, has_bounced=has_bounced)
    if found is None or ORDER.index(stage) <= ORDER.index(found.stage):
        return {}
    if stage is Stage.FAILED:
        telling.say_not_paid(account_id, why="did not arrive")
    return amend(found, stage=stage, session_id=fact.id, invoice_id=fact.invoice)


def _subscription(
    fact: Subscription, account_id: UUID, looked_at: datetime, *, found: CardSubscription | None
) -> Changes:
    told = {
        "standing": Standing(fact.status),
        "began_at": fact.began_at,
        "renews_at": fact.renews_at,
        "is_stopping": fact.is_stopping,
        "ended_at": fact.ended_at,
    }
    if found is None:
        session().add(
            CardSubscription(account_id=account_id, subscription_id=fact.id, looked_at=looked_at, **told)
        )
        session().flush()
        return {"standing": (None, told["standing"])}
    if found.looked_at > looked_at:
        return {}
    found.looked_at = looked_at
    return amend(found, **told)


def _payment(fact: Invoice, account_id: UUID, looked_at: datetime) -> Changes:
    told = _told_of(fact)
    found = queries.payment_by(fact.id)
    if found is None:
        session().add(CardPayment(account_id=account_id, invoice_id=fact.id, looked_at=looked_at, **told))
        session().flush()
        new = {"refunded": NO_MONEY, "dispute": Dispute.NONE}
        return {"invoiced": (None, told["invoiced"])} | {
            name: (before, told[name]) for name, before in new.items() if told[name] != before
        }
    if found.looked_at > looked_at:
        return {}
    found.looked_at = looked_at
    return amend(found, **told)


def _told_of(fact: Invoice) -> dict[str, Any]:
    span = span_of(fact)
    return {
        "subscription_id": fact.subscription,
        "number": fact.number,
        "invoiced": Invoiced(fact.status),
        "amount": fact.amount,
        "tax": fact.tax,
        "refunded": min(fact.refunded, fact.amount),
        "dispute": dispute_of(fact.dispute),
        "starts_on": span.starts_on,
        "ends_on": span.ends_on,
    }


def span_of(fact: Invoice) -> Period:
    """The days that an invoice is for, both included: those of the subscription, or a year from the day of a pass."""
    first = day_of(fact.begins_at)
    after = day_of(fact.ends_at) if fact.ends_at else add_months(first, MONTHS_OF_A_PASS)
    return Period(first, max(first, after - ONE_DAY))


def settle(account_id: UUID) -> Changes:
    """Let the periods of an account be just those that its payments by card have bought, and the ones recorded by hand.

    A period that a person has cancelled stays cancelled.
    """
    rows = queries.payments_held(account_id)
    wishing.end_unpaid(account_id, payments=rows)
    counting = [_paid(each) for each in rows if each.counts]
    layout = laid_out(counting, queries.by_hand_spans_of(account_id))
    changes: Changes = {}
    new_twice = [each for each in rows if each.invoice_id in layout.twice and not each.is_twice]
    for each in rows:
        changes |= amend(each, is_twice=each.invoice_id in layout.twice)
    for each in rows:
        changes |= _end_period(each, layout)
    for each in rows:
        changes |= _begin_period(each, layout)
    wishing.align(account_id, payments=rows, layout=layout)
    wishing.stop_outside(account_id)
    for each in new_twice:
        telling.tell_paid_twice(each)
    return changes


def record_by_hand(account: Account, details: PeriodDetails, *, by: Actor) -> MembershipPeriod:
    """Record a period that was not paid by card. A renewal by card moves behind it: no day is paid for twice."""
    made = periods.record(account, details, by=by)
    settle(account.id)
    return made


def _paid(row: CardPayment) -> Payment:
    return Payment(row.invoice_id, Period(row.starts_on, row.ends_on), row.number)


def _end_period(row: CardPayment, layout: Layout) -> Changes:
    """Cancel what a payment had bought, where it counts no longer or for other days."""
    period = row.period
    if period is None or period.voided_at is not None or layout.spans.get(row.invoice_id) == period.span:
        return {}
    has_own_letter = row.is_undone or row.is_twice or row.dispute is Dispute.OPEN
    periods.void(period, reason=_why(row), is_told=not has_own_letter, by=SYSTEM)
    return {"period": (period.starts_on, None)}


def _renews(row: CardPayment) -> bool:
    """Whether what a payment bought renews itself. A subscription that we have not heard of yet does, unless it is stopped then."""
    if why_withheld("account", row.account_id) is not None:
        return False
    found = queries.subscription_by(row.subscription_id) if row.subscription_id else None
    return found.renews if found else bool(row.subscription_id)


def _why(row: CardPayment) -> str:
    if row.dispute in (Dispute.OPEN, Dispute.LOST):
        return "The payment is disputed at the bank"
    if row.refunded >= row.amount:
        return "The payment was refunded"
    return "The days were paid for already" if row.is_twice else "The payment is for other days"


def _begin_period(row: CardPayment, layout: Layout) -> Changes:
    wanted = layout.spans.get(row.invoice_id)
    is_ended = row.period is not None and row.period.voided_at is not None
    is_ended_by_hand = is_ended and row.period is not None and row.period.voided_by_id is not None
    if wanted is None or is_ended_by_hand or (row.period is not None and not is_ended):
        return {}
    owner = session().get_one(Account, row.account_id)
    details = PeriodDetails(wanted.starts_on, wanted.ends_on, Way.CARD, row.amount, row.number)
    change_by = None if is_past(row.change_by, on=today()) else row.change_by
    row.period_id = periods.record(owner, details, by=SYSTEM, renews=_renews(row), change_by=change_by).id
    session().flush()
    session().expire(row, ["period"])
    return {"period": (None, wanted.starts_on)}
