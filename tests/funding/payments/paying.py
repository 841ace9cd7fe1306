"""Payments for tests: claimed of an envelope of the cast, for a business with a telephone number and bank details."""

from __future__ import annotations

from uuid import uuid4

from crm.funding.envelopes.rules import Line, Subject
from crm.funding.envelopes.service import posting
from crm.funding.payments import queries
from crm.funding.payments.models import Payment
from crm.funding.payments.service import requesting
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor
from tests.cast import BUSINESS, Cast
from tests.funding.envelopes.money import REASON, envelope


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
