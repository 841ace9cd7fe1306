"""What the pages of a membership show of paying by card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from crm.accounts.models import Account
from crm.accounts.queries import account
from crm.billing import queries
from crm.billing.models import CardPayment, CardSubscription, MembershipPeriod
from crm.billing.policy import POLICY
from crm.billing.rules import DISPUTES, INVOICED, STAGES, STANDINGS
from crm.billing.service import checkout, renewing
from crm.billing.service.asking_back import why_not_asked_back
from crm.billing.views.asking import is_set_up, price_now
from crm.billing.workflow import Act, Dispute
from crm.db.holding import why_withheld
from crm.kernel.clock import today
from crm.kernel.errors import NotFound
from crm.web.identity import current_actor
from crm.web.permit import open_acts


def own_account() -> Account:
    """The account of whoever is signed in."""
    own = current_actor().account_id
    found = account(own) if own else None
    if found is None:
        raise NotFound("There is nothing here.")
    return found


def about_card(own: Account) -> Mapping[str, Any]:
    """What the page of a membership shows of paying by card."""
    return {
        **_in_words(),
        **_of_payments(own),
        **_of_paying(own),
        "subscription": queries.live_subscription(own.id),
        "ended_renewal": _ended_renewal(own),
        "may_resume": renewing.why_not_resumed(own) is None,
        "attempt": queries.last_attempt(own.id),
        "has_customer": getattr(queries.customer_of(own.id), "customer_id", None) is not None,
        "acts": open_acts(own, policy=POLICY, also=(Act.PAY, Act.CHANGE_CARD)),
    }


def _ended_renewal(own: Account) -> CardSubscription | None:
    """The renewal that has ended, where none goes on: the page says so while what was paid still holds."""
    every = queries.subscriptions_of(own.id)
    last = every[-1] if every else None
    is_over = last is not None and last.ended_at is not None and not any(each.is_live for each in every)
    return last if is_over else None


def _of_paying(own: Account) -> dict[str, Any]:
    """Whether and how one can pay now, and for how much."""
    return {
        "is_set_up": is_set_up(),
        "price": price_now(),
        "why_not": checkout.why_not_pay(own) if is_set_up() else None,
        "is_withheld": why_withheld("account", own.id) is not None,
        "is_to_pay": checkout.is_to_pay(own),
    }


def _of_payments(own: Account) -> dict[str, Any]:
    """One's own payments by card, what became of the last, which was made twice, and whether one is on its way."""
    rows = queries.payments_of(own.id)
    news = _of_now(rows, queries.periods_of(own.id))
    return {
        "payments": rows,
        "disputed": [each for each in news if each.dispute in (Dispute.OPEN, Dispute.LOST)],
        "refunded": [each for each in news if each.refunded >= each.amount],
        "ended": {each.id for each in news if each.period is None or each.period.was_voided_in_it},
        "twice": [each for each in rows if each.is_to_give_back],
        "is_waiting": checkout.is_on_its_way(own),
        "may_ask_back": {each.id for each in rows if why_not_asked_back(each) is None},
    }


def _of_now(rows: Sequence[CardPayment], periods: Sequence[MembershipPeriod]) -> list[CardPayment]:
    """The payments whose going back is news: nothing has been paid for since. What bought nothing is news while it is the last."""
    paid_at = max((each.recorded_at for each in periods), default=None)
    return [
        each
        for each in rows
        if (each == rows[0] if each.period is None else _is_later(each.period.voided_at, paid_at))
    ]


def _is_later(moment: datetime | None, than: datetime | None) -> bool:
    return moment is not None and (than is None or moment >= than)


def about_stopping(own: Account) -> Mapping[str, Any]:
    """What the page that stops a renewal says: until when they are a member, and what becomes of their payments."""
    return {
        "card": _of_payments(own) | _live_of(own),
        "membership": queries.membership_of(own.id, on=today()),
    }


def _live_of(own: Account) -> dict[str, Any]:
    withheld = why_withheld("account", own.id) is not None
    return {"subscription": queries.live_subscription(own.id), "is_withheld": withheld}


def seen_by_staff(found: Account) -> Mapping[str, Any]:
    """What staff see: every subscription, the last visit to the payment page, and what became of each payment."""
    return {
        **_in_words(),
        "subscriptions": queries.subscriptions_of(found.id),
        "attempt": queries.last_attempt(found.id),
        "payments": queries.payments_of(found.id),
        "may_settle": POLICY.allows(current_actor(), Act.SETTLE, found),
    }


def _in_words() -> dict[str, Any]:
    return {"standings": STANDINGS, "invoiced": INVOICED, "disputes": DISPUTES, "stages": STAGES}
