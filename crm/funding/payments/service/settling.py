"""How a payment is paid, failed or returned: by the bank's answer, or by two people where the bank says nothing or sends money back."""

from __future__ import annotations

from datetime import date

from crm.audit import service as audit
from crm.db.changes import amend, created
from crm.db.following import follow
from crm.db.session import session
from crm.db.states import advance, refuse_if
from crm.funding.envelopes.queries.ledger import balances_of
from crm.funding.envelopes.rules import LedgerAccount
from crm.funding.envelopes.service import posting
from crm.funding.payments.models import Payment, RunLine, Settlement
from crm.funding.payments.policy import POLICY
from crm.funding.payments.queries import answers
from crm.funding.payments.queries import details as details_queries
from crm.funding.payments.queries import payments as queries
from crm.funding.payments.queries.answers import days_of
from crm.funding.payments.rules.reasons import NOT_ABOUT, RETURNED_BY
from crm.funding.payments.service import handing
from crm.funding.payments.service.running import APPROVED, approved_it, is_same
from crm.funding.payments.service.telling import tell_business, what_now
from crm.funding.payments.workflow import PAYMENTS, Act, PaymentStatus
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import has_come, is_past, now, today
from crm.kernel.errors import Conflict, Invalid, says_something
from crm.kernel.permissions import Actor
from crm.kernel.proposals import why_another

SETTLED = {
    True: "Settled since: the payment was recorded as paid on {on}.",
    False: "Settled since: the payment was recorded as not paid by the bank.",
}
GONE = "This was decided already, or the bank answered in the meantime."


def pay(line: RunLine, *, why: str, on: date | None = None, by: Actor) -> None:
    """Record a try as paid on the bank's day: in the ledger, in a letter, and in what follows. Without one, it is the day of its run."""
    found, paid_on = line.payment, on or line.run.pay_on
    refuse_if(why_not_on(line, paid_on))
    changes = advance(PAYMENTS, found, Act.PAY)
    found.paid_at, found.paid_on, found.part_paid, line.is_open = now(), paid_on, None, False
    where, day = (found.envelope_id, found.line), found.paid_on
    posting.pay(*where, amount=found.amount, about=found.about, reason=why, on=day, by=by)
    session().flush()
    audit.record(Act.PAY, found, changes | {"paid_on": (None, found.paid_on)}, by=by)
    _close_waiting(found, by=by)
    _close_lines(line, is_paid=True, by=by)
    facts = {"account": line.masked, "day": day_in_words(found.paid_on), "path": f"/payments/{found.id}"}
    tell_business("payment_paid", found, **facts)
    follow(Act.PAY, found, by=by)


def why_not_on(line: RunLine, day: date) -> str | None:
    """Why the bank cannot have made a payment on a day: it is before the day of the run or its release, or has not come."""
    first, last = days_of(line.run)
    if first <= day <= last:
        return None
    if last < day:
        return f"{day_in_words(day)} has not come, so the bank cannot have paid this."
    told = "the bank was to pay it" if first == line.run.pay_on else "its run was released"
    return f"The bank cannot have paid this on {day_in_words(day)}: {told} on {day_in_words(first)}."


def fail(line: RunLine, *, why: str, by: Actor) -> None:
    """Record a try as not paid, with the reason: in a letter, and in what follows."""
    found = line.payment
    changes = advance(PAYMENTS, found, Act.FAIL)
    found.fail_reason, found.part_paid, line.is_open = why, None, False
    session().flush()
    audit.record(Act.FAIL, found, changes | {"fail_reason": (None, why)}, by=by)
    _close_waiting(found, by=by)
    _close_lines(line, is_paid=False, by=by)
    tell_business("payment_failed", found, **what_now(found, line))
    follow(Act.FAIL, found, by=by)


