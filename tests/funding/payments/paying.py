"""Payments for tests: claimed of an envelope of the cast, for a business with a telephone number and bank details."""

from __future__ import annotations

from uuid import uuid4

from crm.businesses.models import Person
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.funding.envelopes.rules import Line, Subject
from crm.funding.envelopes.service import posting
from crm.funding.payments.models import BankAnswer, BankDetails, Payment, PaymentRun, Settlement
from crm.funding.payments.queries import details as details_queries
from crm.funding.payments.queries import payments as queries
from crm.funding.payments.rules.accounts import BankAccount
from crm.funding.payments.service import details, reconciling, requesting, running
from crm.funding.payments.service.details import Call
from crm.kernel.clock import now
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.funding.envelopes.money import REASON, envelope

NUMBER = "0121 496 0000"
ACCOUNT = BankAccount("Cast Pictures", "123456", "12345678")
OTHER = BankAccount("Cast Pictures", "123456", "87654321")


def claimed(cast: Cast, amount: Money) -> tuple[Subject, dict[str, object]]:
    """A subject that claimed an amount, and where."""
    made, about = envelope(cast), Subject("decision", uuid4())
    given = {"amount": amount, "about": about, "reason": REASON, "by": SYSTEM}
    for verb in (posting.commit, posting.claim):
        verb(made.id, Line.CAPITAL, **given)
    return about, {"business_id": BUSINESS, "envelope_id": made.id, "line": Line.CAPITAL}


def due(cast: Cast, pounds: int = 100, *, by: Actor = SYSTEM) -> Payment:
    """A payment that is due to the business of the cast."""
    amount = Money.pounds(pounds)
    about, where = claimed(cast, amount)
    made = requesting.request(**where, amount=amount, about=about, reason="First claim", by=by)  # type: ignore[arg-type]
    found = queries.payment(made.id)
    assert found is not None
    return found


def telephone() -> None:
    """A number of the cast's business that is known before its bank details."""
    factories.kept(Person(business_id=BUSINESS, name="Ann Caller", phone=NUMBER))


def payments_of(cast: Cast) -> tuple[PaymentRun, BankAnswer, BankDetails]:
    """A run that waits for a second person, an answer of the bank that was not recorded, and details to call back."""
    telephone()
    own = business(BUSINESS)
    assert own is not None
    officer = cast.finance_officer.actor
    first = details_queries.details(details.enter(own, ACCOUNT, by=cast.founder.actor).id)
    assert first is not None
    details.confirm(first, Call(NUMBER, "Ann Caller"), by=officer)
    made = running.make([due(cast).id], pay_on=running.next_pay_day(), by=officer)
    answer = reconciling.upload("answer.csv", b"end_to_end_id,amount,status,reason\nA,1,PAID,\n", by=officer)
    waiting = details.enter(own, OTHER, by=cast.founder.actor)
    session().flush()
    return made, answer, waiting


def proposed(cast: Cast) -> Settlement:
    """What a finance officer said became of a payment, waiting for a second person."""
    by = cast.finance_officer.id
    row = Settlement(payment_id=due(cast).id, is_paid=True, words="On the statement", proposed_by_id=by)
    row.proposed_at = now()
    made: Settlement = factories.kept(row)
    return made
