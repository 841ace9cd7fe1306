"""What rooms say of money beside the ledger is added up by the database: to the penny what adding up every row says."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Select, Subquery, Uuid, literal, select, union_all
from sqlalchemy.orm import Session

from crm.db.session import session
from crm.db.types import MoneyType
from crm.funding.envelopes.models import LedgerEntry
from crm.funding.envelopes.queries import beside as queries
from crm.funding.envelopes.queries import ledger
from crm.funding.envelopes.queries.ledger import held_of, taken_in_sql
from crm.funding.envelopes.rules import MOVES, Line, Movement, Subject
from crm.funding.envelopes.rules import LedgerAccount as A
from crm.funding.payments.models import Payment
from crm.funding.payments.queries.entries import paid_beside, paid_without
from crm.funding.payments.workflow import PaymentStatus
from crm.kernel.clock import now
from crm.kernel.money import Money
from crm.programme.awards.models import Award
from crm.programme.claims.models import AwardClaim, AwardRecovery
from crm.programme.claims.queries.claims import approved_beside, claimed_without
from crm.programme.claims.queries.recoveries import received_beside, recovered_without
from crm.programme.claims.workflow import ClaimStatus
from crm.programme.cohort.models import Cohort, Decision
from crm.programme.cohort.queries.money import awarded_beside, committed_without, of_this_back
from crm.programme.cohort.workflow import DecisionStatus, Outcome
from tests import claimed, cohorts
from tests.cast import BUSINESS, Cast
from tests.funding.envelopes.money import envelope

WAYS = ((A.FREE, A.COMMITTED), (A.COMMITTED, A.CLAIMED), (A.CLAIMED, A.PAID), (A.PAID, A.RECOVERED))
STEPS = 160
INSIDE = (A.RESERVED, A.COMMITTED, A.CLAIMED, A.PAID, A.RECOVERED)
Sums = dict[Any, int]


def rolled(cast: Cast, dice: random.Random) -> None:
    """A ledger by chance: movements and reversals about a dozen things of three tables, in two envelopes and both their lines."""
    lines = (Line.CAPITAL, Line.REVENUE)
    owners = [envelope(cast, revenue=Money.pounds(9_000)).id for _ in range(2)]
    about = [(table, uuid4()) for table in ("decision", "business", "award") for _ in range(4)]
    places = [(owner, line, *each) for owner in owners for line in lines for each in about]
    held: dict[tuple[Any, ...], int] = defaultdict(int)
    moved: list[LedgerEntry] = []
    for _ in range(STEPS):
        entry = _next(dice, places, held, moved)
        where = (entry.envelope_id, entry.line, entry.subject_table, entry.subject_id)
        if entry.source is not A.FREE and held[*where, entry.source] < entry.amount.pence:
            continue
        held[*where, entry.source] -= entry.amount.pence
        held[*where, entry.target] += entry.amount.pence
        session().add(entry)
        session().flush()
        moved += [] if entry.reverses_id else [entry]


def _next(dice: random.Random, places: list[Any], held: Sums, moved: list[LedgerEntry]) -> LedgerEntry:
    """A reversal, something that moves on from where it lies, or something new."""
    there = [key for key, sum_ in held.items() if sum_ > 0 and key[-1] is not A.FREE]
    if moved and dice.random() < 0.15:
        return _back(moved.pop(dice.randrange(len(moved))))
    *place, source = dice.choice(there) if there and dice.random() < 0.7 else (*dice.choice(places), A.FREE)
    ways = [(movement, way) for movement, ways in MOVES.items() for way in ways]
    movement, (_, target) = dice.choice(
        [each for each in ways if each[1][0] is source and A.FUND not in each[1]]
    )
    most = held[*place, source] if source is not A.FREE else 2_500
    fields = dict(zip(("envelope_id", "line", "subject_table", "subject_id"), place, strict=True))
    fields |= {"movement": movement, "source": source, "target": target, "reason": "Made", "at": now()}
    return LedgerEntry(**fields, amount=Money(dice.choice((most, max(1, most // 3), 1))))


def _back(entry: LedgerEntry) -> LedgerEntry:
    moves = {"movement": Movement.REVERSE, "source": entry.target, "target": entry.source}
    where = {name: getattr(entry, name) for name in ("envelope_id", "line", "subject_table", "subject_id")}
    return LedgerEntry(**moves, **where, amount=entry.amount, reverses_id=entry.id, reason="Made", at=now())


def entries() -> list[LedgerEntry]:
    return list(session().scalars(select(LedgerEntry)))


def plainly_moved(source: A, target: A, by: Any) -> Sums:
    """What moved, entry by entry."""
    found: Sums = defaultdict(int)
    for each in entries():
        if (each.source, each.target) == (source, target):
            found[by(each)] += each.amount.pence
        if (each.source, each.target) == (target, source):
            found[by(each)] -= each.amount.pence
    return found


def plainly_taken(by: Any) -> Sums:
    """What is set aside or promised, entry by entry; what came back and was made free again was still awarded."""
    found: Sums = defaultdict(int)
    for each in entries():
        if {each.source, each.target} == {A.RECOVERED, A.FREE}:
            continue
        found[by(each)] += each.amount.pence * ((each.target in INSIDE) - (each.source in INSIDE))
    return found


def subject(each: LedgerEntry) -> Subject:
    return each.subject


def place(each: LedgerEntry) -> tuple[UUID, Subject]:
    return each.envelope_id, each.subject


def told(sums: Sums) -> Select[Any]:
    """What a room would say, as rows."""
    rows = [
        select(literal(one.table), literal(one.id, Uuid()), literal(Money(sum_), MoneyType()).label("amount"))
        for one, sum_ in sums.items()
    ]
    return select(union_all(*rows).subquery())


def assert_same(found: Subquery, ours: Sums, ledger: Sums) -> None:
    """That the database says of each thing, and of all of them, what two plain sums say."""
    pairs = {each: (ours.get(each, 0), ledger.get(each, 0)) for each in {*ours, *ledger}}
    wanted = {each: pair for each, pair in pairs.items() if any(pair)}
    rows = queries.compared_in(found, most=1_000)
    assert {each: (one.pence, other.pence) for each, (one, other) in rows.items()} == wanted
    wrong = {each: pair for each, pair in wanted.items() if pair[0] != pair[1]}
    assert set(queries.compared_in(found, most=1_000, differing=True)) == set(wrong)
    sums = queries.sums_of(found)
    assert (sums.count, sums.differing) == (len(wanted), len(wrong))
    assert (sums.ours.pence, sums.ledger.pence) == tuple(
        map(sum, zip(*wanted.values(), strict=True))
    ) or not wanted
    by_size = [(-abs(one.pence - other.pence), -abs(other.pence)) for one, other in rows.values()]
    assert by_size == sorted(by_size)


def assert_alone(found: Subquery, wanted: Sums) -> None:
    """That the database finds of what only the ledger has just what a plain sum finds, the largest first."""
    kept = {each: sum_ for each, sum_ in wanted.items() if sum_}
    rows = queries.largest(found, most=1_000)
    assert {each: sum_.pence for each, sum_ in rows.items()} == kept
    assert [each.pence for each in rows.values()] == sorted(kept.values(), reverse=True)
    all_of_it = queries.beyond(found)
    assert (all_of_it.count, all_of_it.total.pence) == (len(kept), sum(kept.values()))
    parts = [queries.largest(found, most=2, after=after) for after in range(0, len(kept), 2)]
    assert [each for part in parts for each in part] == list(rows), "in parts it is the same"


@pytest.mark.parametrize("seed", range(3))
def test_the_database_adds_up_a_ledger_by_chance_as_adding_up_each_entry_does(
    cast: Cast, db: Session, seed: int
) -> None:
    dice = random.Random(seed)
    rolled(cast, dice)
    everything = {each.subject for each in entries()}
    ours = {each: dice.choice((0, 0, 1, 100, 2_500)) for each in (*everything, Subject("decision", uuid4()))}
    decisions = LedgerEntry.subject_table == "decision"
    for source, target in (*WAYS, (A.RECOVERED, A.FREE)):
        way, plain = (source, target), plainly_moved(source, target, subject)
        of_decisions = {each: sum_ for each, sum_ in plain.items() if each.table == "decision"}
        assert_same(queries.beside(told(ours), queries.moved(way)), ours, plain)
        assert_same(queries.beside(told(ours), queries.moved(way, decisions)), ours, of_decisions)
        assert queries.moved_in_all(way, decisions).pence == sum(of_decisions.values())
        beyond = plainly_moved(source, target, place)
        others = {each: sum_ for each, sum_ in beyond.items() if each[1].table != "decision"}
        assert_alone(queries.moved_beyond(way, ~decisions), others)
    taken = plainly_taken(subject)
    assert_same(queries.beside(told(ours), queries.taken()), ours, taken)
    for each in everything:
        assert session().scalar(select(taken_in_sql(each.table, literal(each.id, Uuid())))) == taken[each]


@pytest.mark.parametrize(("seed", "most"), [(0, 10_000), (1, 10_000), (2, 1)])
def test_what_lies_where_about_some_things_is_what_their_entries_say_and_of_no_others(
    cast: Cast, db: Session, seed: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where there are more of them than a query names one by one."""
    monkeypatch.setattr(ledger, "MOST_NAMED", most)
    rolled(cast, random.Random(seed))
    some = {each.subject for each in entries()[::3] if each.subject_table != "envelope"}
    plain: dict[tuple[UUID, Subject], dict[A, int]] = defaultdict(lambda: defaultdict(int))
    for each in entries():
        if each.subject in some:
            plain[place(each)][each.source] -= each.amount.pence
            plain[place(each)][each.target] += each.amount.pence
    held = held_of(some)
    assert held.keys() == plain.keys()
    for key, balances in held.items():
        assert {account: balances[account].pence for account in A} == {
            account: plain[key][account] for account in A
        }
    assert held_of(()) == {}


