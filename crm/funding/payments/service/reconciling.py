"""The bank's answer: read, previewed, and recorded once. What it does not settle waits for a person's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from crm.audit import service as audit
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import advance, refuse_if
from crm.funding.payments.models import BankAnswer, BankAnswerLine, RunLine
from crm.funding.payments.policy import POLICY
from crm.funding.payments.queries import answers as answer_queries
from crm.funding.payments.queries import details as details_queries
from crm.funding.payments.queries import payments as payment_queries
from crm.funding.payments.rules.answers import TO_RESOLVE, Said, Verdict, read_answer, verdicts
from crm.funding.payments.rules.reasons import NO_REASON, of_whole
from crm.funding.payments.rules.reports import IN_FILE, Reported, WholeRun, is_report, read_report
from crm.funding.payments.service import settling
from crm.funding.payments.service.running import approved_it
from crm.funding.payments.workflow import ANSWERS, Act, PaymentStatus, RunStatus
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import has_come, now, today
from crm.kernel.errors import BadInput, Invalid, says_something
from crm.kernel.money import NO_MONEY
from crm.kernel.permissions import Actor
from crm.kernel.text import series


@dataclass(frozen=True)
class Outcome:
    """A line of the bank's answer, what it comes to, and the try that it is about."""

    line: BankAnswerLine
    verdict: Verdict
    about: RunLine | None


def upload(name: str, data: bytes, *, by: Actor) -> BankAnswer:
    """Read a file of the bank. Nothing follows from it before it was previewed and recorded."""
    POLICY.require(by, Act.UPLOAD)
    said = _read(data)
    digest = sha256(data).hexdigest()
    if answer_queries.recorded_with(digest) is not None:
        raise Invalid("This file was recorded already. Nothing in it is counted twice", field="file")
    assert by.account_id is not None
    made = BankAnswer(name=name[:200], digest=digest, uploaded_by_id=by.account_id, uploaded_at=now())
    session().add(made)
    session().flush()
    for place, each in enumerate(said, 1):
        line = BankAnswerLine(answer_id=made.id, position=place, end_to_end_id=each.end_to_end_id)
        line.amount, line.is_paid, line.reason = each.amount, each.is_paid, each.reason
        line.paid_on = each.paid_on
        session().add(line)
    session().flush()
    audit.record(Act.UPLOAD, made, created(name=made.name, lines=len(said)), by=by)
    return made


def _read(data: bytes) -> list[Said]:
    """The lines of a file, CSV or XML. Raises `Invalid` at its field."""
    try:
        return _from_report(read_report(data)) if is_report(data) else read_answer(data)
    except BadInput as error:
        raise Invalid(str(error), field="file") from error


def _from_report(rows: Sequence[Reported | WholeRun]) -> list[Said]:
    """The lines of a status report. What it says of a whole run is said of each of its payments; where it names no sum, ours counts.

    What it refuses twice, by name and as a part of the file, is refused once; what it pays by name in a file that it refuses contradicts
    itself, and a person finds out.
    """
    named = {each.end_to_end_id for each in rows if isinstance(each, Reported) and not each.is_paid}
    tries = answer_queries.tries_by({each.end_to_end_id for each in rows if isinstance(each, Reported)})
    found: list[Said] = []
    for each in rows:
        if isinstance(each, WholeRun):
            found += [line for line in _of_run(each) if line.end_to_end_id not in named]
            continue
        ours = tries.get(each.end_to_end_id)
        amount = each.amount if each.amount is not None else ours.amount if ours else NO_MONEY
        found.append(Said(each.end_to_end_id, amount, each.is_paid, each.reason, each.paid_on))
    return found


def _of_run(said: WholeRun) -> list[Said]:
    lines = answer_queries.lines_of_run(said.reference)
    if not lines:
        raise BadInput(_why_no_file(said.reference))
    if said.differs(len(lines), sum((each.amount for each in lines), start=NO_MONEY)):
        ours = f"{IN_FILE(len(lines))} of {sum((each.amount for each in lines), start=NO_MONEY).in_full()} together"
        raise BadInput(
            f"This report does not fit {said.reference}: it says that the file had {said.in_words}, and ours had {ours}. "
            "Ask the bank which file it means"
        )
    why = said.reason if said.is_paid else of_whole(said.reason, payments=len(lines))
    return [Said(each.end_to_end_id, each.amount, said.is_paid, why, said.paid_on) for each in lines]


def _why_no_file(reference: str) -> str:
    """Why a report about a whole file settles nothing: its run is not one of ours, or the bank should not have it."""
    run = payment_queries.run_named(reference)
    if run is None:
        return f"This report is about the file “{reference[:35]}”, which is no payment run of ours"
    became = "was discarded" if run.status is RunStatus.DISCARDED else "is not released yet"
    return f"This report is about {reference}, a payment run that {became}, so the bank cannot have its file. Ask the bank what it means"


