"""The ledger: nothing passes the limit, every sum is the sum of its entries, and a mistake is reversed."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from crm.db.session import session
from crm.funding.envelopes.models import LedgerEntry
from crm.funding.envelopes.queries import changes as change_queries
from crm.funding.envelopes.queries import ledger as queries
from crm.funding.envelopes.rules import LedgerAccount as A
from crm.funding.envelopes.rules import Line, Subject, balances
from crm.funding.envelopes.service import changing, posting
from crm.funding.envelopes.service.changing import Limits
from crm.kernel.errors import Conflict, Invalid, Refusal
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from tests.cast import Cast
from tests.funding.envelopes.money import REASON, an_award, envelope, whole

CAPITAL = Line.CAPITAL
EVERYBODYS = {"reason": REASON, "by": SYSTEM}


def totals_agree(envelope_id: UUID) -> bool:
    """Whether the kept totals, of the envelope and of its lines, are what the entries add up to."""
    session().expire_all()
    found, sums = whole(envelope_id), queries.sums_by_line()
    of_lines = [(each, sums.get((envelope_id, each.line), balances(()))) for each in found.lines]
    entries = balances(each.posted for each in queries.every_entry(envelope_id))
    return all(
        (row.limited_to, row.free, row.reserved, row.committed, row.claimed, row.paid, row.recovered)
        == (
            held.limit,
            held[A.FREE],
            held[A.RESERVED],
            held.committed,
            held[A.CLAIMED],
            held[A.PAID],
            held[A.RECOVERED],
        )
        for row, held in [(found, entries), *of_lines]
    )


def test_p27_the_26th_award_of_50000_fits_exactly_and_a_penny_more_does_not(cast: Cast, db: Session) -> None:
    made = envelope(cast)
    for _ in range(25):
        posting.commit(made.id, CAPITAL, amount=Money.pounds(50_000), about=an_award(), **EVERYBODYS)
    with pytest.raises(Invalid, match=r"£50,000\.01 is £0\.01 more than is free: £50,000\.00 is free"):
        posting.commit(made.id, CAPITAL, amount=Money(5_000_001), about=an_award(), **EVERYBODYS)
    posting.commit(made.id, CAPITAL, amount=Money.pounds(50_000), about=an_award(), **EVERYBODYS)

    assert queries.free(made.id, CAPITAL) == Money(0)
    assert totals_agree(made.id)


@pytest.mark.parametrize(
    "pence", [0, -1, -(10**19), 10**20], ids=["nought", "negative", "far below", "twenty digits"]
)
def test_p27_what_is_no_amount_is_refused(cast: Cast, db: Session, pence: int) -> None:
    made, award = envelope(cast), an_award()
    for verb in (
        posting.reserve,
        posting.commit,
        posting.claim,
        posting.pay,
        posting.recover,
        posting.release,
    ):
        with pytest.raises(Invalid, match=r"Enter an amount of £0\.01 or more|too large"):
            verb(made.id, CAPITAL, amount=Money(pence), about=award, **EVERYBODYS)


def test_p27_the_lines_of_an_envelope_lend_each_other_nothing(cast: Cast, db: Session) -> None:
    made = envelope(cast, Money.pounds(100), revenue=Money.pounds(200))
    with pytest.raises(Invalid, match=r"£100\.00 is free \(capital\)"):
        posting.reserve(made.id, CAPITAL, amount=Money.pounds(101), about=an_award(), **EVERYBODYS)


def test_p44_an_award_is_reserved_committed_claimed_paid_and_partly_recovered(
    cast: Cast, db: Session
) -> None:
    made, award = envelope(cast), an_award()
    fifty, twenty, eight = (Money.pounds(each) for each in (50_000, 20_000, 8_000))
    posting.reserve(made.id, CAPITAL, amount=twenty, about=award, **EVERYBODYS)
    sources = [
        each.source for each in posting.commit(made.id, CAPITAL, amount=fifty, about=award, **EVERYBODYS)
    ]
    with pytest.raises(Invalid, match="more than is committed and not yet claimed"):
        posting.claim(made.id, CAPITAL, amount=fifty + eight, about=award, **EVERYBODYS)
    posting.claim(made.id, CAPITAL, amount=twenty, about=award, **EVERYBODYS)
    with pytest.raises(Invalid, match="more than is claimed and not yet paid"):
        posting.pay(made.id, CAPITAL, amount=fifty, about=award, **EVERYBODYS)
    posting.pay(made.id, CAPITAL, amount=twenty, about=award, **EVERYBODYS)
    posting.recover(made.id, CAPITAL, amount=eight, about=award, **EVERYBODYS)
    held = queries.balances_of(award)

    assert sources == [A.RESERVED, A.FREE]
    assert (held[A.COMMITTED], held[A.CLAIMED], held[A.PAID]) == (
        Money.pounds(30_000),
        Money(0),
        Money.pounds(12_000),
    )
    assert whole(made.id).committed == fifty
    assert totals_agree(made.id)


def test_p46_what_was_recovered_is_free_only_once_it_is_released(cast: Cast, db: Session) -> None:
    made, award, eight = envelope(cast), an_award(), Money.pounds(8_000)
    for verb in (posting.commit, posting.claim, posting.pay):
        verb(made.id, CAPITAL, amount=Money.pounds(20_000), about=award, **EVERYBODYS)
    posting.recover(made.id, CAPITAL, amount=eight, about=award, **EVERYBODYS)
    assert queries.balances_of(award).paid_net == Money.pounds(12_000)
    assert queries.free(made.id, CAPITAL) == Money.pounds(1_280_000)
    posting.release(made.id, CAPITAL, amount=eight, about=award, out_of=A.RECOVERED, **EVERYBODYS)

    assert queries.free(made.id, CAPITAL) == Money.pounds(1_288_000)
    with pytest.raises(Invalid, match="cannot be released from there"):
        posting.release(made.id, CAPITAL, amount=eight, about=award, out_of=A.PAID, **EVERYBODYS)


def test_p44_a_mistake_is_reversed_once_by_an_equal_and_opposite_entry(cast: Cast, db: Session) -> None:
    made, award = envelope(cast), an_award()
    (entry,) = posting.commit(made.id, CAPITAL, amount=Money.pounds(50_000), about=award, **EVERYBODYS)
    with pytest.raises(Invalid, match="Say why"):
        posting.reverse(entry, reason=" ", by=cast.finance_officer.actor)
    undone = posting.reverse(entry, reason="The wrong award", by=cast.finance_officer.actor)

    assert (undone.source, undone.target, undone.amount) == (A.COMMITTED, A.FREE, Money.pounds(50_000))
    assert queries.free(made.id, CAPITAL) == Money.pounds(1_300_000)
    for again in (entry, undone, next(iter([*queries.every_entry(made.id)]))):
        with pytest.raises(Conflict):
            posting.reverse(again, **EVERYBODYS)
    assert totals_agree(made.id)


def test_p44_what_was_claimed_of_a_commitment_is_reversed_first(cast: Cast, db: Session) -> None:
    made, award = envelope(cast), an_award()
    (entry,) = posting.commit(made.id, CAPITAL, amount=Money.pounds(500), about=award, **EVERYBODYS)
    posting.claim(made.id, CAPITAL, amount=Money.pounds(200), about=award, **EVERYBODYS)
    with pytest.raises(Conflict, match=r"£200\.00 more than is committed and not yet claimed"):
        posting.reverse(entry, reason=REASON, by=cast.finance_officer.actor)


def test_p29_an_envelope_is_not_lowered_below_what_is_committed(cast: Cast, db: Session) -> None:
    made = envelope(cast, Money.pounds(100_000))
    change = changing.propose(
        made, Limits(capital=Money.pounds(60_000)), reason=REASON, by=cast.programme_manager.actor
    )
    posting.commit(made.id, CAPITAL, amount=Money(6_000_001), about=an_award(), **EVERYBODYS)
    with pytest.raises(
        Invalid, match=r"cannot be lowered to £60,000\.00: £60,000\.01 of it is committed or reserved"
    ):
        changing.approve(change, by=cast.approver.actor)
    changing.refuse(change_queries.change(change.id) or change, reason=REASON, by=cast.approver.actor)
    with pytest.raises(Invalid, match=r"£0\.01 more than that"):
        changing.propose(
            made, Limits(capital=Money.pounds(60_000)), reason=REASON, by=cast.programme_manager.actor
        )


def test_p28_the_database_itself_refuses_to_pass_the_limit(cast: Cast, db: Session) -> None:
    made = envelope(cast, Money.pounds(100))
    row = LedgerEntry(envelope_id=made.id, line=CAPITAL, movement="commit", source=A.FREE, target=A.COMMITTED)
    row.amount, row.subject_table, row.subject_id, row.reason = Money(10_001), "award", made.id, REASON
    row.at = made.opened_at
    db.add(row)
    with pytest.raises(DBAPIError, match="within_limit"), db.begin_nested():
        db.flush()


def test_p44_the_database_refuses_a_reversal_that_is_not_the_opposite(cast: Cast, db: Session) -> None:
    made = envelope(cast)
    posting.commit(made.id, CAPITAL, amount=Money.pounds(50), about=an_award(), **EVERYBODYS)
    other = "INSERT INTO ledger_entry (envelope_id, line, movement, source, target, amount, subject_table, subject_id, reason, at, reverses_id) "
    other += "SELECT envelope_id, line, 'reverse', target, source, amount - 1, subject_table, subject_id, reason, at, id "
    other += "FROM ledger_entry WHERE movement = 'commit'"
    with pytest.raises(DBAPIError, match="equal and opposite"), db.begin_nested():
        db.execute(text(other))


def test_nothing_is_promised_after_the_envelope_ended(cast: Cast, db: Session, clock: object) -> None:
    made, award = envelope(cast), an_award()
    posting.reserve(made.id, CAPITAL, amount=Money.pounds(10), about=award, **EVERYBODYS)
    clock.move_to("2028-04-01T09:00:00+01:00")  # type: ignore[attr-defined]
    with pytest.raises(Conflict, match="ended on 31 March 2028"):
        posting.reserve(made.id, CAPITAL, amount=Money.pounds(10), about=award, **EVERYBODYS)
    posting.commit(made.id, CAPITAL, amount=Money.pounds(10), about=award, **EVERYBODYS)

    assert queries.balances_of(award)[A.COMMITTED] == Money.pounds(10)


VERBS = ("reserve", "commit", "claim", "pay", "recover", "release", "reverse")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(VERBS),
        st.integers(-1, 700),
        st.integers(0, 1),
        st.sampled_from([A.RESERVED, A.COMMITTED, A.RECOVERED]),
    ),
    max_size=14,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@pytest.mark.engine("sqlite")
def test_p28_p44_whatever_is_done_the_limit_holds_and_every_total_is_its_sum(
    cast: Cast, db: Session, steps: list[tuple[str, int, int, A]]
) -> None:
    point = db.begin_nested()
    try:
        made, awards = envelope(cast, Money(1_000)), (an_award(), an_award())
        for verb, pence, whose, out_of in steps:
            try_one(made.id, verb, Money(pence), awards[whose], out_of)
            found = whole(made.id)
            assert Money(0) <= found.committed + found.reserved <= found.limited_to == Money(1_000)
        assert totals_agree(made.id)
        assert all(
            sum(held.held.values(), start=Money(0)) == Money(0) for held in queries.sums_by_line().values()
        )
    finally:
        point.rollback()
        db.expunge_all()


def try_one(envelope_id: UUID, verb: str, amount: Money, award: Subject, out_of: A) -> None:
    """Do one thing; what is refused in words leaves nothing behind, and the database is never what refuses."""
    try:
        if verb == "reverse":
            *_, last = queries.every_entry(envelope_id)
            posting.reverse(last, **EVERYBODYS)
        elif verb == "release":
            posting.release(envelope_id, CAPITAL, amount=amount, about=award, out_of=out_of, **EVERYBODYS)
        else:
            getattr(posting, verb)(envelope_id, CAPITAL, amount=amount, about=award, **EVERYBODYS)
    except Refusal:
        pass