def test_the_newest_entry_about_each_thing_is_found_of_its_own_envelope_and_way(
    cast: Cast, db: Session
) -> None:
    rolled(cast, random.Random(9))
    for way in WAYS:
        there = [each for each in entries() if (each.source, each.target) == way]
        wanted: dict[Any, int] = {}
        for each in there:
            wanted[place(each)] = max(each.id, wanted.get(place(each), 0))
        found = queries.last_moved(wanted, way)
        assert {key: each.id for key, each in found.items()} == wanted


def decisions_with_money() -> None:
    """Awards in many states: claimed in part, paid, paid back, released, withdrawn, refused, in a dry run, of which the ledger knows less."""
    claimed.submitted(claimed.award(BUSINESS), 1_000)
    claimed.approved(claimed.award(), 1_000, 700)
    claimed.paid(claimed.award())
    claimed.received(claimed.award())
    claimed.unpaid()
    cohort = cohorts.cohort(cohorts.judged())
    rows = cohorts.ranked(cohort.round, 80, 70, 60)
    cohorts.decision(cohort, rows[0], amount=Money.pounds(5_000))
    gone = {"status": DecisionStatus.WITHDRAWN, "withdrawn_at": now(), "withdrawn_reason": "Made"}
    cohorts.decision(cohort, rows[1], **gone)
    cohorts.decision(cohort, rows[2], outcome=Outcome.UNSUCCESSFUL, amount=None)
    dry = cohorts.cohort(cohorts.judged(), envelope_id=None, line=None)
    cohorts.decision(dry, cohorts.ranked(dry.round, 50)[0], amount=Money.pounds(77))


