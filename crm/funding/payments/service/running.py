"""Payment runs: made by one person out of what may be paid, released to the bank by another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

from crm.accounts.queries import email_of
from crm.audit import service as audit
from crm.businesses.policy import why_apart
from crm.db.changes import amend, created
from crm.db.holding import why_withheld
from crm.db.session import session
from crm.db.states import advance, refuse_if
from crm.figures.queries import bank_holidays, due_after
from crm.funding.payments.models import BankDetails, Payment, PaymentRun, RunLine
from crm.funding.payments.policy import POLICY
from crm.funding.payments.queries import details as details_queries
from crm.funding.payments.queries import payments as queries
from crm.funding.payments.queries.answers import open_lines
from crm.funding.payments.queries.details import Payee
from crm.funding.payments.rules.accounts import BankAccount
from crm.funding.payments.rules.files import RunFile, Transfer, pain_001
from crm.funding.payments.workflow import PAYMENTS, RUNS, Act, RunStatus
from crm.funding.subsidy.queries import why_papers_wait
from crm.kernel.calendar import day_in_words, is_working_day
from crm.kernel.clock import is_past, now, require_ahead, today
from crm.kernel.emails import mailbox
from crm.kernel.errors import Conflict, Invalid, Trace, require_reason
from crm.kernel.permissions import Actor
from crm.kernel.proposals import why_another

MOST_DAYS_AHEAD = 42
"""How far ahead a run can be dated: six weeks. A later day is a slip of the keyboard, and bank details change until then."""

LINE_OPEN = "The bank’s answer has a line about this money that is not resolved, so it could be paid twice. Resolve the line first."
MAKE_AGAIN = "Discard the run and make it again."
OR_CALL = (
    "If they are refused, this run can be released. If they are confirmed, discard it and make it again."
)
"""What becomes of a run with an account that its business has replaced: the call decides."""


def whys_not_paid(payments: Iterable[Payment], actor: Actor) -> dict[UUID, str | None]:
    """Of each payment, why this person cannot put it into a run or release it now; None where they can."""
    found = list(payments)
    payees = details_queries.payees({each.business_id for each in found})
    lines = open_lines({each.id for each in found})
    return {
        each.id: LINE_OPEN if each.id in lines else _why_not_paid(each, payees[each.business_id], actor)
        for each in found
    }


def _why_not_paid(found: Payment, payee: Payee, actor: Actor) -> str | None:
    """Every reason at once, so that who clears one knows of the others; with a stake in the business, that one alone."""
    if stake := why_apart(actor, found):
        return stake
    is_own = approved_it(found, actor)
    own = why_another(APPROVED, "must pay it", is_account=found.approved_by_id == actor.account_id)
    subjects = sorted({found.about, found.cause}, key=lambda subject: subject.table)
    held = [why_withheld(each.table, each.id) or why_papers_wait(each.table, each.id) for each in subjects]
    reasons = [payee.why_not, own if is_own else None, *held]
    return " ".join(dict.fromkeys(each for each in reasons if each)) or None


APPROVED = "approved what this pays for"


def approved_it(found: Payment, actor: Actor) -> bool:
    """Whether this person approved what a payment is for, by this account or another one of the same address (P45)."""
    if found.approved_by_id is None:
        return False
    return is_same(found.approved_by_id, actor.account_id)


def is_same(one: UUID, other: UUID | None) -> bool:
    """Whether two accounts are one, or have one mailbox."""
    return one == other or mailbox(email_of(one)) == mailbox(email_of(other))


def next_pay_day() -> date:
    """The day that a new run offers: the next one on which banks pay."""
    return due_after(today(), 1)


def require_pay_day(day: date) -> None:
    """Refuse a day on which no bank pays, one that is over, and one too far ahead to be meant."""
    require_ahead(day, field="pay_on", named="The day the bank pays")
    last = today() + timedelta(days=MOST_DAYS_AHEAD)
    if day > last:
        raise Invalid(f"The day the bank pays must be {day_in_words(last)} or earlier", field="pay_on")
    if not is_working_day(day, bank_holidays()):
        said = f"Banks do not pay on {day_in_words(day)}. The next working day is {day_in_words(due_after(day, 1))}"
        raise Invalid(said, field="pay_on")


def make(payment_ids: Collection[UUID], *, pay_on: date, by: Actor) -> PaymentRun:
    """Put payments that are due into one run. All or none: each must be one that may be paid now."""
    POLICY.require(by, Act.MAKE)
    require_pay_day(pay_on)
    payments = queries.hold_due(payment_ids)
    details_queries.hold_accounts({each.business_id for each in payments})
    if not payments or len(payments) != len(set(payment_ids)):
        raise Invalid("Choose one or more payments that are still due", field="payments")
    whys = whys_not_paid(payments, by)
    reason = next((f"{each.business.name}: {whys[each.id]}" for each in payments if whys[each.id]), None)
    if reason:
        raise Invalid(reason, field="payments")
    assert by.account_id is not None
    made = PaymentRun(reference=_reference(), pay_on=pay_on, made_by_id=by.account_id, made_at=now())
    session().add(made)
    session().flush()
    _fill(made, payments, by=by)
    audit.record(Act.MAKE, made, created(reference=made.reference, payments=len(payments)), by=by)
    return made


def _reference() -> str:
    prefix = f"PAY-{today():%Y%m%d}-"
    return f"{prefix}{queries.runs_starting(prefix) + 1}"


def _fill(run: PaymentRun, payments: Iterable[Payment], *, by: Actor) -> None:
    """A line for each payment, with the account as it is now: a later change does not touch it."""
    found = list(payments)
    details = details_queries.confirmed_by_business({each.business_id for each in found})
    for place, each in enumerate(found, 1):
        to = details[each.business_id]
        line = RunLine(run_id=run.id, payment_id=each.id, details_id=to.id, amount=each.amount)
        line.end_to_end_id = f"{run.reference}-{place:03}"
        line.account_name, line.sort_code, line.account_number = (
            to.account_name,
            to.sort_code,
            to.account_number,
        )
        session().add(line)
        audit.record(Act.JOIN, each, advance(PAYMENTS, each, Act.JOIN), by=by)
    session().flush()


def why_not_released_by(run: PaymentRun, actor: Actor, *, accounts: Mapping[UUID, BankDetails]) -> str | None:
    """Why just this person cannot release a run: they made it, or made the call about an account that is new in it.

    ``accounts`` are the bank details of its lines. Whoever releases reads what the caller noted, so it is never the caller.
    """
    if is_same(run.made_by_id, actor.account_id):
        return "You made this run, so another person must check and release it."
    for each in (accounts[line.details_id] for line in run.lines):
        if details_queries.is_new_in(run, each) and _called(each, actor):
            return (
                f"You made the call about the bank details of {each.business.name}, which are new in this run, "
                "so another person must check and release it."
            )
    return None


def _called(account: BankDetails, actor: Actor) -> bool:
    return account.called_by_id is not None and is_same(account.called_by_id, actor.account_id)


@dataclass(frozen=True)
class Stop:
    """Why a run cannot go to the bank: ``waits_for_call`` where a call about bank details can still free it."""

    why: str
    waits_for_call: bool = False


def stops(runs: Collection[PaymentRun]) -> dict[UUID, Stop]:
    """Of each run that nobody can release now, why: its day has passed, or an account in it is not the one to pay to now."""
    owners = {each.payment.business_id for run in runs for each in run.lines}
    payees = details_queries.payees(owners) if owners else {}
    found = {run.id: _stop(run, payees) for run in runs}
    return {key: stop for key, stop in found.items() if stop}


def _stop(run: PaymentRun, payees: Mapping[UUID, Payee]) -> Stop | None:
    if is_past(run.pay_on, on=today()):
        return Stop(f"The day on which the bank was to pay has passed. {MAKE_AGAIN}")
    stop = first_stop(run, payees)
    return replace(stop, why=f"{stop.why} {OR_CALL if stop.waits_for_call else MAKE_AGAIN}") if stop else None


def first_stop(run: PaymentRun, payees: Mapping[UUID, Payee]) -> Stop | None:
    """The first account of a run that is not to be paid to now. What no call can mend comes before what one can."""
    found = [each for line in run.lines if (each := _stop_of(line, payees[line.payment.business_id]))]
    return next((each for each in found if not each.waits_for_call), None) or next(iter(found), None)


def _stop_of(line: RunLine, payee: Payee) -> Stop | None:
    name = line.payment.business.name
    if payee.account is None or payee.account.id != line.details_id:
        return Stop(f"{name}: Its bank details changed after the run was made.")
    return Stop(f"{name}: {payee.why_not}", waits_for_call=payee.is_replaced) if payee.why_not else None


def why_not_released(run: PaymentRun, actor: Actor) -> str | None:
    """Why this person cannot release a run now: first what nobody can mend, then what keeps this person from it, then what keeps a payment back."""
    if stop := stops([run]).get(run.id):
        return stop.why
    reason = why_not_released_by(run, actor, accounts=details_queries.accounts_in(run.lines))
    whys = whys_not_paid([each.payment for each in run.lines], actor)
    return reason or next(
        (_held_in(each, why, actor) for each in run.lines if (why := whys[each.payment_id])), None
    )


def _held_in(line: RunLine, why: str, actor: Actor) -> str:
    """What keeps a payment of a run back. What is about this person alone leaves the run to another."""
    is_own = why_apart(actor, line.payment) or approved_it(line.payment, actor)
    return f"{line.payment.business.name}: {why}" + ("" if is_own else f" {MAKE_AGAIN}")


def release(run: PaymentRun, *, payer: BankAccount, by: Actor) -> None:
    """Check and release another person's run: its payments count as sent, and there is a file for the bank from now on."""
    POLICY.require(by, Act.RELEASE, run)
    queries.hold_run(run.id)
    details_queries.hold_accounts({each.payment.business_id for each in run.lines})
    RUNS.target(Act.RELEASE, run.status, thing=run)
    refuse_if(why_not_released(run, by))
    changes = advance(RUNS, run, Act.RELEASE)
    amend(run, payer_name=payer.name, payer_sort_code=payer.sort_code, payer_account=payer.number)
    amend(run, released_by_id=by.account_id, released_at=now())
    run.digest = sha256(file_of(run)).hexdigest()
    session().flush()
    for line in run.lines:
        audit.record(Act.SEND, line.payment, advance(PAYMENTS, line.payment, Act.SEND), by=by)
    session().flush()
    audit.record(Act.RELEASE, run, changes | {"total": (None, run.total)}, by=by)


