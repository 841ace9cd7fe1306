"""Envelopes for tests: opened by the programme manager of the cast, with limits that the approver approved."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from crm.db.session import session
from crm.funding.envelopes.models import Envelope
from crm.funding.envelopes.queries import changes as change_queries
from crm.funding.envelopes.queries import ledger as queries
from crm.funding.envelopes.rules import Subject
from crm.funding.envelopes.service import changing, opening
from crm.funding.envelopes.service.changing import Limits
from crm.funding.envelopes.service.opening import EnvelopeDetails
from crm.kernel.money import Money
from tests.cast import Cast

REASON = "Made for a test"
BUDGET = Money.pounds(1_300_000)


def an_award() -> Subject:
    return Subject("decision", uuid4())


def whole(envelope_id: UUID) -> Envelope:
    found = queries.envelope(envelope_id)
    assert found is not None
    return found


def envelope(cast: Cast, capital: Money = BUDGET, *, name: str = "", **limits: Money) -> Envelope:
    """An envelope with money in it."""
    details = EnvelopeDetails(
        name=name or f"Made {uuid4()}",
        fund="An invented fund",
        starts_on=date(2026, 4, 1),
        ends_on=date(2028, 3, 31),
        owner_id=cast.programme_manager.account.id,
    )
    made = opening.open_envelope(details, Limits(capital=capital, **limits), by=cast.programme_manager.actor)
    waiting = change_queries.waiting_change(made.id)
    assert waiting is not None
    changing.approve(waiting, by=cast.approver.actor)
    session().flush()
    return whole(made.id)
