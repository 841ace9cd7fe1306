"""Many awards with their decisions, claims and payments, written at once: for benches alone, as no verb made them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, inspect, select

from crm.businesses.models import Business
from crm.db.session import session
from crm.funding.envelopes.rules import Line, Movement
from crm.funding.payments.models import Payment
from crm.funding.payments.workflow import PaymentStatus
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from crm.programme.applications.models import Application
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.awards.models import Award, AwardMilestone
from crm.programme.awards.workflow import AwardStatus
from crm.programme.claims.models import AwardClaim
from crm.programme.claims.workflow import ClaimStatus
from crm.programme.cohort.models import Decision
from tests import awards, cohorts, factories, rounds

AT_ONCE = 5_000
MILESTONES = 3
RUNNING = 5
"""One award in so many runs, with its last milestone still to be claimed. The others are completed."""
SUM = Money.pounds(1_000)
Row = dict[str, Any]
Told = list[tuple[UUID, Movement, Money]]
KINDS = (Business, Application, Decision, Award, AwardMilestone, AwardClaim, Payment)


def written(kind: Any, rows: Iterable[Row]) -> None:
    """Many rows of one kind."""
    left = iter(rows)
    while part := list(islice(left, AT_ONCE)):
        session().execute(insert(kind.__table__), part)


def awarded(envelope_id: UUID, count: int) -> Told:
    """Write so many awards with what belongs to them in the rooms, and give what the ledger is to say of them, in order."""
    like, told = _pattern(envelope_id), Told()
    rows: dict[Any, list[Row]] = {each: [] for each in KINDS}
    for number in range(count):
        for kind, row in _one(like, number):
            rows[kind].append(row)
        about = rows[Decision][-1]["id"]
        told.append((about, Movement.COMMIT, SUM * MILESTONES))
        paid = MILESTONES - (number % RUNNING == 0)
        told += [(about, each, SUM) for _ in range(paid) for each in (Movement.CLAIM, Movement.PAY)]
    for kind, each in rows.items():
        written(kind, each)
    first = like[Decision]
    return [(first["id"], Movement.COMMIT, first["amount"]), *told]


def _pattern(envelope_id: UUID) -> dict[Any, Row]:
    """The rows of one award as the product makes them: the others are written like it."""
    cohort = cohorts.cohort(cohorts.judged(), envelope_id=envelope_id, line=Line.CAPITAL)
    about = rounds.application(factories.business(), cohort.round, status=ApplicationStatus.ASSESSED)
    decided = cohorts.decision(cohort, about, amount=SUM * MILESTONES)
    made = awards.award(decided, status=AwardStatus.ACCEPTED)
    ids = {Business: made.business_id, Application: about.id, Decision: decided.id, Award: made.id}
    return {kind: _row(kind, key) for kind, key in (ids | {AwardMilestone: made.milestones[0].id}).items()}


def _row(kind: Any, key: UUID) -> Row:
    table = inspect(kind).local_table
    return dict(session().execute(select(table).where(table.c.id == key)).mappings().one())


def _one(like: dict[Any, Row], number: int) -> Iterator[tuple[Any, Row]]:
    """The rows of one award, of which the last milestone is still to be claimed where it runs."""
    ids = {kind: uuid4() for kind in like}
    running = number % RUNNING == 0
    of = {"business_id": ids[Business], "application_id": ids[Application], "decision_id": ids[Decision]}
    yield Business, like[Business] | {"id": ids[Business], "name": f"Measured Business {number:05}"}
    named = {"reference": f"S-{ids[Application].hex[:10]}", "business_id": ids[Business]}
    yield Application, like[Application] | {"id": ids[Application], **named}
    yield Decision, like[Decision] | {"id": ids[Decision], "application_id": ids[Application]}
    over = {} if running else {"status": AwardStatus.COMPLETED, "closed_at": now()}
    yield Award, like[Award] | {"id": ids[Award], **of, **over}
    for place in range(MILESTONES):
        due = {"id": uuid4(), "award_id": ids[Award], "amount": SUM}
        due |= {"due_on": today() + timedelta(days=90 * place - 60)}
        yield AwardMilestone, like[AwardMilestone] | due
        if not (running and place == MILESTONES - 1):
            yield from _claimed(like[Award], of, due, place)


def _claimed(award: Row, of: Row, due: Row, place: int) -> Iterator[tuple[Any, Row]]:
    """A claim for a milestone that was approved and paid in full."""
    at = now() - timedelta(days=60 - place)
    claim = {"id": uuid4(), "award_id": due["award_id"], "milestone_id": due["id"], "number": place + 1}
    claim |= {"status": ClaimStatus.PAID, "begun_at": at, "submitted_at": at, "declared_by": "Made Owner"}
    claim |= {"amount": SUM, "approved": SUM, "paid_at": at, "paid_on": at.date(), "decided_at": at}
    yield AwardClaim, claim
    payment = {"id": uuid4(), "business_id": of["business_id"], "envelope_id": award["envelope_id"]}
    payment |= {"line": award["line"], "amount": SUM, "status": PaymentStatus.PAID, "reason": "Measured"}
    payment |= {"about_table": "decision", "about_id": of["decision_id"]}
    payment |= {"cause_table": "award_claim", "cause_id": claim["id"]}
    yield Payment, payment | {"requested_at": at, "paid_at": at, "paid_on": at.date()}
