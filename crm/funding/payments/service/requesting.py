"""Asking for a payment when a claim is approved, and what becomes of one that cannot be made."""

from __future__ import annotations

from uuid import UUID

from crm.audit import service as audit
from crm.db.changes import created
from crm.db.following import follow
from crm.db.session import session
from crm.db.states import advance, refuse_if
from crm.funding.envelopes.queries.ledger import balances_of
from crm.funding.envelopes.queries.ledger import hold as hold_envelope
from crm.funding.envelopes.rules import LedgerAccount, Line, Subject, why_not_enough
from crm.funding.payments.models import Payment
from crm.funding.payments.policy import POLICY
from crm.funding.payments.queries import details as details_queries
from crm.funding.payments.queries import payments as queries
from crm.funding.payments.queries.answers import open_lines
from crm.funding.payments.queries.details import Payee
from crm.funding.payments.rules.accounts import why_no_payment
from crm.funding.payments.service.running import LINE_OPEN
from crm.funding.payments.service.telling import tell_business
from crm.funding.payments.workflow import PAYMENTS, Act, PaymentStatus
from crm.kernel.clock import now
from crm.kernel.errors import Conflict, require_reason
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor


def request(
    business_id: UUID,
    envelope_id: UUID,
    *,
    line: Line,
    amount: Money,
    about: Subject,
    reason: str,
    cause: Subject | None = None,
    by: Actor,
) -> Payment:
    """Ask for a payment, in the transaction in which what it is for was approved by ``by``, who then neither makes nor releases it.

    ``about`` is the ledger's subject, which must have claimed as much; ``cause`` is what asked, a claim say, and asks once
    until that payment is cancelled.
    """
    refuse_if(why_no_payment(amount))
    hold_envelope(envelope_id)
    _require_claimed(envelope_id, line, amount, about)
    made = Payment(business_id=business_id, envelope_id=envelope_id, line=line, amount=amount)
    made.reason = reason.strip()
    made.approved_by_id, made.approved_at = by.account_id, now()
    return _recorded(made, Act.REQUEST, about, cause or about, by=by)


def request_again(found: Payment, *, by: Actor) -> Payment:
    """Ask anew for a payment that was cancelled: the same sum for the same thing, approved by the same person as before.

    The database holds one payment at most for a cause, cancelled ones apart.
    """
    refuse_if(why_not_requested_again(found))
    hold_envelope(found.envelope_id)
    _require_claimed(found.envelope_id, found.line, found.amount, found.about)
    made = Payment(business_id=found.business_id, envelope_id=found.envelope_id, line=found.line)
    made.amount, made.reason, made.approved_by_id = found.amount, found.reason, found.approved_by_id
    made.approved_at = found.approved_at or found.requested_at
    return _recorded(made, Act.REQUEST_AGAIN, found.about, found.cause, by=by)


def why_not_requested_again(found: Payment) -> str | None:
    """Why the same is not paid by another payment: this one was not cancelled, or the bank may have paid it all the same."""
    if found.status is not PaymentStatus.CANCELLED:
        return "This payment was not cancelled."
    return why_line_open(found)


def why_line_open(found: Payment) -> str | None:
    """That the bank’s word about this money waits for a person: it may have been paid."""
    return LINE_OPEN if open_lines([found.id]) else None


def _recorded(made: Payment, act: Act, about: Subject, cause: Subject, *, by: Actor) -> Payment:
    made.about_table, made.about_id = about.table, about.id
    made.cause_table, made.cause_id, made.requested_at = cause.table, cause.id, now()
    session().add(made)
    session().flush()
    fields = {"business_id": made.business_id, "amount": made.amount, "reason": made.reason}
    audit.record(act, made, created(**fields), by=by)
    return made


def _require_claimed(envelope_id: UUID, line: Line, amount: Money, about: Subject) -> None:
    """Refuse to pay more than the subject claimed, what else is on its way counted."""
    claimed = balances_of(about, envelope_id=envelope_id, line=line)[LedgerAccount.CLAIMED]
    waiting = sum(
        (each.amount for each in queries.open_about(about, envelope_id=envelope_id, line=line)), NO_MONEY
    )
    short = why_not_enough(amount, claimed - waiting, account=LedgerAccount.CLAIMED, line=line)
    if short:
        raise Conflict(short)


def retry(found: Payment, *, by: Actor) -> None:
    """Make a payment due again that the bank rejected, once the business has new bank details."""
    POLICY.require(by, Act.RETRY, found)
    refuse_if(why_not_retried(found))
    changes = advance(PAYMENTS, found, Act.RETRY)
    audit.record(Act.RETRY, found, changes, by=by)


def why_not_retried(found: Payment) -> str | None:
    """Why a payment that failed is not due again: the bank's word about it is open, or it rejected the details that the business still has."""
    if reason := why_line_open(found):
        return reason
    return details_queries.payees([found.business_id])[found.business_id].why_not


def payee_asked(found: Payment) -> Payee | None:
    """The payee of a payment that failed, where the business has to look at its bank details: none are waiting for our call."""
    payee = details_queries.payees([found.business_id])[found.business_id]
    return payee if payee.why_not is not None and not payee.is_waiting else None


def cancel(found: Payment, *, reason: str, by: Actor) -> None:
    """Cancel a payment that is not on its way to the bank, with a reason. What was claimed stays claimed in the ledger."""
    POLICY.require(by, Act.CANCEL, found)
    refuse_if(why_line_open(found))
    require_reason(reason)
    changes = advance(PAYMENTS, found, Act.CANCEL)
    found.cancel_reason = reason.strip()
    audit.record(Act.CANCEL, found, changes | {"cancel_reason": (None, reason.strip())}, by=by)
    tell_business("payment_cancelled", found, why=found.cancel_reason)
    follow(Act.CANCEL, found, by=by)
