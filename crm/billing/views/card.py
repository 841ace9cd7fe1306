"""What the pages of a membership show of paying by card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm.accounts.models import Account
from crm.accounts.queries import account
from crm.billing import queries
from crm.billing.policy import POLICY
from crm.billing.rules import DISPUTES, INVOICED, STAGES, STANDINGS
from crm.billing.service import checkout
from crm.billing.views.asking import is_set_up, price_now
from crm.billing.workflow import Act
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
        "is_set_up": is_set_up(),
        "price": price_now(),
        "why_not": checkout.why_not_pay(own) if is_set_up() else None,
        "subscription": queries.live_subscription(own.id),
        "attempt": queries.last_attempt(own.id),
        "has_customer": getattr(queries.customer_of(own.id), "customer_id", None) is not None,
        "payments": queries.payments_of(own.id),
        "acts": open_acts(own, policy=POLICY, also=(Act.PAY, Act.CHANGE_CARD)),
    }


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