def file_of(run: PaymentRun) -> bytes:
    """The file of a released run, the same to the byte each time. Raises `Conflict` where it would not be what was released."""
    if run.status is not RunStatus.RELEASED or run.released_at is None:
        raise Conflict("There is no file before this run is released.")
    payer = BankAccount(run.payer_name, run.payer_sort_code, run.payer_account)
    transfers = tuple(
        Transfer(
            each.end_to_end_id,
            each.amount,
            BankAccount(each.account_name, each.sort_code, each.account_number),
            each.payment.reason,
        )
        for each in run.lines
    )
    made = pain_001(RunFile(run.reference, run.released_at, run.pay_on, payer, transfers))
    if run.digest and sha256(made).hexdigest() != run.digest:
        raise Conflict("This file would differ from the one that was released. Tell us, and do not send it.")
    return made


def discard(run: PaymentRun, *, reason: str, by: Actor) -> None:
    """Discard a run before it is released: its payments are due again."""
    POLICY.require(by, Act.DISCARD, run)
    require_reason(reason)
    queries.hold_run(run.id)
    changes = advance(RUNS, run, Act.DISCARD)
    run.discard_reason = reason.strip()
    for line in run.lines:
        line.is_open = False
        audit.record(Act.LEAVE, line.payment, advance(PAYMENTS, line.payment, Act.LEAVE), by=by)
    audit.record(Act.DISCARD, run, changes | {"discard_reason": (None, run.discard_reason)}, by=by)


def noting_download(run: PaymentRun, *, by: Actor) -> Trace:
    """The trace of a download of a run's file: who downloaded it."""
    run_id = run.id

    def leave() -> None:
        found = queries.run(run_id)
        if found is not None:
            audit.record(Act.DOWNLOAD, found, by=by)

    return leave