def take_back(found: Payment, *, why: str, by: Actor) -> None:
    """Record that the bank returned what it had paid: reversed in the ledger, in a letter, and in what follows.

    Its account is paid nothing more before the business has looked at it, unless what came back is not about the account.
    """
    details_queries.hold_accounts([found.business_id])
    changes = advance(PAYMENTS, found, Act.RETURN)
    found.paid_at = found.paid_on = None
    found.fail_reason = f"{RETURNED_BY}{why}"[:500]
    where, told = (found.envelope_id, found.line), f"Returned by the bank: {why}"[:500]
    posting.unpay(*where, amount=found.amount, about=found.about, reason=told, on=today(), by=by)
    session().flush()
    audit.record(Act.RETURN, found, changes | {"fail_reason": (None, found.fail_reason)}, by=by)
    line = queries.last_try(found.id)
    assert line is not None, "what was paid had been tried"
    tell_business("payment_returned", found, **what_now(found, line))
    follow(Act.RETURN, found, by=by)


def redate(found: Payment, *, on: date, why: str, by: Actor) -> None:
    """Record the right day of a payment instead of a wrong one: in the ledger by a reversal, and in what follows."""
    where, was = (found.envelope_id, found.line), day_in_words(found.paid_on or on)
    told = f"Paid on {day_in_words(on)}, not on {was}: {why}"[:500]
    changes = amend(found, paid_on=on)
    posting.unpay(*where, amount=found.amount, about=found.about, reason=told, by=by)
    posting.pay(*where, amount=found.amount, about=found.about, reason=told, on=on, by=by)
    session().flush()
    audit.record(Act.REDATE, found, changes, by=by)
    follow(Act.REDATE, found, by=by)


def _close_waiting(found: Payment, *, by: Actor) -> None:
    """What was proposed by hand no longer waits once the payment is settled."""
    waiting = queries.settlement_waiting(found.id)
    if waiting is not None:
        _decide(waiting, is_confirmed=False, by=by)


def _close_lines(line: RunLine, *, is_paid: bool, by: Actor) -> None:
    """Lines of the bank that said what the payment came to are resolved by that. One that says the opposite waits for a person (P44)."""
    words = SETTLED[is_paid].format(on=day_in_words(line.payment.paid_on or today()))
    for each in answers.lines_settled_by(line, is_paid=is_paid):
        changes = amend(each, resolution=words, resolved_at=now())
        audit.record(Act.RESOLVE, each, changes, by=by)
    session().flush()


def why_not_proposed(found: Payment) -> str | None:
    """Why what became of a payment cannot be said by hand now."""
    line = queries.open_try(found.id)
    if line is None:
        return "Only a payment that was sent to the bank, and not answered, can be settled by hand."
    if not (
        is_past(line.run.pay_on, on=today()) or queries.was_looked_into(line) or handing.why_kept(line.run)
    ):
        return f"The bank pays on {day_in_words(line.run.pay_on)}. Wait for its answer until the day after."
    if queries.settlement_waiting(found.id) is not None:
        return "What became of this payment was said already, and waits for a second person."
    return None


def why_not_returned(found: Payment) -> str | None:
    """Why nobody can say now that the bank returned a payment."""
    if found.status is not PaymentStatus.PAID:
        return "Only a payment that the bank made can be returned by it."
    return _why_not_undone(found)


def why_not_redated(found: Payment) -> str | None:
    """Why nobody can say now that the bank paid on another day."""
    if found.status is not PaymentStatus.PAID:
        return "Only a payment that the bank made has a day to correct."
    return _why_not_undone(found)


def _why_not_undone(found: Payment) -> str | None:
    """Why what was recorded as paid stays: a second person is to confirm another change, or a part of it was paid back."""
    if queries.settlement_waiting(found.id) is not None:
        return "A change to this payment waits for a second person."
    paid = balances_of(found.about, envelope_id=found.envelope_id, line=found.line)[LedgerAccount.PAID]
    if found.amount > paid:
        return (
            "The business has paid a part of this back, so its payment can no longer be changed. Record what came as a repayment, on "
            "the page of the award."
        )
    return None


def propose(found: Payment, *, is_paid: bool, words: str, by: Actor) -> Settlement:
    """Say what became of a payment that the bank never answered. Nothing changes before a second person confirms it."""
    POLICY.require(by, Act.PROPOSE, found)
    refuse_if(why_not_proposed(found))
    line = queries.open_try(found.id)
    if is_paid and line is not None and not has_come(line.run.pay_on, on=today()):
        words_ = f"The bank is to pay this on {day_in_words(line.run.pay_on)}. Say that it paid on that day or later"
        raise Invalid(words_, field="outcome")
    return _proposed(found, is_paid=is_paid, words=words, by=by)


