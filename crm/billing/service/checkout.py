"""Paying by card: what is written before Stripe is asked, and what follows its answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from crm.accounts.models import Account
from crm.audit import service as audit
from crm.billing import queries
from crm.billing.models import CardCustomer, CardPayment, CardSubscription, CheckoutAttempt
from crm.billing.policy import POLICY
from crm.billing.workflow import Act, Stage
from crm.db.changes import amend, created
from crm.db.holding import why_withheld
from crm.db.session import session
from crm.figures.queries import figure_on
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict
from crm.kernel.permissions import Actor

RENEWS_ITSELF = "Your membership renews itself. You do not need to pay again."
IS_WAITING = "Your payment is on its way. We email you when it arrives."


def why_not_pay(account: Account) -> str | None:
    """Why somebody cannot pay by card now, in words; None where they can."""
    withheld = why_withheld("account", account.id)
    if withheld:
        return withheld
    if queries.live_subscription(account.id) is not None:
        return RENEWS_ITSELF
    if is_on_its_way(account):
        return IS_WAITING
    paid, opens_on = _paid_until(account)
    if paid is not None and opens_on > today():
        again = f"You can pay for the next period from {day_in_words(opens_on)}."
        return f"Your membership is paid until {day_in_words(paid)}. {again}"
    return None


def _paid_until(account: Account) -> tuple[date | None, date]:
    """Until when a member has paid, None for no member; and from which day the next period can be paid for."""
    known, ahead = queries.membership_of(account.id, on=today()), figure_on("angel.remind_days", on=today())
    if not known.is_member or known.until is None:
        return None, today()
    return known.until, known.until - timedelta(days=int(ahead))


def is_to_pay(account: Account) -> bool:
    """Whether a member has something to pay soon or now: not while a payment is on its way, nor where it renews itself."""
    paid, opens_on = _paid_until(account)
    live = queries.live_subscription(account.id)
    is_running = paid is not None and paid >= today() and live is not None and not live.is_stopping
    return opens_on <= today() and not is_running and not is_on_its_way(account)


def is_on_its_way(account: Account) -> bool:
    """Whether they have paid, and the payment has not arrived or Stripe has not told us of it yet."""
    if queries.payments_on_their_way([account.id]):
        return True
    live, visit = queries.live_subscription(account.id), queries.attempt_under_way(account.id)
    return is_half_heard(live, visit, payments=queries.payments_of(account.id))


def is_half_heard(
    live: CardSubscription | None, visit: CheckoutAttempt | None, *, payments: Iterable[CardPayment]
) -> bool:
    """Whether Stripe told us of a subscription before the visit and the invoice that it was begun with."""
    paid_for = {each.subscription_id for each in payments}
    return live is not None and visit is not None and live.subscription_id not in paid_for


def begin(account: Account, *, by: Actor) -> CheckoutAttempt:
    """Begin to pay, or go on with what was begun: written down before Stripe is asked, so that a second try is the same one."""
    POLICY.require(by, Act.PAY, account)
    queries.hold(account.id)
    reason = why_not_pay(account)
    if reason:
        raise Conflict(reason)
    if queries.customer_of(account.id) is None:
        session().add(CardCustomer(account_id=account.id, made_at=now()))
    found = queries.attempt_under_way(account.id)
    if found is None:
        found = CheckoutAttempt(account_id=account.id, stage=Stage.STARTED, began_at=now())
        session().add(found)
    found.closes_at = None  # whoever begins again pays there after all
    session().flush()
    audit.record(Act.PAY, found, created(stage=found.stage), by=by)
    return found


def know_customer(customer: CardCustomer, customer_id: str) -> None:
    """Keep which customer somebody is at Stripe."""
    customer.customer_id = customer_id


def give_up(found: CheckoutAttempt) -> None:
    """End an attempt that Stripe has answered with an error: the same key would be answered the same for a day."""
    if found.stage is Stage.STARTED:
        amend(found, stage=Stage.FAILED)
