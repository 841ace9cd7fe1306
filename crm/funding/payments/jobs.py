"""The demonstration's bank details and payments: one in every state, invented for the business of the demo's founder."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from crm.accounts.queries import account, account_of, actor_of
from crm.businesses.models import Business
from crm.businesses.queries.listing import Search, businesses
from crm.businesses.queries.seeing import business
from crm.businesses.service import people as people_service
from crm.businesses.service.people import PersonDetails
from crm.db.session import session
from crm.funding.envelopes.queries.ledger import envelope_named
from crm.funding.envelopes.rules import Line, Subject
from crm.funding.envelopes.service import posting
from crm.funding.payments.models import BankAnswer, BankDetails, Payment, PaymentRun
from crm.funding.payments.queries import answers as answer_queries
from crm.funding.payments.queries import details as details_queries
from crm.funding.payments.queries import payments as queries
from crm.funding.payments.rules.accounts import BankAccount
from crm.funding.payments.service import details, reconciling, requesting, running, settling
from crm.funding.payments.service.details import Call
from crm.kernel.clock import earlier
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor

PAYER = BankAccount("Creative Growth (invented)", "089999", "66374958")
LONG_KNOWN, CALLED, SILENT, LATELY = (timedelta(days=each) for each in (400, 60, 20, 10))
"""How long ago the director's number was known, the accounts were called about, a run went out that was never answered, and the others."""
DIRECTOR = ("Kit Demo-Director", "Director", "kit.director@demo.example", "0121 496 0123")
ENVELOPE, OWNER = "Creative pilot grants", "Lantern Otter Animation"


def load_demo() -> dict[str, int]:
    """Bank details that were withdrawn, refused, replaced and confirmed; a payment in every state, and one to settle by hand."""
    found = next(iter(businesses(Search(text=OWNER), SYSTEM).rows), None)
    own = business(found.id) if found else None
    people = [_person(f"{each}@demo.example") for each in ("founder", "finance", "approver", "programme")]
    owner, officer, approver, manager = people
    if own is None or details_queries.details_of(own.id) or not (owner and officer and approver and manager):
        return {"demo payments": 0}
    with earlier(LONG_KNOWN):
        people_service.add_person(own, PersonDetails(*DIRECTOR), by=SYSTEM)
    with earlier(CALLED):
        _accounts(own, owner=owner, officer=officer)
        paid = [_due(own, Money.pounds(each), by=manager) for each in (600, 450, 300, 250, 120, 80, 90, 60)]
    _through_the_bank(paid, officer=officer, approver=approver)
    _called(own, "90000005", owner=owner, officer=officer)
    _run([paid[-1]], releases=approver, by=officer)
    _run([paid[3]], releases=None, by=officer)
    return {"demo payments": len(paid)}


def _person(email: str) -> Actor | None:
    found = account_of(email)
    whole = account(found.id) if found else None
    return actor_of(whole) if whole else None


def _account(number: str) -> BankAccount:
    return BankAccount("Lantern Otter Animation (invented)", "000000", number)


def _accounts(own: Business, *, owner: Actor, officer: Actor) -> None:
    details.withdraw(_entered(own, "90000001", by=owner), by=owner)
    details.refuse(
        _entered(own, "90000002", by=owner), reason="The director did not know of it (invented)", by=officer
    )
    for number in ("90000003", "90000004"):
        _called(own, number, owner=owner, officer=officer)


def _called(own: Business, number: str, *, owner: Actor, officer: Actor) -> None:
    """Bank details that were entered, and confirmed by a call: paid to from now on."""
    made = _entered(own, number, by=owner)
    call = Call(made.numbers[0]["number"], "An invented director", "It is on their invoices (invented)")
    details.confirm(made, call, by=officer)


def _entered(own: Business, number: str, *, by: Actor) -> BankDetails:
    found = details_queries.details(details.enter(own, _account(number), by=by).id)
    assert found is not None
    return found


def _due(own: Business, amount: Money, *, by: Actor) -> Payment:
    envelope, about = envelope_named(ENVELOPE), Subject("business", own.id)
    assert envelope is not None
    for verb in (posting.commit, posting.claim):
        verb(envelope.id, Line.REVENUE, amount=amount, about=about, reason="Invented claim", by=SYSTEM)
    return requesting.request(
        own.id,
        envelope.id,
        line=Line.REVENUE,
        amount=amount,
        about=about,
        cause=Subject("invented_claim", uuid4()),
        reason="an invented claim",
        by=by,
    )


def _through_the_bank(payments: list[Payment], *, officer: Actor, approver: Actor) -> None:
    """The first is paid, the second rejected, the third sent, the fifth due, the sixth cancelled, the seventh settled by hand.

    Once an account can be paid to again, the fourth is in a run, and the file with the last is released, which nobody has downloaded.
    """
    paid, rejected, sent, _, due_still, dropped, by_hand, _ = payments
    with earlier(LATELY):
        answered = given_to_the_bank(_run([paid, rejected, sent], releases=approver, by=officer), by=officer)
    running.discard(_run([due_still], releases=None, by=officer), reason="Wrong day (invented)", by=officer)
    with earlier(SILENT):
        given_to_the_bank(_run([by_hand], releases=approver, by=officer), by=officer)
    words = "It is on the statement of the account (invented)"
    settling.propose(by_hand, is_paid=True, words=words, by=officer)
    requesting.cancel(dropped, reason="The claim was withdrawn (invented)", by=officer)
    tries = [queries.tries_of(each.id)[0] for each in (paid, rejected)]
    rows = [
        f"{tries[0].end_to_end_id},600.00,PAID,,{answered.pay_on:%Y-%m-%d}",
        f"{tries[1].end_to_end_id},450.00,REJECTED,Account closed,",
        "UNKNOWN-1,12.00,PAID,,",
    ]
    _answer("invented answer of the bank.csv", rows, is_recorded=True, by=officer)
    _answer("invented answer to check.csv", ["UNKNOWN-2,15.00,PAID,,"], is_recorded=False, by=officer)
    wrong = _answer("invented wrong file.csv", ["UNKNOWN-3,18.00,PAID,,"], is_recorded=False, by=officer)
    reconciling.discard(wrong, by=officer)


def _run(payments: list[Payment], *, releases: Actor | None, by: Actor) -> PaymentRun:
    made = running.make([each.id for each in payments], pay_on=running.next_pay_day(), by=by)
    found = queries.run(made.id)
    assert found is not None
    if releases is not None:
        running.release(found, payer=PAYER, by=releases)
    session().flush()
    return found


def given_to_the_bank(run: PaymentRun, *, by: Actor) -> PaymentRun:
    """A run whose file was downloaded."""
    running.noting_download(run, by=by)()
    return run


def _answer(name: str, rows: list[str], *, is_recorded: bool, by: Actor) -> BankAnswer:
    text = "\n".join(["end_to_end_id,amount,status,reason,paid_on", *rows])
    made = answer_queries.answer(reconciling.upload(name, text.encode(), by=by).id)
    assert made is not None
    if is_recorded:
        reconciling.record(made, by=by)
    session().flush()
    return made
