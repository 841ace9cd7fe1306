"""What the page of an envelope draws: a bar to scale, and one point for each month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from crm.funding.envelopes.models import Envelope, LedgerEntry
from crm.funding.envelopes.queries import ledger as queries
from crm.funding.envelopes.rules import Line, month_ends, points
from crm.funding.envelopes.service import posting
from crm.funding.envelopes.views.showing import bar
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from tests.cast import Cast
from tests.client import ConformingClient
from tests.funding.envelopes.money import an_award, envelope


def test_the_months_end_with_today_and_february_ends_when_it_does() -> None:
    found = month_ends(date(2027, 12, 15), date(2028, 3, 10))

    assert found == [date(2027, 12, 31), date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 10)]
    assert len(month_ends(date(2020, 1, 1), date(2026, 1, 1))) == 36


def test_a_line_runs_from_the_ground_to_the_top_and_never_beyond() -> None:
    assert points([Money(0), Money(50), Money(100)], Money(100)) == "0,300 500,150 1000,0"
    assert points([Money(100)], Money(100)) == "0,0 1000,0"
    assert points([Money(0)], Money(0)) == "0,300 1000,300"


def test_the_parts_of_the_bar_fill_it_without_gaps() -> None:
    sums = {"limited_to": 999, "committed": 500, "claimed": 1, "paid": 333, "recovered": 7, "reserved": 100}
    parts = bar(Envelope(**{name: Money(pence) for name, pence in sums.items()}))
    ends = [each.x + each.width for each in parts]

    assert [each.x for each in parts[1:]] == ends[:-1]
    assert ends[-1] == 1_000
    assert sum((each.amount for each in parts), start=Money(0)) == Money(999)


def test_what_was_paid_in_march_and_recorded_in_april_is_drawn_in_march(cast: Cast, db: Session) -> None:
    found, about = envelope(cast), an_award()
    day, told = today() - timedelta(days=40), {"about": about, "reason": "Made", "by": SYSTEM}
    sum_ = Money.pounds(5_000)
    for verb in (posting.commit, posting.claim):
        verb(found.id, Line.CAPITAL, amount=sum_, **told)
    posting.pay(found.id, Line.CAPITAL, amount=sum_, on=day, **told)
    before, then, now = queries.balances_by(found.id, [day - timedelta(days=1), day, today()])

    assert (before.paid_net, then.paid_net, now.paid_net) == (Money(0), sum_, sum_)
    assert now.committed == sum_


@pytest.mark.engine("sqlite")
def test_a_reversal_that_names_no_day_counts_from_the_day_of_what_it_reversed(
    cast: Cast, db: Session
) -> None:
    """Older reversals have no day: what was paid and put right showed as paid twice, above what was committed."""
    found, about, sum_ = envelope(cast), an_award(), Money.pounds(5_000)
    told = {"about": about, "reason": "Made", "by": SYSTEM}
    for verb in (posting.commit, posting.claim):
        verb(found.id, Line.CAPITAL, amount=sum_, **told)
    first, right = today() - timedelta(days=40), today() - timedelta(days=30)
    (paid,) = posting.pay(found.id, Line.CAPITAL, amount=sum_, on=first, **told)
    back = posting.reverse(paid, reason="Wrong day", by=SYSTEM)
    posting.pay(found.id, Line.CAPITAL, amount=sum_, on=right, **told)
    days = [first, right, today()]
    expected = [Money(0), sum_, sum_]
    assert [each.paid_net for each in queries.balances_by(found.id, days)] == expected
    db.execute(text("DROP TRIGGER ledger_entry_no_update"))
    db.execute(update(LedgerEntry).where(LedgerEntry.id == back.id).values(happened_on=None))
    assert [each.paid_net for each in queries.balances_by(found.id, days)] == expected


@pytest.mark.engine("sqlite")
def test_p53_the_list_of_envelopes_asks_the_database_as_often_for_four_as_for_one(
    client: ConformingClient, cast: Cast, db: Session, count_queries: Callable[[], Any]
) -> None:
    asked = []
    client.sign_in(cast.auditor)
    for more in (1, 3):
        for _ in range(more):
            envelope(cast)
        db.expunge_all()
        with count_queries() as statements:
            assert client.get("/envelopes").status_code == 200
        asked.append(len(statements))

    assert asked[0] == asked[1] <= 10
