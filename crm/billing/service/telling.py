"""What a member is told of a payment that failed, was refunded or is disputed: by letter, once for each change."""

from __future__ import annotations

from uuid import UUID

from crm.accounts.models import Account
from crm.billing import queries
from crm.billing.models import CardPayment
from crm.billing.workflow import Dispute, Invoiced
from crm.db.changes import Changes
from crm.db.holding import why_withheld
from crm.db.session import session
from crm.gateways.payments.facts import Invoice
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import now, today
from crm.notices.service import Extras, Reader, queue


def tell_of_failure(fact: Invoice, account_id: UUID) -> None:
    """Tell a member, once for each invoice, that a payment failed and how to put it right."""
    found = queries.payment_by(fact.id)
    if found is None or found.failed_told_at is not None or found.invoiced is not Invoiced.OPEN:
        return
    found.failed_told_at = now()
    say_not_paid(account_id, why="failed", amount=str(fact.amount))


def say_not_paid(account_id: UUID, *, why: str, amount: str = "") -> None:
    """Tell a member that a payment failed or did not arrive, and until when they are one."""
    about = {"why": why, "amount": amount} | _standing_of(account_id)
    _write("membership_payment_failed", account_id, about)


def tell_of_money_back(found: CardPayment, changes: Changes) -> None:
    """Tell a member that a payment was refunded whole, or what their dispute of it came to. Called once all follows from it."""
    if "refunded" in changes and found.amount and found.refunded >= found.amount:
        _write("membership_refunded", found.account_id, _said_of(found))
    elif "dispute" in changes and found.dispute in (Dispute.OPEN, Dispute.LOST):
        _write(
            "membership_disputed",
            found.account_id,
            _said_of(found) | {"is_lost": _yes(found.dispute is Dispute.LOST)},
        )


def tell_paid_twice(found: CardPayment) -> None:
    """Tell a member that they paid for days that were paid for already: it is given back, and does not renew."""
    _write("membership_paid_twice", found.account_id, _said_of(found))


def confirm_asked_back(found: CardPayment) -> None:
    """Confirm to a member that they asked for a payment back, and by when they have it."""
    by = {"by": day_in_words(found.refund_by)} if found.refund_by else {}
    _write("membership_refund_asked", found.account_id, _said_of(found) | by)


def tell_not_given_back(found: CardPayment, *, note: str) -> None:
    """Tell a member that a payment they asked for is not refunded, and why."""
    _write("membership_refund_closed", found.account_id, _said_of(found) | {"note": note})


def tell_renewal_ended(account_id: UUID) -> None:
    """Tell a member that Stripe has ended the renewal, and what that means for the time they paid for."""
    _write("membership_renewal_ended", account_id, _standing_of(account_id))


def _said_of(found: CardPayment) -> dict[str, str]:
    days = {"first": day_in_words(found.starts_on), "last": day_in_words(found.ends_on)}
    return {"amount": str(found.amount)} | days | _standing_of(found.account_id)


def _standing_of(account_id: UUID) -> dict[str, str]:
    """Until when somebody has paid, until when they are a member with grace, and when it renews: each empty where it does not."""
    known, live = queries.membership_of(account_id, on=today()), queries.live_subscription(account_id)
    paid = day_in_words(known.until) if known.is_member and known.until else ""
    until = day_in_words(known.last_day) if known.last_day else ""
    renews = day_in_words(live.renews_on) if live is not None and live.renews else ""
    told = {"paid": paid, "until": until, "renews": renews, "in_grace": _yes(known.is_in_grace)}
    return told | {"withheld": why_withheld("account", account_id) or ""}


def _yes(is_so: bool) -> str:
    return "yes" if is_so else ""


def _write(kind: str, account_id: UUID, about: dict[str, str]) -> None:
    owner = session().get_one(Account, account_id)
    queue(kind, Reader(owner.email, owner.name, owner.id), having=Extras(about | {"path": "/membership"}))
