"""Two officers at one envelope, on connections of their own: its limit is never passed, at whatever moment they meet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask

from crm.funding.envelopes.queries import changes as change_queries
from crm.funding.envelopes.queries import ledger as queries
from crm.funding.envelopes.rules import LedgerAccount, Line, Subject
from crm.funding.envelopes.service import changing, opening, posting
from crm.funding.envelopes.service.changing import Limits
from crm.funding.envelopes.service.opening import EnvelopeDetails
from crm.kernel.clock import today
from crm.kernel.errors import Invalid
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role
from tests.accounts.people import acting, person
from tests.faults.together import overlapping, together
from tests.houses import database

PAIRS = 50
FORTY, SIXTY, TWENTY = (Money.pounds(each) for each in (40_000, 60_000, 20_000))


def opened(app: Flask, limit: Money) -> UUID:
    """An envelope with its limit approved, committed."""
    with database(app).transaction():
        manager, approver = person(Role.PROGRAMME_MANAGER), person(Role.APPROVER)
        days = {"starts_on": today(), "ends_on": today() + timedelta(days=400)}
        details = EnvelopeDetails("Made", "An invented fund", **days, owner_id=manager.id)
        made = opening.open_envelope(details, Limits(capital=limit), by=acting(manager))
        change = change_queries.waiting_change(made.id)
        assert change is not None
        changing.approve(change, by=acting(approver))
        return made.id


def committing(envelope_id: UUID, about: Subject) -> Any:
    given = {"amount": FORTY, "about": about, "reason": "Made", "by": SYSTEM}
    return lambda: posting.commit(envelope_id, Line.CAPITAL, **given)


def taken(app: Flask, envelope_id: UUID) -> tuple[Money, Money]:
    """What is committed, as it is kept and as the entries add up."""
    with database(app).reading():
        found = queries.envelope(envelope_id)
        assert found is not None
        return found.committed, queries.sums_by_line()[envelope_id, Line.CAPITAL].committed


def test_p28_of_two_commitments_at_once_one_is_refused_fifty_times_over(committing_app: Flask) -> None:
    made = opened(committing_app, SIXTY)
    for _ in range(PAIRS):
        awards = [Subject("award", uuid4()) for _ in range(2)]
        ended = together(committing_app, *(committing(made, each) for each in awards))
        (refused,) = [each for each in ended if isinstance(each, Exception)]
        assert isinstance(refused, Invalid), refused
        assert "£40,000.00 is £20,000.00 more than is free: £20,000.00 is free" in refused.message
        assert taken(committing_app, made) == (FORTY, FORTY)
        winner = awards[0 if refused is ended[1] else 1]
        with database(committing_app).transaction():
            given = {"out_of": LedgerAccount.COMMITTED, "reason": "Made", "by": SYSTEM}
            posting.release(made, Line.CAPITAL, amount=FORTY, about=winner, **given)


def test_p28_a_commitment_begun_before_another_ended_sees_what_is_left(committing_app: Flask) -> None:
    made = opened(committing_app, SIXTY)
    first, second = (committing(made, Subject("award", uuid4())) for _ in range(2))
    done, refused = overlapping(committing_app, first, second)

    assert not isinstance(done, Exception)
    assert isinstance(refused, Invalid)
    assert taken(committing_app, made) == (FORTY, FORTY)


def test_p29_a_limit_is_not_lowered_under_a_commitment_that_is_being_made(committing_app: Flask) -> None:
    made = opened(committing_app, SIXTY)
    with database(committing_app).transaction():
        manager, approver = acting(person(Role.PROGRAMME_MANAGER)), acting(person(Role.APPROVER))
        found = queries.envelope(made)
        assert found is not None
        change_id = changing.propose(found, Limits(capital=TWENTY), reason="Made", by=manager).id

    def lower() -> None:
        change = change_queries.change(change_id)
        assert change is not None
        changing.approve(change, by=approver)

    done, refused = overlapping(committing_app, committing(made, Subject("award", uuid4())), lower)

    assert not isinstance(done, Exception)
    assert isinstance(refused, Invalid)
    assert "cannot be lowered to £20,000.00: £40,000.00 of it is committed" in refused.message
