"""The check with Stripe: everything that it has is compared with what stands here, and what differs is put right."""

from __future__ import annotations

from datetime import timedelta

from crm.accounts.queries import account as account_behind
from crm.audit import service as audit
from crm.billing import queries
from crm.billing.models import StripeCheck
from crm.billing.policy import POLICY
from crm.billing.service.applying import apply, settle
from crm.billing.service.hearing import Look, Ours
from crm.billing.workflow import Act
from crm.db.changes import amend
from crm.db.session import session
from crm.gateways.payments.facts import Session, Subscription
from crm.kernel.clock import now
from crm.kernel.errors import Conflict
from crm.kernel.permissions import SYSTEM, Actor

LOOKS_BACK = timedelta(days=400)
"""Invoices made since are compared: a year's membership, and the time in which a payment can be disputed."""
MOST_LISTED = 200


def ask_check(*, by: Actor) -> StripeCheck:
    """Ask for a check, which the worker makes at once."""
    POLICY.require(by, Act.ASK_CHECK)
    if queries.check_to_do() is not None:
        raise Conflict("A check has been asked for already. Its result is shown here in a minute.")
    return _asked(by=by)


def ask_nightly() -> None:
    """Ask for the check of this day."""
    if queries.check_to_do() is None:
        _asked(by=SYSTEM)


def _asked(*, by: Actor) -> StripeCheck:
    made = StripeCheck(asked_at=now(), asked_by_id=by.account_id)
    session().add(made)
    session().flush()
    audit.record(Act.ASK_CHECK, made, {}, by=by)
    return made


def begin_check() -> StripeCheck | None:
    """Take the check that waits longest; None where none does."""
    found = queries.check_to_do()
    if found is not None:
        found.began_at = now()
    return found


def compare(look: Look, ours: Ours) -> str | None:
    """Write what Stripe says of one thing where it differs, and say so in words; None where it was the same."""
    fact = look.fact
    if fact is None or (not isinstance(fact, Session) and not fact.prices & ours.prices):
        return None
    account_id = queries.account_of_customer(fact.customer)
    if account_id is None:
        return f"{fact.id} belongs to a customer who is not a member here. Look at it in Stripe."
    changes = apply(fact, account_id, looked_at=look.looked_at) | settle(account_id)
    if not changes:
        return None
    owner = account_behind(account_id)
    what = {Subscription: "A subscription", Session: "A visit to the payment page"}.get(
        type(fact), "An invoice"
    )
    return f"{owner.name if owner else 'A member'}: {what} ({fact.id}) was out of date, and was put right."


def end_check(found: StripeCheck, *, looked: int, repairs: list[str], fault: str = "") -> None:
    """Write down what a check has found."""
    changes = amend(found, ended_at=now(), looked=looked, repairs=repairs[:MOST_LISTED], fault=fault)
    audit.record(Act.CHECK, found, changes, by=SYSTEM)
