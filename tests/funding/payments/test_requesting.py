"""Asking for a payment, by a room above."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.db.holding import why_withheld
from crm.db.session import WITHHOLDS, session
from crm.funding.envelopes.models import LedgerEntry
from crm.funding.envelopes.rules import Movement, Subject
from crm.funding.envelopes.service import posting
from crm.funding.payments.models import Payment
from crm.funding.payments.queries import payments as queries
from crm.funding.payments.service import requesting
from crm.funding.payments.workflow import PaymentStatus
from crm.kernel.clock import now
from crm.kernel.errors import Conflict
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from tests.cast import Cast
from tests.client import ConformingClient
from tests.funding.payments.paying import claimed, due


def test_a_payment_is_found_by_its_subject_and_is_never_more_than_was_claimed(cast: Cast) -> None:
    about, where = claimed(cast, Money.pounds(100))
    given = {**where, "about": about, "reason": "First claim", "by": SYSTEM}
    with pytest.raises(Conflict, match="or more"):
        requesting.request(**given, amount=Money(0))  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="more than is claimed"):
        requesting.request(**given, amount=Money(10_001))  # type: ignore[arg-type]
    first = requesting.request(**given, amount=Money.pounds(100))  # type: ignore[arg-type]
    assert list(queries.payments_about(about)) == [first]
    other = Subject("claim", first.id)
    with pytest.raises(Conflict, match="more than is claimed"):
        requesting.request(**given, amount=Money(1), cause=other)  # type: ignore[arg-type]


def test_a_room_above_says_why_a_payment_is_withheld(cast: Cast) -> None:
    found = due(cast)
    assert why_withheld(found.about_table, found.about_id) is None
    session().info[WITHHOLDS] = {"decision": lambda _id: "The first milestone is overdue."}
    assert why_withheld(found.about_table, found.about_id) == "The first milestone is overdue."


def test_k12_an_entry_that_a_payment_depends_on_is_not_reversed_and_the_refusal_names_the_road(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = due(cast, 90)
    claim = movement(db, found, Movement.CLAIM)
    client.sign_in(cast.finance_officer)
    page = client.get(reverse(claim))
    assert (page.status_code, "£90.00 of what was claimed is to be paid" in page.text) == (409, True)
    assert client.post(reverse(claim), data={"reason": "Twice"}).status_code == 409
    committed = movement(db, found, Movement.COMMIT)
    assert "This money has moved on" in client.get(reverse(committed)).text, "refused before it is asked for"
    assert reverse(committed) not in client.get(f"/envelopes/{found.envelope_id}/ledger").text
    requesting.cancel(found, reason="Made", by=SYSTEM)
    assert client.get(reverse(claim)).status_code == 200, "nothing waits for it now"
    other = due(cast, 70)
    other._status, other.paid_at = PaymentStatus.PAID, now()
    where = (other.envelope_id, other.line)
    posting.pay(*where, amount=other.amount, about=other.about, reason="Made", by=SYSTEM)
    db.flush()
    page = client.get(reverse(movement(db, other, Movement.PAY)))
    assert (page.status_code, "records that on the page of the payment" in page.text) == (409, True)


def movement(db: Session, about: Payment, kind: Movement) -> LedgerEntry:
    """The entry by which the subject of a payment came so far."""
    return db.scalars(select(LedgerEntry).filter_by(subject_id=about.about_id, movement=kind)).one()


def reverse(entry: LedgerEntry) -> str:
    """The address of the form to ask for its reversal."""
    return f"/envelopes/{entry.envelope_id}/ledger/{entry.id}/reverse"
