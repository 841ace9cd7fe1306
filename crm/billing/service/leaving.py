"""What becomes of paying by card when a member leaves the network or is suspended there: told before, done, and told after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crm.accounts.models import Account
from crm.billing import queries
from crm.billing.models import CardPayment
from crm.billing.service import wishing
from crm.billing.service.asking_back import why_not_asked_back
from crm.billing.service.checkout import is_half_heard
from crm.billing.workflow import Invoiced, Stage
from crm.kernel.calendar import day_in_words
from crm.kernel.money import Money
from crm.kernel.permissions import Actor


@dataclass(frozen=True)
class Fee:
    """What a member pays by card: the day on which it would renew, or the sum that they owe since a payment failed.

    ``is_coming`` says that a payment is on its way, ``has_page`` that a payment page is open, which is closed; a payment made there
    a moment ago still arrives. ``refundable`` are the payments that they can ask back.
    """

    renews_on: date | None
    owed: Money | None
    is_coming: bool
    has_page: bool
    refundable: Sequence[CardPayment]


def fee_of(owner: Account) -> Fee:
    """What leaving or suspending would end, and what it would leave: four queries."""
    live, visit = queries.live_subscription(owner.id), queries.attempt_under_way(owner.id)
    payments = queries.payments_of(owner.id)
    owed = next((each.amount for each in payments if each.invoiced is Invoiced.OPEN), None)
    is_owed = live is not None and live.is_owed
    return Fee(
        renews_on=live.renews_on if live is not None and live.renews and not is_owed else None,
        owed=owed if is_owed else None,
        is_coming=is_half_heard(live, visit, payments=payments)
        or bool(queries.payments_on_their_way([owner.id])),
        has_page=visit is not None and visit.stage is Stage.OPEN,
        refundable=[each for each in payments if why_not_asked_back(each) is None],
    )


def stop_paying(owner: Account, *, by: Actor) -> dict[str, str]:
    """Stop the renewal, cancel what is owed and close the payment page as soon as Stripe answers; what a letter says of all that."""
    fee = fee_of(owner)
    is_stopped = wishing.stop_all(owner.id, by=by)
    wishing.close_page(owner.id, by=by)
    back = ", ".join(f"{each.amount} until {day_in_words(each.change_by)}" for each in fee.refundable)
    return {
        "renews": "yes" if is_stopped else "",
        "resumes": "yes" if fee.renews_on else "",
        "owed": str(fee.owed) if fee.owed else "",
        "coming": "yes" if fee.is_coming or fee.has_page else "",
        "back": back,
    }