def total(pairs: Iterable[tuple[Subject, Money | None]]) -> Sums:
    found: Sums = defaultdict(int)
    for each, amount in pairs:
        found[each] += amount.pence if amount else 0
    return found


def of_decisions(sums: Sums) -> Sums:
    return {each: sum_ for each, sum_ in sums.items() if each.table == "decision"}


def every(kind: Any) -> list[Any]:
    return list(session().scalars(select(kind)))


def test_every_kind_of_sum_is_what_the_rows_of_its_room_and_the_entries_say(cast: Cast, db: Session) -> None:
    decisions_with_money()
    rolled(cast, random.Random(4))
    live = {each.id for each in every(Cohort) if each.envelope_id}
    decided = [
        each for each in every(Decision) if each.outcome is Outcome.SUCCESSFUL and each.cohort_id in live
    ]
    awarded = total(
        (Subject("decision", each.id), each.left)
        for each in decided
        if each.status is not DecisionStatus.WITHDRAWN
    )
    assert_same(awarded_beside(), awarded, of_decisions(plainly_taken(subject)))
    award = {each.id: each for each in every(Award)}
    approved = total(
        (Subject("decision", award[each.award_id].decision_id), each.approved)
        for each in every(AwardClaim)
        if each.status in (ClaimStatus.APPROVED, ClaimStatus.PAID) and award[each.award_id].envelope_id
    )
    assert_same(approved_beside(), approved, of_decisions(plainly_moved(*WAYS[1], subject)))
    received = total(
        (Subject("decision", award[each.award_id].decision_id), each.amount)
        for each in every(AwardRecovery)
        if each.received_on
    )
    assert_same(received_beside(), received, of_decisions(plainly_moved(*WAYS[3], subject)))
    back = sum(of_decisions(plainly_moved(A.RECOVERED, A.FREE, subject)).values())
    assert (Money(back).in_full() in of_this_back()) == bool(back)


def test_what_was_paid_is_compared_where_a_payment_was_asked_for_and_is_alone_elsewhere(
    cast: Cast, db: Session
) -> None:
    decisions_with_money()
    rolled(cast, random.Random(6))
    payments = every(Payment)
    assert {each.status for each in payments} >= {
        PaymentStatus.PAID,
        PaymentStatus.DUE,
        PaymentStatus.CANCELLED,
    }
    known = {each.about for each in payments}
    paid = total(
        (each.about, each.amount if each.status is PaymentStatus.PAID else None) for each in payments
    )
    moved = plainly_moved(*WAYS[2], subject)
    assert_same(paid_beside(), paid, {each: sum_ for each, sum_ in moved.items() if each in known})
    by_place = plainly_moved(*WAYS[2], place)
    assert_alone(paid_without(), {each: sum_ for each, sum_ in by_place.items() if each[1] not in known})
    for found, way in (
        (committed_without(), WAYS[0]),
        (claimed_without(), WAYS[1]),
        (recovered_without(), WAYS[3]),
    ):
        others = {
            each: sum_ for each, sum_ in plainly_moved(*way, place).items() if each[1].table != "decision"
        }
        assert others, way
        assert_alone(found, others)
