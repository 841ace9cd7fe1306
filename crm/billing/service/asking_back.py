"""A member who changed their mind asks for their payment back; the network's manager refunds it in Stripe by its last day."""

from __future__ import annotations

from uuid import UUID

from crm.audit import service as audit
from crm.billing import queries
from crm.billing.models import CardPayment
from crm.billing.policy import POLICY
from crm.billing.service import telling
from crm.billing.workflow import Act
from crm.db.changes import amend
from crm.db.states import refuse_if
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import is_past, now, today
from crm.kernel.permissions import Actor


def why_not_asked_back(found: CardPayment) -> str | None:
    """Why a payment cannot be asked back now: it was, it does not count any more, or the time to change one's mind is over."""
    if not found.counts:
        return "This payment does not count any more, so there is nothing to refund."
    if found.refund_by is not None:
        return f"You have asked for this refund. We refund it by {day_in_words(found.refund_by)}."
    if found.is_to_give_back:
        return "You paid this twice. The network’s manager refunds it to your card: you do not need to ask."
    if is_past(found.change_by, on=today()):
        return f"You could change your mind until {day_in_words(found.change_by)}. Contact us about it."
    return None


def may_ask_back(account_id: UUID) -> list[CardPayment]:
    """The payments of an account that it can ask back now."""
    return [each for each in queries.payments_of(account_id) if why_not_asked_back(each) is None]


def ask_back(found: CardPayment, *, by: Actor) -> None:
    """Ask for a payment back. It waits on the manager's desk with its last day, and the member has it in writing."""
    POLICY.require(by, Act.ASK_BACK, found)
    queries.hold(found.account_id)
    refuse_if(why_not_asked_back(found))
    audit.record(Act.ASK_BACK, found, amend(found, asked_back_at=now()), by=by)
    telling.confirm_asked_back(found)
