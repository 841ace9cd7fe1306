"""Renewals: stopped and resumed by their member, and by the worker what Stripe is still to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from crm.accounts.models import Account
from crm.audit import service as audit
from crm.billing import queries
from crm.billing.models import CardSubscription
from crm.billing.policy import POLICY
from crm.billing.service.applying import apply
from crm.billing.service.wishing import close_page, is_paid_twice
from crm.billing.workflow import Act
from crm.db.changes import amend
from crm.db.holding import why_withheld
from crm.db.session import session
from crm.db.states import refuse_if
from crm.gateways.payments.facts import Payments, Subscription
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, now, today
from crm.kernel.permissions import SYSTEM, Actor
from crm.notices.service import Extras, Reader, queue

TRY_AGAIN = timedelta(minutes=10)
"""Until Stripe is told once more what it did not answer."""
NOTHING_TO_TELL = {"is_to_stop": False, "is_to_end": False, "moves_to": None, "asks_at": None}


def stopped_at(payments: Payments, subscription_id: str, *, is_owed: bool) -> Subscription:
    """Stop a renewal at Stripe. Where a payment has failed it ends at once: Stripe would go on trying the card.

    Raises `PaymentsUnavailable`.
    """
    if is_owed:
        return payments.end(subscription_id)
    return payments.set_renewing(subscription_id, is_renewing=False)


def stop(found: CardSubscription, told: Subscription, *, by: Actor) -> None:
    """Note that a membership will not renew itself."""
    _change_renewal(found, told, Act.STOP_RENEWING, by=by)
    close_page(found.account_id, by=by)


def why_not_resumed(owner: Account) -> str | None:
    """Why a renewal that stopped does not start again: its member left, or the payment was made twice and goes back."""
    withheld, found = why_withheld("account", owner.id), queries.live_subscription(owner.id)
    if withheld or found is None:
        return withheld
    if is_paid_twice(found.subscription_id, queries.payments_of(owner.id)):
        return "You paid twice for the same days. We refund the second payment to your card, and its renewal ends with it."
    return None


def resume(found: CardSubscription, told: Subscription, *, by: Actor) -> None:
    """Note that a membership renews itself after all."""
    POLICY.require(by, Act.RESUME_RENEWING, found)
    refuse_if(why_not_resumed(session().get_one(Account, found.account_id)))
    _change_renewal(found, told, Act.RESUME_RENEWING, by=by)


def _change_renewal(found: CardSubscription, told: Subscription, act: Act, *, by: Actor) -> None:
    POLICY.require(by, act, found)
    before = found.is_stopping
    amend(found, **NOTHING_TO_TELL)
    apply(told, found.account_id, looked_at=now(), is_ours=True)
    audit.record(act, found, {"is_stopping": (before, found.is_stopping)}, by=by)


def confirm_stopped(owner: Account) -> None:
    """Email a member that nothing more is taken: until when they are one, and what becomes of what they paid twice."""
    known = queries.membership_of(owner.id, on=today())
    withheld = why_withheld("account", owner.id) or ""
    days = {"until": known.until, "closes": known.last_day} if known.is_member else {}
    said = {name: day_in_words(day) for name, day in days.items() if day is not None}
    twice = ", ".join(str(each.amount) for each in queries.payments_of(owner.id) if each.is_to_give_back)
    can_resume = queries.live_subscription(owner.id) is not None and why_not_resumed(owner) is None
    about = said | {
        "withheld": withheld,
        "twice": twice,
        "can_resume": "yes" if can_resume else "",
        "path": "/membership",
    }
    queue("membership_stopped", Reader(owner.email, owner.name, owner.id), having=Extras(about))


@dataclass(frozen=True)
class Wish:
    """What Stripe is to be told of a subscription: that it stops, that it ends at once, or the day it moves to."""

    row_id: UUID
    subscription_id: str
    is_to_end: bool
    moves_to: date | None

    def tell(self, payments: Payments) -> Subscription:
        """Tell Stripe. Raises `PaymentsUnavailable`."""
        if self.moves_to is None:
            return stopped_at(payments, self.subscription_id, is_owed=self.is_to_end)
        found = payments.look("subscription", self.subscription_id)
        if isinstance(found, Subscription) and day_of(found.renews_at) >= self.moves_to:
            return found  # an invoice was heard before the renewal that it was for
        midday = datetime.combine(self.moves_to, time(12), UTC)  # the same day in London all year
        return payments.move_renewal(self.subscription_id, to=midday)


def next_wish() -> Wish | None:
    """What Stripe has waited longest to be told; it is told again later unless `note_told` says that it was."""
    found = queries.subscription_to_tell()
    if found is None:
        return None
    found.asks_at = now() + TRY_AGAIN
    moves_to = None if found.is_to_stop or found.is_to_end else found.moves_to
    return Wish(found.id, found.subscription_id, found.is_to_end or found.is_owed, moves_to)


def note_told(wish: Wish, told: Subscription) -> None:
    """Write what Stripe answered."""
    found = session().get_one(CardSubscription, wish.row_id)
    amend(found, **NOTHING_TO_TELL)
    changes = apply(told, found.account_id, looked_at=now(), is_ours=True)
    audit.record(Act.MOVE_RENEWAL if wish.moves_to else Act.STOP_RENEWING, found, changes, by=SYSTEM)
