"""Payment pages that are closed unpaid, as their member leaves, is suspended, or cancels: by the worker, until Stripe answers."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from crm.audit import service as audit
from crm.billing import queries
from crm.billing.models import CheckoutAttempt
from crm.billing.service.applying import apply
from crm.billing.service.renewing import TRY_AGAIN
from crm.billing.workflow import Act
from crm.db.changes import amend
from crm.db.session import session
from crm.gateways.payments.facts import Fact, Payments, PaymentsUnavailable
from crm.kernel.clock import now
from crm.kernel.permissions import SYSTEM


@dataclass(frozen=True)
class Closing:
    """A payment page that Stripe is to close."""

    row_id: UUID
    session_id: str

    def tell(self, payments: Payments) -> Fact | None:
        """Ask Stripe to close it, and what became of it: paid or closed before, it cannot be closed.

        Raises `PaymentsUnavailable`.
        """
        try:
            payments.expire(self.session_id)
        except PaymentsUnavailable as error:
            if not error.is_answered:
                raise
        return payments.look("checkout.session", self.session_id)


def next_closing() -> Closing | None:
    """The page that Stripe has waited longest to be asked to close; it is asked again later unless `note_closed` says it was."""
    found = queries.page_to_close()
    if found is None:
        return None
    found.closes_at = now() + TRY_AGAIN
    return Closing(found.id, str(found.session_id))


def note_closed(closing: Closing, told: Fact | None) -> None:
    """Write what Stripe answered."""
    found = session().get_one(CheckoutAttempt, closing.row_id)
    changes = amend(found, closes_at=None)
    if told is not None:
        changes |= apply(told, found.account_id, looked_at=now())
    audit.record(Act.CLOSE_PAGE, found, changes, by=SYSTEM)
