"""Paying by card: what is written before Stripe is asked, what follows its answer, and stopping a renewal."""

from __future__ import annotations

from datetime import timedelta

from crm.accounts.models import Account
from crm.audit import service as audit
from crm.billing import queries
from crm.billing.models import CardCustomer, CardSubscription, CheckoutAttempt
from crm.billing.policy import POLICY
from crm.billing.service.applying import apply
from crm.billing.workflow import Act, Stage
from crm.db.changes import amend, created
from crm.db.holding import why_withheld
from crm.db.session import session
from crm.db.states import refuse_if
from crm.figures.queries import figure_on
from crm.gateways.payments.facts import Subscription
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, now, today
from crm.kernel.errors import Conflict
from crm.kernel.permissions import Actor
from crm.notices.service import Extras, Reader, queue

A_DAY = timedelta(days=1)
RENEWS_ITSELF = "Your membership renews itself. You do not need to pay again."
IS_WAITING = "Your payment is on its way. We email you when it arrives."


def why_not_pay(account: Account) -> str | None:
    """Why somebody cannot pay by card now, in words; None where they can."""
    withheld = why_withheld("account", account.id)
    if withheld:
        return withheld
    if queries.live_subscription(account.id) is not None:
        return RENEWS_ITSELF
    found = queries.attempt_under_way(account.id)
    if found is not None and found.stage is Stage.WAITING:
        return IS_WAITING
    if _is_being_recorded(account):
        return IS_WAITING
    known, ahead = queries.membership_of(account.id, on=today()), figure_on("angel.remind_days", on=today())
    if known.is_member and known.until is not None and (known.until - today()).days > ahead:
        return f"Your membership is paid until {day_in_words(known.until)}. You can pay again {ahead} days before."
    return None


def _is_being_recorded(account: Account) -> bool:
    """Whether they have paid and Stripe has not told us of the invoice yet."""
    last = queries.last_attempt(account.id)
    if last is None or last.stage is not Stage.COMPLETE or last.began_at < now() - A_DAY:
        return False
    return all(each.starts_on < day_of(last.began_at) for each in queries.payments_of(account.id))


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


def stop(found: CardSubscription, told: Subscription, *, by: Actor) -> None:
    """Note that a membership will not renew itself, and confirm it by email."""
    _change_renewal(found, told, Act.STOP_RENEWING, by=by)
    owner = session().get_one(Account, found.account_id)
    last = {"last": day_in_words(found.last_day), "path": "/membership"}
    queue("membership_stopped", Reader(owner.email, owner.name, owner.id), having=Extras(last))


def resume(found: CardSubscription, told: Subscription, *, by: Actor) -> None:
    """Note that a membership renews itself after all."""
    _change_renewal(found, told, Act.RESUME_RENEWING, by=by)


def _change_renewal(found: CardSubscription, told: Subscription, act: Act, *, by: Actor) -> None:
    POLICY.require(by, act, found)
    refuse_if(why_withheld("account", found.account_id) if act is Act.RESUME_RENEWING else None)
    before = found.is_stopping
    apply(told, found.account_id, looked_at=now())
    audit.record(act, found, {"is_stopping": (before, found.is_stopping)}, by=by)