def propose_return(found: Payment, *, words: str, is_about_account: bool = True, by: Actor) -> Settlement:
    """Say that the bank returned what it had paid, and whether that may be about the account. Nothing changes before a second person confirms it."""
    POLICY.require(by, Act.PROPOSE, found)
    refuse_if(why_not_returned(found))
    said = words if is_about_account or not says_something(words) else f"{NOT_ABOUT}: {words.strip()}"[:500]
    return _proposed(found, is_paid=False, words=said, by=by)


def propose_day(found: Payment, *, paid_on: date, words: str, by: Actor) -> Settlement:
    """Say that the bank paid on another day than was recorded. Nothing changes before a second person confirms it."""
    POLICY.require(by, Act.PROPOSE, found)
    refuse_if(why_not_redated(found))
    line = queries.last_try(found.id)
    reason = why_not_on(line, paid_on) if line is not None else None
    if reason or paid_on == found.paid_on:
        raise Invalid(reason or "This is the day that is recorded", field="paid_on")
    return _proposed(found, is_paid=True, words=words, paid_on=paid_on, by=by)


def _proposed(
    found: Payment, *, is_paid: bool, words: str, paid_on: date | None = None, by: Actor
) -> Settlement:
    if not says_something(words):
        raise Invalid("Say how you know", field="words")
    assert by.account_id is not None
    made = Settlement(payment_id=found.id, is_paid=is_paid, words=words.strip(), proposed_by_id=by.account_id)
    made.proposed_at, made.paid_on = now(), paid_on
    session().add(made)
    session().flush()
    facts = {"is_paid": is_paid, "words": made.words} | ({"paid_on": paid_on} if paid_on else {})
    audit.record(Act.PROPOSE, found, created(**facts), by=by)
    return made


def why_not_settled(found: Settlement, actor: Actor) -> str | None:
    """Why this person cannot confirm what another said: they said it themselves, or approved what is paid (P45)."""
    if is_same(found.proposed_by_id, actor.account_id):
        then = "who is a finance officer or an approver must confirm it"
        return why_another("proposed this", then, is_account=found.proposed_by_id == actor.account_id)
    if approved_it(found.payment, actor):
        is_account = found.payment.approved_by_id == actor.account_id
        return why_another(APPROVED, "must confirm it", is_account=is_account)
    return None


def confirm(found: Settlement, *, by: Actor) -> None:
    """Confirm what another person said became of a payment: it is paid, it failed, the bank returned it, or paid on another day."""
    POLICY.require(by, Act.SETTLE, found)
    refuse_if(why_not_settled(found, by))
    line = queries.open_try(found.payment_id, is_held=True)
    is_change = found.payment.status is PaymentStatus.PAID and (found.paid_on or not found.is_paid)
    if line is None and not is_change:
        raise Conflict(GONE)
    _decide(found, is_confirmed=True, by=by)
    if line is None and found.paid_on:
        redate(found.payment, on=found.paid_on, why=found.words, by=by)
    elif line is None:
        take_back(found.payment, why=found.words, by=by)
    elif found.is_paid:
        pay(line, why=f"Settled by hand: {found.words}", on=min(line.run.pay_on, today()), by=by)
    else:
        fail(line, why=found.words, by=by)


def refuse(found: Settlement, *, by: Actor) -> None:
    """Refuse what was said became of a payment, or take it back: the payment still waits for the bank."""
    POLICY.require(by, Act.REJECT, found)
    queries.open_try(found.payment_id, is_held=True)
    _decide(found, is_confirmed=False, by=by)


def _decide(found: Settlement, *, is_confirmed: bool, by: Actor) -> None:
    session().refresh(found, ["is_confirmed"])
    if found.is_confirmed is not None:
        raise Conflict(GONE)
    changes = amend(found, is_confirmed=is_confirmed, decided_by_id=by.account_id, decided_at=now())
    session().flush()
    audit.record(Act.SETTLE if is_confirmed else Act.REJECT, found, changes, by=by)