def outcomes(found: BankAnswer, *, is_held: bool = False) -> list[Outcome]:
    """What each line comes to, as things are now; of a recorded file, what it came to."""
    tries = answer_queries.tries_by({each.end_to_end_id for each in found.lines}, is_held=is_held)
    said = [each.said for each in found.lines]
    before = answer_queries.said_before({each.end_to_end_id for each in said})
    fresh = verdicts(said, answer_queries.known(tries), sent=tries, before=before)
    return [
        Outcome(line, line.verdict or verdict, tries.get(line.end_to_end_id))
        for line, verdict in zip(found.lines, fresh, strict=True)
    ]


def why_not_recorded(found: BankAnswer, actor: Actor) -> str | None:
    """Why this person cannot record the bank's answer now: they approved what some of its lines pay (P45), or lines
    without a day are about payments whose day has not come. Every such line is named.
    """
    paid = [
        (each.line, each.about) for each in outcomes(found) if each.verdict is Verdict.PAID and each.about
    ]
    own = sorted({line.payment.business.name for _, line in paid if approved_it(line.payment, actor)})
    if own:
        return f"You approved what is paid to {series(own)}, so another finance officer must record this."
    early = [
        f"{line.payment.business.name} on {day_in_words(line.run.pay_on)} (line {said.position})"
        for said, line in paid
        if said.paid_on is None and not has_come(line.run.pay_on, on=today())
    ]
    if early:
        return f"This file says “paid”, but the bank is still to pay {series(early)}. Record it once the bank has paid."
    return None


def record(found: BankAnswer, *, by: Actor) -> list[Outcome]:
    """Record the bank's answer: payments are paid or failed, once; what is unknown or does not agree waits for a person."""
    POLICY.require(by, Act.RECORD, found)
    refuse_if(why_not_recorded(found, by))
    changes = advance(ANSWERS, found, Act.RECORD)
    session().flush()
    done = outcomes(found, is_held=True)
    details_queries.hold_accounts(_businesses_of(done))
    for each in done:
        each.line.verdict = each.verdict
        each.line.run_line_id = each.about.id if each.about else None
    session().flush()
    for each in done:
        if each.about is not None and each.verdict in (Verdict.PAID, Verdict.REJECTED):
            _settle(each.about, each.line, by=by)
        elif each.about is not None and each.verdict is Verdict.PARTIAL and each.line.is_paid:
            _note_part(each.about, each.line, by=by)
    audit.record(Act.RECORD, found, changes | {"lines": (None, len(done))}, by=by)
    return done


def _businesses_of(done: Sequence[Outcome]) -> set[UUID]:
    """Whose accounts the bank rejected: no run that pays to them is made or released meanwhile."""
    rejected = [each.about for each in done if each.verdict is Verdict.REJECTED and each.about]
    return {each.payment.business_id for each in rejected}


def _settle(line: RunLine, said: BankAnswerLine, *, by: Actor) -> None:
    if said.is_paid:
        settling.pay(line, why=f"Paid by the bank, {said.end_to_end_id}", on=said.paid_on, by=by)
    else:
        settling.fail(line, why=said.reason or NO_REASON, by=by)


def _note_part(line: RunLine, said: BankAnswerLine, *, by: Actor) -> None:
    """Another sum than ours that the bank says it paid: it is on the payment until the payment is settled, for everyone who reads it."""
    found = line.payment
    if found.status is not PaymentStatus.SENT or not line.is_open or not said.amount:
        return
    changes = amend(found, part_paid=(found.part_paid or NO_MONEY) + said.amount)
    session().flush()
    audit.record(Act.NOTE_PART, found, changes, by=by)


def discard(found: BankAnswer, *, by: Actor) -> None:
    """Discard a file of the bank that was not recorded, a wrong one say."""
    POLICY.require(by, Act.DROP, found)
    audit.record(Act.DROP, found, advance(ANSWERS, found, Act.DROP), by=by)


def resolve(found: BankAnswerLine, *, words: str, by: Actor) -> None:
    """Record what a person found out about a line that settles nothing by itself."""
    POLICY.require(by, Act.RESOLVE, found)
    refuse_if(why_not_resolved(found))
    if not says_something(words):
        raise Invalid("Say what you found out", field="words")
    said = words.strip()[:500]
    changes = amend(found, resolution=said, resolved_by_id=by.account_id, resolved_at=now())
    audit.record(Act.RESOLVE, found, changes, by=by)


def why_not_resolved(found: BankAnswerLine) -> str | None:
    """Why nothing is to be resolved about a line."""
    if found.verdict not in TO_RESOLVE:
        return "This line needs nobody to look into it."
    if found.resolved_at is not None:
        return "This line was resolved already."
    return None
